import type { Outcome } from '#shared/domain/history.ts';
import { html, Markup } from './html.ts';

const WORDS: Readonly<Record<Outcome, string>> = {
  alarm: 'alarm',
  failed: 'failed',
  missing: 'missing',
  cancelled: 'cancelled',
  warning: 'warning',
  unknown: 'unknown',
  running: 'running',
  waiting: 'waiting',
  normal: 'normal',
  superseded: 'superseded',
  'not-expected': 'registered',
};

/** Each status has a shape of its own, so that a copy without colour says the same. */
const SHAPES: Readonly<Record<Outcome, string>> = {
  alarm:
    '<rect x="1" y="1" width="10" height="10" fill="#c22615"/><path d="M6 3v4" stroke="#fff" stroke-width="1.6"/><circle cx="6" cy="9" r=".9" fill="#fff"/>',
  failed: '<path d="m2 2 8 8M10 2 2 10" stroke="#6b35b8" stroke-width="2.2"/>',
  missing:
    '<circle cx="6" cy="6" r="4.4" fill="none" stroke="#6b35b8" stroke-width="1.4" stroke-dasharray="2 1.4"/><path d="m3 9 6-6" stroke="#6b35b8" stroke-width="1.4"/>',
  cancelled:
    '<circle cx="6" cy="6" r="4.4" fill="none" stroke="#4a5461" stroke-width="1.2"/><path d="m4 4 4 4M8 4 4 8" stroke="#4a5461" stroke-width="1.2"/>',
  warning:
    '<path d="M6 1.2 11.2 10.8H.8Z" fill="none" stroke="#8a5a00" stroke-width="1.4"/><path d="M6 4.6v3" stroke="#8a5a00" stroke-width="1.3"/><circle cx="6" cy="9" r=".8" fill="#8a5a00"/>',
  unknown:
    '<circle cx="6" cy="6" r="4.6" fill="none" stroke="#4a5461" stroke-width="1.2"/><path d="M4.6 5c0-2 3-2 3 0 0 1.2-1.5 1.1-1.5 2.2" fill="none" stroke="#4a5461" stroke-width="1.1"/><circle cx="6.1" cy="8.8" r=".7" fill="#4a5461"/>',
  running: '<circle cx="6" cy="6" r="4" fill="none" stroke="#1b62b5" stroke-width="1.8" stroke-dasharray="19 7"/>',
  waiting: '<circle cx="6" cy="6" r="3" fill="none" stroke="#7b8794" stroke-width="1.2"/>',
  normal: '<circle cx="6" cy="6" r="2.6" fill="#5c6773"/>',
  superseded: '<path d="M2 3.4 5 6 2 8.6M6.5 3.4l3 2.6-3 2.6" fill="none" stroke="#7b8794" stroke-width="1.2"/>',
  'not-expected': '<path d="M2.6 6h6.8" stroke="#7b8794" stroke-width="1.4"/>',
};

/** A status as its shape. */
export const glyph = (status: Outcome): Markup =>
  new Markup(`<svg width="12" height="12" aria-hidden="true">${SHAPES[status]}</svg>`);
/** A status as its shape and its word. */
export const said = (status: Outcome): Markup => html`<span class="s">${glyph(status)}${WORDS[status]}</span>`;

/** '5 h 12'. */
export const hours = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')}`;
};
/** '08:41'; empty for no time. */
export const utc = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString().slice(11, 16));
/** Mountain Standard Time, all year. */
export const local = (ms: number): string => utc(ms - 7 * 3_600_000);
/** A number, or a dash where there is none. */
export const fixed = (value: number | null, digits: number): string =>
  value === null ? '\u2013' : value.toFixed(digits);
/** A part of a whole in percent. */
export const percent = (part: number, whole: number): string =>
  whole > 0 ? `${String(Math.round((100 * part) / whole))}%` : '';
