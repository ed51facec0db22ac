import type { Header } from './header.ts';

/** Half-open pixel rectangle, 0-based: x0 ≤ x < x1, y0 ≤ y < y1. */
export interface Section {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** Amplifier identities: `A`/`1` lower left, `B`/`2` lower right, `C`/`3` upper left, `D`/`4` upper right. */
export type AmpId = 'A' | 'B' | 'C' | 'D' | '1' | '2' | '3' | '4';

const AMP_IDS: readonly AmpId[] = ['A', 'B', 'C', 'D', '1', '2', '3', '4'];

/**
 * Reads a FITS section, `[x1:x2, y1:y2]` counted from 1 with both ends included, as a half-open rectangle counted from 0.
 * @throws Error when the text is none
 */
export function parseSection(text: string): Section {
  const match = /^\s*\[\s*(\d+)\s*:\s*(\d+)\s*,\s*(\d+)\s*:\s*(\d+)\s*\]\s*$/.exec(text);
  if (!match) throw new Error(`'${text}' is no image section of the form [x1:x2,y1:y2]`);
  const [x1, x2, y1, y2] = match.slice(1).map(Number) as [number, number, number, number];
  if (x1 < 1 || y1 < 1 || x2 < x1 || y2 < y1) throw new Error(`the image section '${text}' is empty`);
  return { x0: x1 - 1, x1: x2, y0: y1 - 1, y1: y2 };
}

/**
 * The section of a keyword such as BIASSECA; undefined when the header has none.
 * @throws Error naming the keyword when it makes no sense or lies outside an image of nx × ny pixels
 */
export function sectionOf(header: Header, keyword: string, nx: number, ny: number): Section | undefined {
  const text = header.text(keyword);
  if (text === undefined) return undefined;
  let section: Section;
  try {
    section = parseSection(text);
  } catch (error) {
    throw new Error(`${keyword}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (section.x1 > nx || section.y1 > ny) {
    throw new Error(`${keyword} = ${text} lies outside the image of ${nx} × ${ny} pixels`);
  }
  return section;
}

/**
 * The amplifiers that read the CCD out: those with an overscan section, four or (in two-amplifier readout) two of them.
 * @throws Error when there is none, or when one of four is missing
 */
export function ampIds(header: Header): AmpId[] {
  const ids = AMP_IDS.filter((id) => header.has(`BIASSEC${id}`));
  if (ids.length === 0) {
    throw new Error('the header has no BIASSECA … BIASSECD or BIASSEC1 … BIASSEC4: the amplifiers are unknown');
  }
  if (ids.length === 3) {
    const missing = AMP_IDS.find((id) => !ids.includes(id) && id >= 'A' === ids.every((other) => other >= 'A'));
    throw new Error(`the keyword BIASSEC${missing ?? ''} is missing: three amplifiers cannot have read the CCD out`);
  }
  return ids;
}

export const widthOf = (section: Section): number => section.x1 - section.x0;
export const heightOf = (section: Section): number => section.y1 - section.y0;
