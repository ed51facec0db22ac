import { IMAGE_KERNEL } from './image-kernel.ts';

/** How counts of one row become electrons: (counts − level − rowLevel)·gain, variance max(electrons, 0) + noise2. */
export interface RowCalibration {
  level: number;
  rowLevel: number;
  gain: number;
  noise2: number;
  saturation: number;
}

/** Loops over the pixels of one image in the kernel's memory. Indices are those of its arrays. */
export interface ImageKernel {
  /** Fills `count` pixels and inverse variances from `to` on; true when any of the counts reaches saturation. */
  fillUint16(counts: Uint16Array, to: number, calibration: RowCalibration): boolean;
  /**
   * Pixels above `least` that are sharper along some axis than `gradients` (mean of the neighbours over the pixel) allow;
   * some too many, never one too few. Null when they are too many to list.
   */
  findPointed(nx: number, ny: number, least: number, gradients: readonly number[]): Int32Array | null;
  /** How many of `count` pixels from `from` on are above a threshold. */
  countAbove(from: number, count: number, threshold: number): number;
  /** How many of `count` pixels from `from` on are masked. */
  countMasked(from: number, count: number): number;
  /** Sets all masked pixels to 0. */
  clearMasked(): void;
  /** Means over n × n pixels that are not masked (NaN where all are), in rows of ⌈nx/n⌉; masked pixels must be 0. */
  binMeans(nx: number, ny: number, n: number): Float32Array | null;
}

interface Exports {
  fillUint16(
    raw: number,
    pix: number,
    ivar: number,
    count: number,
    level: number,
    rowLevel: number,
    gain: number,
    noise2: number,
    saturation: number,
  ): number;
  findPointed(
    pix: number,
    nx: number,
    ny: number,
    least: number,
    alongX: number,
    alongY: number,
    rising: number,
    falling: number,
    out: number,
    room: number,
  ): number;
  countAbove(values: number, count: number, threshold: number): number;
  countMarked(marks: number, count: number): number;
  clearMarked(pix: number, marks: number, count: number): void;
  binMeans(pix: number, marks: number, nx: number, ny: number, n: number, out: number): void;
}

const PAGE = 65_536;
/** Bytes for the counts of a row, at the beginning. */
const ROW_BYTES = 2 * PAGE;
/** Pixels that findPointed can list, and that a binned image can have; they follow the row. */
const ROOM = 5 << 18;
const IMAGE_START = ROW_BYTES + 4 * ROOM;
/** A group of four pixels, the least that the kernel works on. */
const GROUP = 4;
/** Single precision may lose this much of a product of doubles. */
const SLACK = 1 + 1e-6;

export interface KernelImage {
  pix: Float32Array;
  ivar: Float32Array;
  mask: Uint8Array;
  kernel: ImageKernel;
}

export interface ImageMemory {
  /** Arrays of so many pixels, valid until the next call; null when there is not so much memory. */
  image(pixels: number): KernelImage | null;
}

/** Memory of the kernel in WebAssembly; null where there is none with vectors. */
export function createImageMemory(): ImageMemory | null {
  const memory = new WebAssembly.Memory({ initial: IMAGE_START / PAGE });
  let exported: Exports;
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(IMAGE_KERNEL), { env: { memory } });
    exported = instance.exports as unknown as Exports;
  } catch {
    return null;
  }
  return {
    image(pixels) {
      const pix = IMAGE_START;
      const ivar = pix + 4 * pixels + padding(4 * pixels);
      const mask = ivar + 4 * pixels + padding(4 * pixels);
      const missing = mask + pixels - memory.buffer.byteLength;
      if (missing > 0) {
        try {
          memory.grow(Math.ceil(missing / PAGE));
        } catch {
          return null;
        }
      }
      const { buffer } = memory;
      return {
        pix: new Float32Array(buffer, pix, pixels),
        ivar: new Float32Array(buffer, ivar, pixels),
        mask: new Uint8Array(buffer, mask, pixels),
        kernel: kernelFor(exported, buffer, { pix, ivar, mask, pixels }),
      };
    },
  };
}

const padding = (bytes: number): number => (16 - (bytes % 16)) % 16;

/** Where the arrays of an image begin, bytes. */
interface Places {
  pix: number;
  ivar: number;
  mask: number;
  pixels: number;
}

function kernelFor(exported: Exports, buffer: ArrayBuffer, { pix, ivar, mask, pixels }: Places): ImageKernel {
  const row = new Uint16Array(buffer, 0, ROW_BYTES / 2);
  return {
    fillUint16(counts, to, { level, rowLevel, gain, noise2, saturation }) {
      const n = counts.length;
      if (n < GROUP || n > row.length) throw new RangeError(`a row of ${n} pixels does not fit the kernel`);
      row.set(counts);
      return exported.fillUint16(0, pix + 4 * to, ivar + 4 * to, n, level, rowLevel, gain, noise2, saturation) !== 0;
    },
    findPointed(nx, ny, least, gradients) {
      if (nx < GROUP + 2) return null;
      const [x = 0, y = 0, rising = 0, falling = 0] = gradients.map((g) => 2 * g * SLACK);
      const found = exported.findPointed(pix, nx, ny, least / SLACK, x, y, rising, falling, ROW_BYTES, ROOM);
      return found < 0 ? null : new Int32Array(buffer, ROW_BYTES, found).slice();
    },
    countAbove: (from, count, threshold) => exported.countAbove(pix + 4 * from, count, singleBelow(threshold)),
    countMasked: (from, count) => exported.countMarked(mask + from, count),
    clearMasked: () => exported.clearMarked(pix, mask, pixels),
    binMeans(nx, ny, n) {
      const length = Math.ceil(nx / n) * Math.ceil(ny / n);
      if (length > ROOM) return null;
      exported.binMeans(pix, mask, nx, ny, n, ROW_BYTES);
      return new Float32Array(buffer, ROW_BYTES, length).slice();
    },
  };
}

/** The largest single-precision number that is not above `value`: for single x, x > value just where x > that. */
function singleBelow(value: number): number {
  const nearest = new Float32Array([value]);
  if (nearest[0]! <= value) return nearest[0]!;
  const bits = new Int32Array(nearest.buffer);
  bits[0]! += value > 0 ? -1 : 1;
  return nearest[0]!;
}
