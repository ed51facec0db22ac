import type { CameraDesign } from './camera-design.ts';

export const AMPLIFIERS = ['A', 'B', 'C', 'D'] as const;
/** A lower left, B lower right, C upper left, D upper right. */
export type Amplifier = (typeof AMPLIFIERS)[number];

/** Columns and rows from..to, counted from 0, `to` not included. */
export interface Section {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Where an amplifier's pixels lie: `ccd` on the trimmed CCD, the others in the raw frame. */
export interface AmplifierSections {
  readonly ccd: Section;
  readonly data: Section;
  readonly prescan: Section;
  readonly overscan: Section;
  readonly rowPrescan: Section;
  readonly rowOverscan: Section;
}

export interface CcdLayout {
  readonly rawColumns: number;
  readonly rawRows: number;
  readonly sections: Readonly<Record<Amplifier, AmplifierSections>>;
}

/**
 * A raw row is prescan, data and overscan of the left amplifier, then overscan, data and prescan of the right one; rows
 * are stacked likewise. So the overscans meet in the middle of the frame.
 */
export function ccdLayout(design: CameraDesign): CcdLayout {
  const { columns, rows, prescan, overscan, rowPrescan, rowOverscan } = design;
  const rawColumns = columns + 2 * (prescan + overscan);
  const rawRows = rows + 2 * (rowPrescan + rowOverscan);
  const horizontal = axisOf(columns / 2, prescan, overscan, rawColumns);
  const vertical = axisOf(rows / 2, rowPrescan, rowOverscan, rawRows);
  const sectionsOf = (right: boolean, top: boolean): AmplifierSections => {
    const h = horizontal(right);
    const v = vertical(top);
    return {
      ccd: section(h.ccd, v.ccd),
      data: section(h.data, v.data),
      prescan: section(h.before, v.data),
      overscan: section(h.after, v.data),
      rowPrescan: section(h.data, v.before),
      rowOverscan: section(h.data, v.after),
    };
  };
  return {
    rawColumns,
    rawRows,
    sections: {
      A: sectionsOf(false, false),
      B: sectionsOf(true, false),
      C: sectionsOf(false, true),
      D: sectionsOf(true, true),
    },
  };
}

/** A section as a FITS header has it: counted from 1, both ends included. */
export function formatSection({ x0, x1, y0, y1 }: Section): string {
  return `[${x0 + 1}:${x1}, ${y0 + 1}:${y1}]`;
}

type Range = readonly [number, number];

function axisOf(size: number, before: number, after: number, raw: number) {
  return (far: boolean): { ccd: Range; data: Range; before: Range; after: Range } => {
    const place = (start: number, length: number): Range =>
      far ? [raw - start - length, raw - start] : [start, start + length];
    return {
      ccd: far ? [size, 2 * size] : [0, size],
      data: place(before, size),
      before: place(0, before),
      after: place(before + size, after),
    };
  };
}

function section([x0, x1]: Range, [y0, y1]: Range): Section {
  return { x0, x1, y0, y1 };
}
