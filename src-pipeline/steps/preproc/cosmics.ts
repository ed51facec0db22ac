import type { Arm } from '#shared/domain/camera.ts';
import type { ImageKernel } from '../../kernel/image-memory.ts';

/**
 * Cosmic-ray rejection after the SDSS/BOSS algorithm (idlutils reject_cr), as desispec 0.31 has it: no model of the sky, but
 * the comparison of a pixel with the means of its opposite neighbours along four axes. Source of the gradients:
 * desi_compute_psf_gradients on the psf of sp2, March 2019; of the factor 0.5: desispec issue 762.
 */

/** Mean of two opposite neighbours over the central pixel of the PSF, along x, y and both diagonals. */
const PSF_GRADIENTS: Readonly<Record<Arm, readonly [number, number, number, number]>> = {
  b: [0.758221, 0.771945, 0.570183, 0.592199],
  r: [0.819245, 0.847529, 0.617514, 0.656629],
  z: [0.829552, 0.862828, 0.633424, 0.664144],
};

export interface CosmicOptions {
  /** σ by which a pixel must exceed its neighbours */
  nsig: number;
  /** σ by which the neighbours must be too faint for the PSF */
  cfudge: number;
  /** factor on the PSF's gradients */
  c2fudge: number;
  /** rounds in which the neighbours of found pixels are tested by lower limits */
  niter: number;
}

export const COSMIC_DEFAULTS: CosmicOptions = { nsig: 6, cfudge: 3, c2fudge: 0.5, niter: 30 };

/** Limits for the neighbours of pixels that are already rejected. */
const NEIGHBOUR_NSIG = 3;
const NEIGHBOUR_CFUDGE = 0;

export interface CosmicInput {
  nx: number;
  ny: number;
  /** electrons */
  pix: Float32Array | Float64Array;
  /** electrons⁻²; never more than 1/pix, as the variance has the photons' own noise in it */
  ivar: Float32Array | Float64Array;
  /** pixels that are not 0 are left out; their neighbours see the central pixel in their place */
  mask: Uint8Array;
  /** Fast loops over `pix`, where there are any. */
  kernel?: ImageKernel | null;
}

type Gradients = readonly [number, number, number, number];

/**
 * Indices (y·nx + x) of the pixels that cosmic rays hit, grown by one pixel on all sides, ascending.
 *
 * A pixel c ± σc above `nsig` σ is hit where c > n̄ + nsig·σc along at least two of the four axes, and along at least one
 * (c − cfudge·σc)·c2fudge·g > n̄ + cfudge·σn̄; n̄ is the mean of the two opposite neighbours. Then neighbours of hit pixels are
 * tested by 3 σ and cfudge 0 until none is added. Pixels on the edge of the image are never tested.
 */
export function findCosmics(input: CosmicInput, arm: Arm, options: CosmicOptions = COSMIC_DEFAULTS): Int32Array {
  const gradients = PSF_GRADIENTS[arm].map((g) => g * options.c2fudge) as [number, number, number, number];
  const hits = new Set<number>();
  const listed = input.kernel?.findPointed(input.nx, input.ny, options.nsig ** 2, gradients);
  const pointed = listed
    ? listed.filter((i) => isAbove(input, i, options.nsig))
    : pointedPixels(input, gradients, options.nsig);
  const testAll = (candidates: Iterable<number>, nsig: number, cfudge: number): number[] => {
    const found: number[] = [];
    for (const i of candidates) if (isHit(input, hits, i, gradients, nsig, cfudge)) found.push(i);
    return found;
  };
  // What was not hit in a round can only be in the next beside a pixel that has been found since.
  let found = testAll(pointed, options.nsig, options.cfudge);
  for (let round = 0; found.length > 0; round++) {
    for (const i of found) hits.add(i);
    if (round === options.niter) break;
    found = testAll(neighboursOf(input, found, hits), NEIGHBOUR_NSIG, NEIGHBOUR_CFUDGE);
  }
  return grow(hits, input.nx);
}

/** Is this a pixel to be tested: not masked, and above nsig σ? (c > nsig·σ and σ² ≥ c make c > nsig².) */
function isAbove({ pix, ivar, mask }: CosmicInput, i: number, nsig: number): boolean {
  const c = pix[i]!;
  return c > nsig * nsig && c * c * ivar[i]! > nsig * nsig && mask[i] === 0;
}

/**
 * Pixels above nsig σ that are sharper than the PSF allows along some axis even without any noise: all others fail the second
 * criterion. The one test that millions of pixels pass through, so it takes no roots.
 */
function pointedPixels({ nx, ny, pix, ivar, mask }: CosmicInput, gradients: Gradients, nsig: number): number[] {
  const found: number[] = [];
  const nsig2 = nsig * nsig;
  const [alongX, alongY, rising, falling] = gradients.map((g) => 2 * g) as [number, number, number, number];
  for (let y = 1; y < ny - 1; y++) {
    const end = y * nx + nx - 1;
    for (let i = y * nx + 1; i < end; i++) {
      const c = pix[i]!;
      if (!(c > nsig2) || c * c * ivar[i]! <= nsig2 || mask[i] !== 0) continue;
      const right = mask[i + 1] === 0 ? pix[i + 1]! : c;
      const left = mask[i - 1] === 0 ? pix[i - 1]! : c;
      const up = mask[i + nx] === 0 ? pix[i + nx]! : c;
      const down = mask[i - nx] === 0 ? pix[i - nx]! : c;
      const upRight = mask[i + nx + 1] === 0 ? pix[i + nx + 1]! : c;
      const downLeft = mask[i - nx - 1] === 0 ? pix[i - nx - 1]! : c;
      const upLeft = mask[i + nx - 1] === 0 ? pix[i + nx - 1]! : c;
      const downRight = mask[i - nx + 1] === 0 ? pix[i - nx + 1]! : c;
      const isPointed =
        c * alongX > right + left ||
        c * alongY > up + down ||
        c * rising > upRight + downLeft ||
        c * falling > upLeft + downRight;
      if (isPointed) found.push(i);
    }
  }
  return found;
}

/** The pixels beside some hit ones that may still be tested, each once. */
function neighboursOf(
  { nx, ny, ivar, mask }: CosmicInput,
  newHits: readonly number[],
  hits: ReadonlySet<number>,
): Set<number> {
  const found = new Set<number>();
  for (const hit of newHits) {
    for (let dy = -nx; dy <= nx; dy += nx) {
      for (let i = hit + dy - 1; i <= hit + dy + 1; i++) {
        const x = i % nx;
        const y = (i - x) / nx;
        const inside = x > 0 && x < nx - 1 && y > 0 && y < ny - 1;
        if (inside && mask[i] === 0 && ivar[i]! > 0 && !hits.has(i)) found.add(i);
      }
    }
  }
  return found;
}

/** Both criteria for one pixel; `gradients` have c2fudge in them. */
function isHit(
  { nx, pix, ivar, mask }: CosmicInput,
  hits: ReadonlySet<number>,
  i: number,
  gradients: Gradients,
  nsig: number,
  cfudge: number,
): boolean {
  const c = pix[i]!;
  const variance = 1 / ivar[i]!;
  const error = Math.sqrt(variance);
  const clear = c - nsig * error;
  const peak = c - cfudge * error;
  let clearAxes = 0;
  let isTooSharp = false;
  for (let axis = 0; axis < 4; axis++) {
    const offset = AXIS_Y[axis]! * nx + AXIS_X[axis]!;
    let mean = 0;
    let meanVariance = 0;
    for (let at = i - offset, side = 0; side < 2; side++, at = i + offset) {
      const isUsable = mask[at] === 0 && ivar[at]! > 0 && !hits.has(at);
      mean += 0.5 * (isUsable ? pix[at]! : c);
      meanVariance += 0.25 * (isUsable ? 1 / ivar[at]! : variance);
    }
    if (clear > mean) clearAxes++;
    isTooSharp ||= peak * gradients[axis]! > mean + cfudge * Math.sqrt(meanVariance);
  }
  return clearAxes >= 2 && isTooSharp;
}

/** Directions of the four axes, in the order of the gradients. */
const AXIS_X = [1, 0, 1, -1] as const;
const AXIS_Y = [0, 1, 1, 1] as const;

/** The pixels and their eight neighbours, each once, ascending. None of them is on the edge of the image. */
function grow(hits: ReadonlySet<number>, nx: number): Int32Array {
  const grown = new Set<number>();
  for (const hit of hits) {
    for (let dy = -nx; dy <= nx; dy += nx) for (let dx = -1; dx <= 1; dx++) grown.add(hit + dy + dx);
  }
  return Int32Array.from(grown).sort();
}
