import type { Reduction } from '#shared/domain/image.ts';
import type { Traces } from '../../model/fiber-finder.ts';
import type { ValueRange } from '../../model/image-scale.ts';
import type { ImageShape, ImageView, Size, TilePlace } from '../../model/image-view.ts';
import type { ColorTable } from './color-maps.ts';
import type { TileValues } from './compose.ts';
import type { Overlay, OverlayInk } from './overlay.ts';

/** An image as the painter knows it: its tiles were sent under this number. */
export interface PaintedLayer {
  layer: number;
  shape: ImageShape;
  /** Tiles of the level on screen, those near the middle first. */
  places: readonly TilePlace[];
}

/** All of one drawing but for what is sent on its own when it changes: tiles, colours and traces. */
export interface Picture extends Omit<Overlay, 'view' | 'shape' | 'traces'> {
  screen: Size;
  /** Null before there is an image. */
  view: ImageView | null;
  image: PaintedLayer | null;
  mask: PaintedLayer | null;
  maskBits: number;
  /** Packed as in ColorTable. */
  maskColor: number;
  /** Null before it is known. */
  range: ValueRange | null;
  reduction: Reduction;
  ink: OverlayInk;
}

/** Messages from the page to the thread that paints. */
export type ToPainter =
  | { kind: 'start'; image: OffscreenCanvas; overlay: OffscreenCanvas }
  | { kind: 'table'; table: ColorTable }
  | { kind: 'traces'; traces: Traces | null }
  | { kind: 'tile'; key: string; tile: TileValues }
  | { kind: 'forget'; keys: string[] }
  | { kind: 'draw'; picture: Picture };

/** Name of a tile between page and painter. */
export function tileKey(layer: number, { level, column, row }: TilePlace, reduction: Reduction): string {
  return `${layer} ${level} ${column} ${row} ${reduction}`;
}
