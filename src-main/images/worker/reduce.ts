import { TILE_SIDE, type ImageTile, type Reduction } from '#shared/domain/image.ts';
import type { Samples } from '#shared/fits/image-statistics.ts';
import type { DecodedImage } from './decoded-image.ts';

/** A whole image at a reduction; index y·nx + x. */
export interface Level {
  nx: number;
  ny: number;
  samples: Samples;
}

/**
 * An image reduced by 2^level a side. Undefined pixels count for nothing; where all are undefined the result is. Blocks at
 * the upper edges may be of fewer pixels.
 */
export function reduceImage(image: DecodedImage, level: number, reduction: Reduction): Level {
  if (level === 0) return { nx: image.nx, ny: image.ny, samples: image.samples };
  const n = 2 ** level;
  const nx = Math.ceil(image.nx / n);
  const ny = Math.ceil(image.ny / n);
  const samples = new Float32Array(nx * ny);
  const rows = { mean: meanRow, max: maxRow, or: orRow }[reduction];
  for (let row = 0; row < ny; row++) {
    const last = Math.min(row * n + n, image.ny);
    rows(image.samples, image.nx, row * n, last, n, samples.subarray(row * nx, (row + 1) * nx));
  }
  return { nx, ny, samples };
}

type ReduceRows = (samples: Samples, width: number, from: number, to: number, n: number, out: Float32Array) => void;

const meanRow: ReduceRows = (samples, width, from, to, n, out) => {
  const sums = new Float64Array(out.length);
  const counts = new Uint32Array(out.length);
  for (let y = from; y < to; y++) addRow(samples, y * width, width, n, sums, counts);
  for (let i = 0; i < out.length; i++) out[i] = counts[i] === 0 ? NaN : sums[i]! / counts[i]!;
};

function addRow(
  samples: Samples,
  start: number,
  width: number,
  n: number,
  sums: Float64Array,
  counts: Uint32Array,
): void {
  for (let bin = 0, i = start; i < start + width; bin++) {
    const end = Math.min(i + n, start + width);
    let sum = 0;
    let count = 0;
    for (; i < end; i++) {
      const value = samples[i]!;
      if (value === value) {
        sum += value;
        count += 1;
      }
    }
    sums[bin]! += sum;
    counts[bin]! += count;
  }
}

const maxRow: ReduceRows = (samples, width, from, to, n, out) => {
  out.fill(NaN);
  for (let y = from; y < to; y++) {
    const start = y * width;
    for (let bin = 0, i = start; i < start + width; bin++) {
      const end = Math.min(i + n, start + width);
      let most = out[bin]!;
      for (; i < end; i++) {
        const value = samples[i]!;
        // True too where nothing was defined so far.
        if (!(value <= most) && value === value) most = value;
      }
      out[bin] = most;
    }
  }
};

const orRow: ReduceRows = (samples, width, from, to, n, out) => {
  const bits = new Uint32Array(out.length);
  for (let y = from; y < to; y++) {
    const start = y * width;
    for (let bin = 0, i = start; i < start + width; bin++) {
      const end = Math.min(i + n, start + width);
      let any = 0;
      for (; i < end; i++) any |= samples[i]!;
      bits[bin]! |= any;
    }
  }
  // Single precision holds the 24 lowest bits; masks of CCDs use fewer.
  for (let i = 0; i < out.length; i++) out[i] = bits[i]! & 0xffffff;
};

/** A tile of a level; null outside of it. */
export function tileOf({ nx, ny, samples }: Level, column: number, row: number): ImageTile | null {
  const x0 = column * TILE_SIDE;
  const y0 = row * TILE_SIDE;
  if (x0 >= nx || y0 >= ny) return null;
  const width = Math.min(TILE_SIDE, nx - x0);
  const height = Math.min(TILE_SIDE, ny - y0);
  const type = samples instanceof Uint16Array ? 'u16' : 'f32';
  const data = type === 'u16' ? new Uint16Array(width * height) : new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * nx + x0;
    data.set(samples.subarray(from, from + width), y * width);
  }
  return { width, height, type, data: data.buffer };
}
