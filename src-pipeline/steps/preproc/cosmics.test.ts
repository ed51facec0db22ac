import { expect, it } from 'vitest';
import { armOf, type CameraName } from '#shared/domain/camera.ts';
import { unitVectors } from '../../test-support/reference.ts';
import { CCD_MASK } from '../../types.ts';
import { findCosmics } from './cosmics.ts';

interface Input {
  camera: CameraName;
  pix: number[][];
}

/** The vectors' common rule for what they do not list: ivar 1/(max(pix, 0) + 2.7²), mask 1 in row 5, columns 5 to 7. */
function imageOf(pix: number[][]) {
  const [ny, nx] = [pix.length, pix[0]!.length];
  const flat = Float64Array.from(pix.flat());
  const mask = new Uint8Array(nx * ny).fill(CCD_MASK.BAD, 5 * nx + 5, 5 * nx + 8);
  return { nx, ny, pix: flat, ivar: flat.map((p) => 1 / (Math.max(p, 0) + 2.7 ** 2)), mask };
}

it('rejects exactly the pixels that the original rejects', () => {
  const vectors = unitVectors<Input, { mask: number[][] }>('cosmics.reject_cosmic_rays(nsig=6,cfudge=3,c2fudge=0.5)');
  expect(vectors).toHaveLength(3);
  for (const { in: input, out } of vectors) {
    const expected = out.mask.flat().flatMap((bits, i) => (bits & CCD_MASK.COSMIC ? [i] : []));
    expect(expected.length).toBeGreaterThan(10);
    expect(Array.from(findCosmics(imageOf(input.pix), armOf(input.camera)))).toEqual(expected);
  }
});

it('finds a single bright pixel with its neighbours, and nothing in an even field', () => {
  const field = Array.from({ length: 9 }, () => new Array<number>(9).fill(10));
  expect(findCosmics(imageOf(field), 'r')).toHaveLength(0);
  field[3]![2] = 500;
  const around = [1, 2, 3].flatMap((x) => [2, 3, 4].map((y) => y * 9 + x)).sort((a, b) => a - b);
  expect(Array.from(findCosmics(imageOf(field), 'r'))).toEqual(around);
});

it('does not take a line of sky for a cosmic ray: its shape is that of the PSF', () => {
  const sigma = 1.1;
  const star = Array.from({ length: 15 }, (_, y) =>
    Array.from({ length: 15 }, (_, x) => 2000 * Math.exp(-((x - 7) ** 2 + (y - 7) ** 2) / (2 * sigma * sigma))),
  );
  expect(findCosmics(imageOf(star), 'r')).toHaveLength(0);
});
