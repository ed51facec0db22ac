import { TILE_SIDE } from '#shared/domain/image.ts';
import type { ValueRange } from '../../model/image-scale.ts';
import {
  toImage,
  toScreen,
  tileSpan,
  type ImageShape,
  type ImageView,
  type Size,
  type TilePlace,
} from '../../model/image-view.ts';
import type { ColorTable } from './color-maps.ts';

/** Values of a tile, row after row from the lowest. */
export interface TileValues {
  width: number;
  height: number;
  values: Float32Array | Uint16Array;
}

/** Gives the tile of a place, or undefined where it is not here. */
export type TileLookup = (place: TilePlace) => TileValues | undefined;

interface Block {
  /** Screen pixels, half-open. */
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  tile: TileValues;
  /** Stored pixel of the tile for each screen column and row of the block. */
  columns: Int32Array;
  rows: Int32Array;
}

/** Coarser tiles that stand in while the right one is on its way. */
const STAND_INS = 5;

/** The tile of a place, or of the least coarser one that is here. */
export function withStandIn(lookup: TileLookup, place: TilePlace): { tile: TileValues; place: TilePlace } | undefined {
  for (let up = 0; up <= STAND_INS; up++) {
    const coarser = { level: place.level + up, column: place.column >> up, row: place.row >> up };
    const tile = lookup(coarser);
    if (tile) return { tile, place: coarser };
  }
  return undefined;
}

/** Where a tile's place falls on the screen, and which stored pixel each screen pixel shows: the one its middle is in. */
function blockOf(
  place: TilePlace,
  source: { tile: TileValues; place: TilePlace },
  view: ImageView,
  shape: ImageShape,
  screen: Size,
): Block | undefined {
  const span = tileSpan(shape, place.level);
  const [left, bottom] = toScreen(view, screen, place.column * span, place.row * span);
  const [right, top] = toScreen(view, screen, (place.column + 1) * span, (place.row + 1) * span);
  const x0 = Math.max(0, Math.ceil(left - 0.5));
  const x1 = Math.min(screen.width, Math.ceil(right - 0.5));
  const y0 = Math.max(0, Math.ceil(top - 0.5));
  const y1 = Math.min(screen.height, Math.ceil(bottom - 0.5));
  if (x1 <= x0 || y1 <= y0) return undefined;
  const pixel = tileSpan(shape, source.place.level) / TILE_SIDE;
  // Exactly on the border of two tiles rounding must not lead out of this one.
  const inTile = (at: number, own: number, its: number): number => {
    const first = (own * span) / pixel - its * TILE_SIDE;
    return Math.min(first + span / pixel - 1, Math.max(first, Math.floor(at / pixel) - its * TILE_SIDE));
  };
  const columns = new Int32Array(x1 - x0);
  for (let i = 0; i < columns.length; i++) {
    const [x] = toImage(view, screen, x0 + i + 0.5, 0);
    columns[i] = inTile(x, place.column, source.place.column);
  }
  const rows = new Int32Array(y1 - y0);
  for (let i = 0; i < rows.length; i++) {
    const [, y] = toImage(view, screen, 0, y0 + i + 0.5);
    rows[i] = inTile(y, place.row, source.place.row);
  }
  return { x0, x1, y0, y1, tile: source.tile, columns, rows };
}

/** Colours one block; stored pixels beyond the tile are beside the image. */
function paintBlock(out: Uint32Array, width: number, block: Block, { low, high }: ValueRange, table: ColorTable): void {
  const { x0, x1, y0, tile, columns, rows } = block;
  const { values } = tile;
  const { colors, nothing } = table;
  const last = colors.length - 1;
  const scale = colors.length / (high - low);
  let from = 0;
  let to = x1 - x0;
  while (from < to && columns[from]! < 0) from++;
  while (to > from && columns[to - 1]! >= tile.width) to--;
  for (let j = 0; j < rows.length; j++) {
    const row = rows[j]!;
    if (row < 0 || row >= tile.height) continue;
    const start = row * tile.width;
    let at = (y0 + j) * width + x0 + from;
    for (let i = from; i < to; i++) {
      const value = values[start + columns[i]!]!;
      let color = nothing;
      if (value === value) {
        const place = (value - low) * scale;
        color = colors[place <= 0 ? 0 : place >= last ? last : place | 0]!;
      }
      out[at++] = color;
    }
  }
}

function paintMask(out: Uint32Array, width: number, block: Block, bits: number, color: number): void {
  const { x0, y0, tile, columns, rows } = block;
  for (let j = 0; j < rows.length; j++) {
    const row = rows[j]!;
    if (row < 0 || row >= tile.height) continue;
    const start = row * tile.width;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (column < 0 || column >= tile.width) continue;
      if ((tile.values[start + column]! & bits) !== 0) out[(y0 + j) * width + x0 + i] = color;
    }
  }
}

/** An image that can be composed: its tiles, its shape and the tiles of the level that are on screen. */
export interface Composed {
  lookup: TileLookup;
  shape: ImageShape;
  places: readonly TilePlace[];
}

/**
 * Draws the visible part of an image into `out` (screen.width × screen.height, packed as ImageData), screen pixel by screen
 * pixel without smoothing: what it costs depends on the screen alone.
 * @returns whether every tile was there in its own resolution
 */
export function composeImage(
  out: Uint32Array,
  screen: Size,
  view: ImageView,
  image: Composed,
  range: ValueRange,
  table: ColorTable,
): boolean {
  out.fill(table.outside);
  let complete = true;
  for (const place of image.places) {
    const source = withStandIn(image.lookup, place);
    if (source?.place.level !== place.level) complete = false;
    const block = source && blockOf(place, source, view, image.shape, screen);
    if (block) paintBlock(out, screen.width, block, range, table);
  }
  return complete;
}

/** Draws mask bits over what is there. */
export function composeMask(
  out: Uint32Array,
  screen: Size,
  view: ImageView,
  mask: Composed,
  bits: number,
  color: number,
): void {
  for (const place of mask.places) {
    const source = withStandIn(mask.lookup, place);
    const block = source && blockOf(place, source, view, mask.shape, screen);
    if (block) paintMask(out, screen.width, block, bits, color);
  }
}
