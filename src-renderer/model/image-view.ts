import { MAX_LEVEL, TILE_SIDE } from '#shared/domain/image.ts';

/**
 * Which part of an image is on screen. Places in an image are counted in full-size pixels from the lower left corner: pixel i
 * covers i to i + 1. On the screen y goes down, in the image up.
 */
export interface ImageView {
  /** Place in the middle of the screen. */
  x: number;
  y: number;
  /** Screen pixels a full-size pixel. */
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Shape of a stored image. */
export interface ImageShape {
  nx: number;
  ny: number;
  /** Full-size pixels a side of each stored one. */
  binning: number;
}

/** Highest magnification, screen pixels a full-size pixel. */
export const MAX_ZOOM = 64;
/** Least magnification, as a share of that at which the whole image is seen. */
const MIN_FIT_SHARE = 0.5;
const FIT_MARGIN = 12;

export function fullSize({ nx, ny, binning }: ImageShape): Size {
  return { width: nx * binning, height: ny * binning };
}

/** The whole image in the middle. */
export function fitView(shape: ImageShape, screen: Size): ImageView {
  const { width, height } = fullSize(shape);
  const room = { width: Math.max(1, screen.width - FIT_MARGIN), height: Math.max(1, screen.height - FIT_MARGIN) };
  return { x: width / 2, y: height / 2, zoom: Math.min(MAX_ZOOM, room.width / width, room.height / height) };
}

export function toScreen(view: ImageView, screen: Size, x: number, y: number): [px: number, py: number] {
  return [screen.width / 2 + (x - view.x) * view.zoom, screen.height / 2 - (y - view.y) * view.zoom];
}

export function toImage(view: ImageView, screen: Size, px: number, py: number): [x: number, y: number] {
  return [view.x + (px - screen.width / 2) / view.zoom, view.y - (py - screen.height / 2) / view.zoom];
}

/** The middle stays on the image, the zoom inside its limits. */
export function confined(view: ImageView, shape: ImageShape, screen: Size): ImageView {
  const { width, height } = fullSize(shape);
  const least = fitView(shape, screen).zoom * MIN_FIT_SHARE;
  return {
    x: Math.min(width, Math.max(0, view.x)),
    y: Math.min(height, Math.max(0, view.y)),
    zoom: Math.min(MAX_ZOOM, Math.max(Math.min(least, 1), view.zoom)),
  };
}

/** Magnified about a place of the screen, which stays where it is. */
export function zoomedAt(view: ImageView, screen: Size, px: number, py: number, zoom: number): ImageView {
  const [x, y] = toImage(view, screen, px, py);
  return { x: x - (px - screen.width / 2) / zoom, y: y + (py - screen.height / 2) / zoom, zoom };
}

/** Moved by screen pixels: the image goes right and down with positive numbers. */
export function moved(view: ImageView, dx: number, dy: number): ImageView {
  return { ...view, x: view.x - dx / view.zoom, y: view.y + dy / view.zoom };
}

/** The reduction at which a reduced pixel is no larger on screen than a screen pixel and more than half of one. */
export function levelFor({ zoom }: ImageView, { nx, ny, binning }: ImageShape): number {
  const wanted = Math.floor(-Math.log2(zoom * binning) + 1e-9);
  const highest = Math.ceil(Math.log2(Math.max(nx, ny, 1)));
  return Math.max(0, Math.min(wanted, highest, MAX_LEVEL));
}

export interface TilePlace {
  level: number;
  column: number;
  row: number;
}

/** Full-size pixels a side of a tile. */
export function tileSpan({ binning }: ImageShape, level: number): number {
  return TILE_SIDE * binning * 2 ** level;
}

/** Tiles of a level that are on screen, those near the middle first. */
export function visibleTiles(view: ImageView, shape: ImageShape, screen: Size, level: number): TilePlace[] {
  const span = tileSpan(shape, level);
  const [left, top] = toImage(view, screen, 0, 0);
  const [right, bottom] = toImage(view, screen, screen.width, screen.height);
  const { width, height } = fullSize(shape);
  const first = (low: number): number => Math.max(0, Math.floor(low / span));
  const last = (high: number, most: number): number => Math.min(Math.ceil(most / span) - 1, Math.floor(high / span));
  const tiles: (TilePlace & { far: number })[] = [];
  for (let row = first(bottom); row <= last(top, height); row++) {
    for (let column = first(left); column <= last(right, width); column++) {
      const far = Math.hypot((column + 0.5) * span - view.x, (row + 0.5) * span - view.y);
      tiles.push({ level, column, row, far });
    }
  }
  tiles.sort((a, b) => a.far - b.far);
  return tiles.map(({ column, row }) => ({ level, column, row }));
}

/** The stored pixel under a place of the screen; null beside the image. */
export function pixelAt(
  view: ImageView,
  shape: ImageShape,
  screen: Size,
  px: number,
  py: number,
): { x: number; y: number } | null {
  const [fullX, fullY] = toImage(view, screen, px, py);
  const x = Math.floor(fullX / shape.binning);
  const y = Math.floor(fullY / shape.binning);
  return x >= 0 && y >= 0 && x < shape.nx && y < shape.ny ? { x, y } : null;
}
