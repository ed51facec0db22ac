import { beforeAll, describe, expect, it } from 'vitest';
import { Header } from '#shared/fits/header.ts';
import { armOf, parseCamera } from '#shared/domain/camera.ts';
import { readRawCamera } from '../inputs/raw-camera.ts';
import { SILENT_LOG } from '../log.ts';
import { referenceJob, referenceJson } from '../test-support/reference.ts';
import { CCD_MASK, type CcdCalibration, type Image, type RawCamera } from '../types.ts';
import { preprocess, type PreprocOptions } from './preproc.ts';

interface Product {
  shape: [number, number];
  meta: Record<string, number | string>;
  mask_counts_by_bit: Record<string, number>;
  pix_sum: number;
  ivar_sum: number;
  sample_stride_yx: [number, number];
  pix_sample: number[][];
  masked_pixels_yx_value_first500: [number, number, number][];
  n_masked: number;
}

const NO_CALIBRATION: CcdCalibration = { values: {}, bias: null, dark: null, pixflat: null, mask: null };
const OPTIONS: PreprocOptions = { arm: 'r', exptime: 100, cosmics: false, compatible: false };

/** A bias has neither fibermap nor calibration images. */
async function referenceImage(name: string): Promise<Image> {
  if (!name.startsWith('bias')) return referenceJob(name, true).products.image!;
  const camera = parseCamera(name.slice(5, 7))!;
  const path = 'e2e/data/desispec-reference/raw/20191115/00000103/desi-00000103.fits.fz';
  return preprocess(
    await readRawCamera(path, camera),
    NO_CALIBRATION,
    { ...OPTIONS, arm: armOf(camera), exptime: 0, cosmics: true, compatible: true },
    SILENT_LOG,
  );
}

describe.each([
  'ql-b0-101',
  'ql-r0-101',
  'ql-z0-101',
  'ql-b1-101',
  'ql-r1-101',
  'ql-z1-101',
  'ql-r0-102',
  'qlcalib-r0-102',
  'bias-b0-103',
  'bias-r0-103',
  'ql-r0-110',
])('preprocessing of %s, compatible', (name) => {
  let image: Image;
  let expected: Product;
  beforeAll(async () => {
    image = await referenceImage(name);
    expected = referenceJson<{ Preproc: Product }>(`products/${name}.json.gz`).Preproc;
  });

  it('has the size', () => {
    expect([image.ny, image.nx]).toEqual(expected.shape);
  });

  it('masks exactly the same pixels, bit by bit', () => {
    const found: [number, number, number][] = [];
    const counts: Record<string, number> = {};
    image.mask.forEach((bits, i) => {
      if (bits === 0) return;
      found.push([Math.floor(i / image.nx), i % image.nx, bits]);
      for (let bit = 0; bit < 16; bit++) if (bits & (1 << bit)) counts[bit] = (counts[bit] ?? 0) + 1;
    });
    expect(found).toHaveLength(expected.n_masked);
    expect(found.slice(0, 500)).toEqual(expected.masked_pixels_yx_value_first500);
    expect(counts).toEqual(expected.mask_counts_by_bit);
  });

  it('has the pixels, to the seven digits that the reference gives', () => {
    const [stepY, stepX] = expected.sample_stride_yx;
    expected.pix_sample.forEach((row, j) => {
      row.forEach((value, i) => {
        const found = image.pix[j * stepY * image.nx + i * stepX]!;
        expect(Math.abs(found - value)).toBeLessThan(1e-6 + 1e-6 * Math.abs(value));
      });
    });
  });

  it('has sums of pixels and inverse variances within 1e-7 relative (pixels: or 1e-7 electrons each)', () => {
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum(image.pix) - expected.pix_sum)).toBeLessThan(
      1e-7 * (Math.abs(expected.pix_sum) + image.pix.length),
    );
    expect(Math.abs(sum(image.ivar) / expected.ivar_sum - 1)).toBeLessThan(1e-7);
  });

  it('writes overscan, read noise and gain into the header within 1e-12 relative', () => {
    const written = Object.entries(expected.meta).filter(([key]) => /^(OVERSCN|OBSRDN|GAIN)/.test(key));
    expect(written).toHaveLength(12);
    for (const [key, value] of written) {
      expect(Math.abs(image.header.number(key)! / Number(value) - 1)).toBeLessThan(1e-12);
    }
  });
});

/** Amplifier C only: four columns of data, four of overscan at level 1000 ± 1 ADU, six rows. */
function tinyRaw(data: (x: number, y: number) => number): RawCamera {
  const nx = 8;
  const pix = Float64Array.from({ length: 48 }, (_, i) => {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    return x < 4 ? data(x, y) : 1000 + ((x + y) % 3) - 1;
  });
  const header = new Header()
    .set('CCDSECC', '[1:4,1:6]')
    .set('DATASECC', '[1:4,1:6]')
    .set('BIASSECC', '[5:8,1:6]')
    .set('GAINC', 2);
  return { nx, ny: 6, pix, header };
}

const preprocessTiny = (raw: RawCamera, calibration: Partial<CcdCalibration> = {}, options = OPTIONS): Image =>
  preprocess(raw, { ...NO_CALIBRATION, ...calibration }, options, SILENT_LOG);

describe('preprocessing', () => {
  it('subtracts the overscan, multiplies by the gain and estimates the variance from both', () => {
    const image = preprocessTiny(tinyRaw(() => 1050));
    const { obsrdn, overscan } = image.amps[0]!;
    expect(overscan).toBeCloseTo(1000, 10);
    expect(image.pix[0]).toBeCloseTo(100, 5);
    expect(image.ivar[0]).toBeCloseTo(1 / (100 + obsrdn ** 2), 8);
  });

  it('subtracts the dark image times the exposure time, before the gain', () => {
    const dark = new Float32Array(24).fill(0.1);
    expect(
      preprocessTiny(
        tinyRaw(() => 1050),
        { dark },
      ).pix[5],
    ).toBeCloseTo(80, 4);
    const raw = tinyRaw(() => 1050);
    raw.header.set('DARKTIME', 200);
    expect(preprocessTiny(raw, { dark, values: { EXPTIMEKEY: 'DARKTIME' } }).pix[5]).toBeCloseTo(60, 4);
  });

  it('subtracts the overscan row by row where the calibration index says so', () => {
    const raw = tinyRaw(() => 1100);
    for (let y = 0; y < 6; y++) for (let x = 4; x < 8; x++) raw.pix[y * 8 + x] = 1000 + 10 * y + (x % 2);
    const image = preprocessTiny(raw, { values: { OVERSCANC: 'PER_ROW' } });
    expect(Array.from({ length: 6 }, (_, y) => image.pix[y * 4]!)).toEqual([199, 179, 159, 139, 119, 99]);
  });

  it('divides by the pixel flat, and marks where it is low or nothing', () => {
    const pixflat = new Float32Array(24).fill(0.5);
    pixflat[1] = 0.05;
    pixflat[2] = 0;
    const image = preprocessTiny(
      tinyRaw(() => 1050),
      { pixflat },
    );
    expect(image.pix[0]).toBeCloseTo(200, 4);
    expect([image.mask[0], image.mask[1], image.mask[2]]).toEqual([0, CCD_MASK.PIXFLATLOW, CCD_MASK.PIXFLATZERO]);
    expect([image.pix[1], image.pix[2]]).toEqual([0, 0]);
  });

  it('marks saturated pixels by the header, the calibration index or the converter', () => {
    const raw = (): RawCamera => tinyRaw((x) => (x === 1 ? 40_000 : 1050));
    const saturated = (image: Image): number[] => Array.from(image.mask.slice(0, 4));
    expect(saturated(preprocessTiny(raw()))).toEqual([0, 0, 0, 0]);
    expect(saturated(preprocessTiny(raw(), { values: { SATURLEVC: 40_000 } }))).toEqual([0, 8, 0, 0]);
    const stated = raw();
    stated.header.set('SATULEVC', 39_999);
    expect(saturated(preprocessTiny(stated))).toEqual([0, 8, 0, 0]);
    const full = raw();
    const converted = { ...full, pix: Uint16Array.from(full.pix, (p) => (p === 40_000 ? 65_535 : p)) };
    expect(saturated(preprocessTiny(converted))).toEqual([0, 8, 0, 0]);
  });

  it('masks what is no number and keeps what the calibration masks', () => {
    const raw = tinyRaw((x, y) => (x === 2 && y === 0 ? NaN : 1050));
    const image = preprocessTiny(raw, {
      mask: Uint8Array.from({ length: 24 }, (_, i) => (i === 3 ? CCD_MASK.BAD : 0)),
    });
    expect(Array.from(image.mask.slice(0, 4))).toEqual([0, 0, CCD_MASK.BAD, CCD_MASK.BAD]);
    expect(image.pix[2]).toBe(0);
  });

  it('subtracts mirrored cross-talk', () => {
    const raw = tinyRaw((x) => (x === 0 ? 2000 : 1000));
    // Two amplifiers side by side: the same overscan serves both.
    raw.header.set('CCDSECC', '[1:2,1:6]').set('DATASECC', '[1:2,1:6]');
    raw.header.set('CCDSECD', '[3:4,1:6]').set('DATASECD', '[3:4,1:6]').set('BIASSECD', '[5:8,1:6]').set('GAIND', 2);
    const image = preprocessTiny(raw, { values: { CROSSTALKCD: 0.01 } });
    expect(Array.from(image.pix.slice(0, 4), Math.round)).toEqual([2000, 0, 0, -20]);
  });

  it('adds what dark trails have taken, along the readout', () => {
    const raw = tinyRaw((x) => (x === 0 ? 2000 : 1000));
    const image = preprocessTiny(raw, { values: { DARKTRAILAMPC: 0.02, DARKTRAILWIDTHC: 1 } });
    expect(image.pix[0]).toBeCloseTo(2000, 3);
    expect(image.pix[1]).toBeCloseTo(2000 * 0.02 * Math.exp(-1), 3);
    expect(image.pix[2]).toBeCloseTo(2000 * 0.02 * 2 * Math.exp(-2), 3);
  });

  it.each([
    ['GAINC', undefined],
    ['CCDSECC', /CCDSECC is missing/],
    ['DATASECC', /DATASECC is missing/],
    ['BIASSECC', /BIASSEC/],
  ])('without %s', (keyword, message) => {
    const raw = tinyRaw(() => 1050);
    raw.header.remove(keyword);
    if (message) expect(() => preprocessTiny(raw)).toThrow(message);
    else expect(preprocessTiny(raw).pix[0]).toBeCloseTo(50, 4);
  });

  it('says which calibration image has the wrong size', () => {
    expect(() =>
      preprocessTiny(
        tinyRaw(() => 1050),
        { dark: new Float32Array(3) },
      ),
    ).toThrow(/dark image .* 3 pixels/);
  });
});
