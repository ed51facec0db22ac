import { expid8 } from '#shared/domain/exposure.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import { timelineSpan, timelineTicks } from '#shared/domain/timeline.ts';
import { html, NOTHING, type Markup } from './html.ts';

const WIDTH = 1000;
const TOP = 22;
const BAR = 44;
const HEIGHT = 112;

const at = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

/** Exposures and gaps of a night along its hours, as a drawing for the report's page. */
export function timelineSvg(report: NightReport): Markup {
  const span = timelineSpan(report);
  if (!span) return html`<p>No exposure with a known begin.</p>`;
  const x = (ms: number): number => Math.round(((ms - span.from) / (span.to - span.from)) * WIDTH * 10) / 10;
  const bars = report.exposures.map((one) => {
    if (one.from === null || one.to === null) return NOTHING;
    const science = one.program !== null && (one.flavor === 'science' || one.flavor === 'object');
    const height = science ? BAR : BAR * 0.45;
    const width = Math.max(1.5, x(one.to) - x(one.from) - 0.6);
    const fill = one.status === 'superseded' ? '#fff' : science ? '#5c6773' : '#a9b3bf';
    const off =
      one.status === 'alarm' || one.status === 'failed' || one.status === 'missing' || one.status === 'warning';
    return html`<g
      ><title>${expid8(one.expid)} ${one.status} ${one.finding}</title
      ><rect
        x="${x(one.from)}"
        y="${TOP + BAR - height}"
        width="${width}"
        height="${height}"
        fill="${fill}"
        stroke="#4a5461"
        stroke-width=".5"
      />${
        off
          ? html`<text
              x="${x(one.from) + width / 2}"
              y="${TOP - 6}"
              font-size="12"
              font-weight="700"
              text-anchor="middle"
              fill="${one.status === 'warning' ? '#8a5a00' : one.status === 'alarm' ? '#c22615' : '#6b35b8'}"
              >${one.status === 'warning' ? '\u25b3' : one.status === 'alarm' ? '\u25a0' : '\u2715'}</text
            >`
          : NOTHING
      }</g
    >`;
  });
  const gaps = report.gaps.map(
    ({ from, to }) =>
      html`<g
        ><title>gap ${at(from)} to ${at(to)}</title
        ><rect
          x="${x(from)}"
          y="${TOP}"
          width="${Math.max(1, x(to) - x(from))}"
          height="${BAR}"
          fill="url(#lost)"
          stroke="#7b8794"
          stroke-width=".5"
      /></g>`,
  );
  const ticks = timelineTicks(span).map(
    (tick) =>
      html`<path d="M${x(tick)} ${TOP + BAR}v6" stroke="#4a5461" /><text
          x="${x(tick)}"
          y="${TOP + BAR + 19}"
          font-size="11"
          text-anchor="middle"
          fill="#4a5461"
          >${at(tick)}</text
        >`,
  );
  const twilight = [report.dusk, report.dawn]
    .filter((ms) => ms > span.from && ms < span.to)
    .map(
      (ms) =>
        html`<path d="M${x(ms)} ${TOP - 4}v${BAR + 8}" stroke="#14181d" stroke-dasharray="3 2" /><text
            x="${x(ms)}"
            y="${HEIGHT - 6}"
            font-size="11"
            text-anchor="middle"
            fill="#14181d"
            >18° twilight</text
          >`,
    );
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Timeline of the night">
    <defs>
      <pattern id="lost" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v6" stroke="#7b8794" stroke-width="2.4" />
      </pattern>
    </defs>
    <path d="M0 ${TOP + BAR}H${WIDTH}" stroke="#4a5461" />
    ${gaps}${bars}${ticks}${twilight}
  </svg>`;
}
