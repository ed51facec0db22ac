import { describe, expect, it } from 'vitest';
import { createBufferPool, FRESH_BUFFERS } from '../buffers.ts';
import { findCosmics } from '../steps/preproc/cosmics.ts';
import { preprocess } from '../steps/preproc.ts';
import { SILENT_LOG } from '../log.ts';
import { COUNTPIX } from '../qa/countpix.ts';
import { referenceJob } from '../test-support/reference.ts';
import type { Frame, Image, JobFacts, QFrame } from '../types.ts';
import { binImage } from './image-files.ts';
import { screenSpectraFile } from './spectra-files.ts';

describe('binning an image', () => {
  const pix = Float32Array.from({ length: 7 * 5 }, (_, i) => i);
  const mask = new Uint8Array(35);

  it('takes the mean of each square, of fewer pixels at the upper edges', () => {
    const { nx, ny, values } = binImage({ nx: 7, ny: 5, pix, mask }, 3);
    expect([nx, ny]).toEqual([3, 2]);
    expect(Array.from(values)).toEqual([8, 11, 13, 25.5, 28.5, 30.5]);
  });

  it('leaves masked pixels out, and has no number where all are masked', () => {
    const masked = pix.slice();
    const marks = mask.slice();
    for (const i of [0, 1, 7, 8, 2]) {
      marks[i] = 16;
      masked[i] = 0;
    }
    const { values } = binImage({ nx: 7, ny: 5, pix: masked, mask: marks }, 2);
    expect(values[0]).toBeNaN();
    expect(values[1]).toBeCloseTo((3 + 9 + 10) / 3, 5);
  });
});

const FACTS = {
  camera: 'r0',
  expid: 1,
  night: '20191115',
  flavor: 'science',
  program: 'dark',
  exptime: 10,
} as JobFacts;

const numbersOf = (file: ReturnType<typeof screenSpectraFile>, hdu: number, width: 4 | 8): number[] => {
  const [bytes] = file[hdu]!.data;
  const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.byteLength);
  return Array.from({ length: bytes!.byteLength / width }, (_, i) =>
    width === 4 ? view.getFloat32(i * 4) : view.getFloat64(i * 8),
  );
};

describe('spectra for the screens', () => {
  it('short spectra stay as they are, with errors; without weight there is no number', () => {
    const frame: Frame = {
      nspec: 1,
      nwave: 3,
      wave: Float64Array.of(5000, 5001, 5002),
      flux: Float64Array.of(1, 2, 3),
      ivar: Float64Array.of(4, 0, 0.25),
      unit: 'electron/Angstrom',
      boxWidth: 5,
    };
    const file = screenSpectraFile(frame, FACTS);
    expect(numbersOf(file, 0, 4)).toEqual([1, NaN, 3]);
    expect(numbersOf(file, 1, 4)).toEqual([0.5, NaN, 2]);
    expect(numbersOf(file, 2, 8)).toEqual([5000, 5001, 5002]);
    expect(file[0]!.header.text('BUNIT')).toBe('electron/Angstrom');
  });

  it('long ones become weighted means in a thousand bins, on one grid for all fibers', () => {
    const nrow = 4096;
    const qframe: QFrame = {
      nspec: 2,
      nrow,
      wavestep: 0.8,
      wave: Float64Array.from({ length: 2 * nrow }, (_, i) => 5000 + (i % nrow) * 0.5 + (i < nrow ? 0 : 1)),
      flux: new Float64Array(2 * nrow).fill(7),
      ivar: new Float64Array(2 * nrow).fill(4),
      unit: 'electron/Angstrom',
      boxWidth: 5,
    };
    const file = screenSpectraFile(qframe, FACTS);
    const flux = numbersOf(file, 0, 4);
    expect(flux).toHaveLength(2 * 1024);
    expect(flux.filter((value) => value === 7).length).toBeGreaterThan(2040);
    const errors = numbersOf(file, 1, 4).filter((error) => !Number.isNaN(error));
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.5);
    expect(numbersOf(file, 2, 8)[0]).toBeCloseTo(5000 - 0.25 + 1, 0);
  });
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

describe('the vector kernel and plain JavaScript', () => {
  const { facts, products } = referenceJob('ql-r0-101', false);
  const calibration = { values: {}, bias: null, dark: null, pixflat: null, mask: null };
  const make = (buffers: typeof FRESH_BUFFERS): Image =>
    preprocess(
      products.raw,
      calibration,
      { arm: 'r', exptime: 1000, cosmics: true, compatible: false },
      SILENT_LOG,
      buffers,
    );
  const plain = make(FRESH_BUFFERS);
  const fast = make(createBufferPool());

  it('make the same image, bit by bit', () => {
    expect(fast.kernel).toBeTruthy();
    expect(plain.kernel).toBeNull();
    expect(bytesOf(fast.pix).equals(bytesOf(plain.pix))).toBe(true);
    expect(bytesOf(fast.ivar).equals(bytesOf(plain.ivar))).toBe(true);
    expect(bytesOf(fast.mask).equals(bytesOf(plain.mask))).toBe(true);
  });

  it('find the same cosmic rays, also beside masked pixels', () => {
    const masked = { ...plain, mask: plain.mask.map((_, i) => (i % 101 === 0 ? 1 : 0)), pix: plain.pix };
    const kernelImage = createBufferPool().image(plain.pix.length);
    kernelImage.pix.set(masked.pix);
    kernelImage.ivar.set(masked.ivar);
    kernelImage.mask.set(masked.mask);
    const expected = findCosmics(masked, 'r');
    expect(expected.length).toBeGreaterThan(0);
    expect(findCosmics({ nx: plain.nx, ny: plain.ny, ...kernelImage }, 'r')).toEqual(expected);
  });

  it('count and bin the same', () => {
    const context = { ...facts, params: {}, log: SILENT_LOG };
    expect(COUNTPIX.run({ ...products, image: fast }, context)).toEqual(
      COUNTPIX.run({ ...products, image: plain }, context),
    );
    for (const n of [1, 3, 4, 7]) {
      const [binned, expected] = [binImage(fast, n), binImage(plain, n)];
      expect([binned.nx, binned.ny]).toEqual([expected.nx, expected.ny]);
      // Sums of another order may differ in the last digits of single precision.
      const far = expected.values.findIndex((value, i) => {
        const other = binned.values[i]!;
        return Number.isNaN(value) ? !Number.isNaN(other) : !(Math.abs(other - value) <= 1e-5 + 1e-6 * Math.abs(value));
      });
      expect(far).toBe(-1);
    }
  });

  it('reuse their memory for the next image', () => {
    const pool = createBufferPool();
    const first = make(pool).pix;
    const second = make(pool).pix;
    expect(second.buffer).toBe(first.buffer);
    expect(bytesOf(second).equals(bytesOf(plain.pix))).toBe(true);
  });
});
