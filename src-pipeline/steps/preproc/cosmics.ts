import type { Arm } from '#shared/domain/camera.ts';

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
  /** electrons⁻² */
  ivar: Float32Array | Float64Array;
  /** pixels that are not 0 are left out; their neighbours see the central pixel in their place */
  mask: Uint16Array;
}

/**
 * Indices (y·nx + x) of the pixels that cosmic rays hit, grown by one pixel on all sides.
 *
 * A pixel c ± σc above `nsig` σ is hit where c > n̄ + nsig·σc along at least two of the four axes, and along at least one
 * (c − cfudge·σc)·c2fudge·g > n̄ + cfudge·σn̄; n̄ is the mean of the two opposite neighbours. Then neighbours of hit pixels are
 * tested by 3 σ and cfudge 0 until none is added. Pixels on the edge of the image are never tested.
 */
export function findCosmics(input: CosmicInput, arm: Arm, options: CosmicOptions = COSMIC_DEFAULTS): Int32Array {
  const { nx, ny } = input;
  const gradients = PSF_GRADIENTS[arm].map((g) => g * options.c2fudge) as [number, number, number, number];
  // 1 where a pixel must not serve as a neighbour: masked, without weight, or rejected.
  const out = new Uint8Array(nx * ny);
  markUnusable(input, out);

  const hits = firstPass(input, out, gradients, options);
  for (const index of hits) out[index] = 1;
  for (let round = 0; round < options.niter && hits.length > 0; round++) {
    const found = neighbourPass(input, out, hits, gradients);
    if (found.length === 0) break;
    for (const index of found) {
      out[index] = 1;
      hits.push(index);
    }
  }
  return grow(hits, nx);
}

function markUnusable({ ivar, mask }: CosmicInput, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) if (mask[i] !== 0 || !(ivar[i]! > 0)) out[i] = 1;
}

type Gradients = readonly [number, number, number, number];

function firstPass(
  { nx, ny, pix, ivar }: CosmicInput,
  out: Uint8Array,
  gradients: Gradients,
  { nsig, cfudge }: CosmicOptions,
): number[] {
  const hits: number[] = [];
  const nsig2 = nsig * nsig;
  for (let y = 1; y < ny - 1; y++) {
    const end = y * nx + nx - 1;
    for (let i = y * nx + 1; i < end; i++) {
      const c = pix[i]!;
      if (c <= 0 || c * c * ivar[i]! <= nsig2 || out[i] !== 0) continue;
      if (isHit(pix, ivar, out, i, nx, gradients, nsig, cfudge)) hits.push(i);
    }
  }
  return hits;
}

function neighbourPass(
  { nx, ny, pix, ivar, mask }: CosmicInput,
  out: Uint8Array,
  hits: readonly number[],
  gradients: Gradients,
): number[] {
  const found = new Set<number>();
  for (const hit of hits) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const i = hit + dy * nx + dx;
        const x = i % nx;
        const y = (i - x) / nx;
        const inside = x > 0 && x < nx - 1 && y > 0 && y < ny - 1;
        if (!inside || out[i] !== 0 || mask[i] !== 0 || found.has(i)) continue;
        if (isHit(pix, ivar, out, i, nx, gradients, NEIGHBOUR_NSIG, NEIGHBOUR_CFUDGE)) found.add(i);
      }
    }
  }
  return [...found];
}

/** Both criteria for one pixel; `gradients` have c2fudge in them. */
function isHit(
  pix: Float32Array | Float64Array,
  ivar: Float32Array | Float64Array,
  out: Uint8Array,
  i: number,
  nx: number,
  gradients: Gradients,
  nsig: number,
  cfudge: number,
): boolean {
  const c = pix[i]!;
  const error = 1 / Math.sqrt(ivar[i]!);
  const clear = 2 * (c - nsig * error);
  const right = out[i + 1] === 0 ? pix[i + 1]! : c;
  const left = out[i - 1] === 0 ? pix[i - 1]! : c;
  const up = out[i + nx] === 0 ? pix[i + nx]! : c;
  const down = out[i - nx] === 0 ? pix[i - nx]! : c;
  const upRight = out[i + nx + 1] === 0 ? pix[i + nx + 1]! : c;
  const downLeft = out[i - nx - 1] === 0 ? pix[i - nx - 1]! : c;
  const upLeft = out[i + nx - 1] === 0 ? pix[i + nx - 1]! : c;
  const downRight = out[i - nx + 1] === 0 ? pix[i - nx + 1]! : c;
  const axes =
    (clear > right + left ? 1 : 0) +
    (clear > up + down ? 1 : 0) +
    (clear > upRight + downLeft ? 1 : 0) +
    (clear > upLeft + downRight ? 1 : 0);
  if (axes < 2) return false;
  const peak = c - cfudge * error;
  const var0 = error * error;
  return (
    tooFaint(peak * gradients[0], right + left, variance(i + 1) + variance(i - 1), cfudge) ||
    tooFaint(peak * gradients[1], up + down, variance(i + nx) + variance(i - nx), cfudge) ||
    tooFaint(peak * gradients[2], upRight + downLeft, variance(i + nx + 1) + variance(i - nx - 1), cfudge) ||
    tooFaint(peak * gradients[3], upLeft + downRight, variance(i + nx - 1) + variance(i - nx + 1), cfudge)
  );

  function variance(at: number): number {
    return out[at] === 0 ? 1 / ivar[at]! : var0;
  }
}

/** Are two neighbours (sum, sum of variances) together fainter than the PSF allows beside this pixel? */
function tooFaint(expected: number, sum: number, sumOfVariances: number, cfudge: number): boolean {
  return expected > 0.5 * sum + cfudge * 0.5 * Math.sqrt(sumOfVariances);
}

/** The pixels and their eight neighbours, each once, ascending. None of them is on the edge of the image. */
function grow(hits: readonly number[], nx: number): Int32Array {
  const grown = new Set<number>();
  for (const hit of hits) {
    for (let dy = -nx; dy <= nx; dy += nx) for (let dx = -1; dx <= 1; dx++) grown.add(hit + dy + dx);
  }
  return Int32Array.from(grown).sort();
}
