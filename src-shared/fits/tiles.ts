import { FitsError } from './fits-error.ts';
import { axesOf, bitpixOf } from './hdu.ts';
import type { Header } from './header.ts';

/** How an image is cut into tiles; tile n is row n of the compressed table, the first axis running fastest. */
export interface TileGrid {
  axes: readonly number[];
  tile: readonly number[];
  /** Number of tiles along each axis. */
  counts: readonly number[];
  total: number;
  /** Tiles are consecutive runs of pixels (whole rows), so that they can be decoded in place. */
  contiguous: boolean;
}

/** What the Z keywords say of a compressed image. */
export interface CompressedLayout {
  grid: TileGrid;
  /** BITPIX of the image. */
  bitpix: 8 | 16 | 32 | 64 | -32 | -64;
  pixels: number;
  method: string;
  parameters: ReadonlyMap<string, number>;
  quantize: string;
  /** ZDITHER0: where the dithering sequence begins, 1 to 10000. */
  ditherSeed: number;
}

/** Images larger than this are not taken into memory. */
const MAX_IMAGE_BYTES = 2 ** 30;

/** @throws FitsError `bad-header`, `too-large` */
export function layoutOf(header: Header): CompressedLayout {
  const bitpix = bitpixOf(header, 'ZBITPIX');
  const axes = axesOf(header, 'ZNAXIS');
  const pixels = axes.length === 0 ? 0 : axes.reduce((product, axis) => product * axis, 1);
  if (pixels * (Math.abs(bitpix) / 8) > MAX_IMAGE_BYTES) {
    throw new FitsError('too-large', `the compressed image has ${pixels} pixels`);
  }
  const tile = axes.map((axis, i) => {
    const size = header.number(`ZTILE${i + 1}`) ?? (i === 0 ? axis : 1);
    if (!Number.isSafeInteger(size) || size < 0 || (size === 0 && axis > 0)) {
      throw new FitsError('bad-header', `ZTILE${i + 1} = ${size}`);
    }
    return Math.min(size, axis);
  });
  return {
    grid: gridOf(axes, tile),
    bitpix,
    pixels,
    method: header.requireText('ZCMPTYPE').toUpperCase(),
    parameters: parametersOf(header),
    quantize: (header.text('ZQUANTIZ') ?? 'NO_DITHER').toUpperCase(),
    ditherSeed: header.number('ZDITHER0') ?? 1,
  };
}

function parametersOf(header: Header): Map<string, number> {
  const parameters = new Map<string, number>();
  for (let n = 1; header.has(`ZNAME${n}`); n++) {
    const value = header.number(`ZVAL${n}`);
    if (value !== undefined) parameters.set((header.text(`ZNAME${n}`) ?? '').toUpperCase(), value);
  }
  return parameters;
}

export function gridOf(axes: readonly number[], tile: readonly number[]): TileGrid {
  const counts = axes.map((axis, i) => (axis === 0 ? 0 : Math.ceil(axis / tile[i]!)));
  const total = counts.length === 0 ? 0 : counts.reduce((product, count) => product * count, 1);
  // Consecutive when every axis before the last cut one is whole and every one after it is cut to single steps.
  let contiguous = true;
  for (let i = 0; i + 1 < axes.length; i++) {
    const whole = tile[i] === axes[i];
    const rest = tile.slice(i + 1).every((size) => size === 1);
    contiguous &&= whole || rest;
  }
  return { axes, tile, counts, total, contiguous };
}

/** Calls `run(offset, length, from)` for each row of pixels of a tile: `from` counts in the tile, `offset` in the image. */
export function forEachTileRow(
  grid: TileGrid,
  tileIndex: number,
  run: (offset: number, length: number, from: number) => void,
): void {
  const { starts, sizes } = tileBounds(grid, tileIndex);
  const length = sizes[0]!;
  const rows = sizes.slice(1).reduce((product, size) => product * size, 1);
  const at = starts.slice();
  for (let row = 0; row < rows; row++) {
    let offset = 0;
    for (let i = grid.axes.length - 1; i >= 0; i--) offset = offset * grid.axes[i]! + at[i]!;
    run(offset, length, row * length);
    for (let i = 1; i < at.length; i++) {
      at[i]! += 1;
      if (at[i]! < starts[i]! + sizes[i]!) break;
      at[i] = starts[i]!;
    }
  }
}

/** Pixels in a tile; tiles at the far edges may be smaller. */
export function tileLength(grid: TileGrid, tileIndex: number): number {
  return tileBounds(grid, tileIndex).sizes.reduce((product, size) => product * size, 1);
}

/** Place of a tile's first pixel in the image. */
export function tileOffset(grid: TileGrid, tileIndex: number): number {
  const { starts } = tileBounds(grid, tileIndex);
  let offset = 0;
  for (let i = grid.axes.length - 1; i >= 0; i--) offset = offset * grid.axes[i]! + starts[i]!;
  return offset;
}

function tileBounds(grid: TileGrid, tileIndex: number): { starts: number[]; sizes: number[] } {
  const starts: number[] = [];
  const sizes: number[] = [];
  let rest = tileIndex;
  grid.axes.forEach((axis, i) => {
    const count = grid.counts[i]!;
    const start = (rest % count) * grid.tile[i]!;
    rest = Math.floor(rest / count);
    starts.push(start);
    sizes.push(Math.min(grid.tile[i]!, axis - start));
  });
  return { starts, sizes };
}
