/** What the page tells the worker in which fitsjs reads. */
export type ToFitsjs =
  { kind: 'open'; size: number } | { kind: 'bytes'; id: number; data: ArrayBuffer } | { kind: 'no-bytes'; id: number };

/** A header card as fitsjs understands it. */
export type FitsjsCard = readonly [keyword: string, value: string | number | boolean | null];

/** An HDU as fitsjs understands it. */
export interface FitsjsHdu {
  /** Image, CompressedImage, BinaryTable or Table; null without data. */
  type: string | null;
  cards: FitsjsCard[];
}

/** What the worker tells the page. */
export type FromFitsjs =
  | { kind: 'read'; id: number; offset: number; length: number }
  | { kind: 'done'; hdus: FitsjsHdu[] }
  | { kind: 'failed'; reason: string };
