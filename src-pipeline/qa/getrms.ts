import { atRank, histogramOf } from '../math/histogram.ts';
import { medianInPlace, populationStd, selectInPlace } from '../math/statistics.ts';
import { need, type AmpFacts, type Image, type QaDefinition, type RawCamera, type Section } from '../types.ts';
import { referencesOfAmps } from './amp-references.ts';
import { numbersParam } from './params.ts';

/** Any image in rows of nx pixels. */
interface Pixels {
  nx: number;
  ny: number;
  pix: ArrayLike<number>;
}

/** How the pixels of the overscan sections scatter. */
export interface OverscanScatter {
  /** Standard deviation of the row medians of each amplifier, scaled. */
  rowMedianStd: number[];
  /** Widths of the central percentages of all amplifiers' pixels together, one for each asked for, scaled. */
  spans: number[];
  /** All pixels together, as they are. */
  pixels: Float64Array;
}

/**
 * Scatter of the pixels in some sections of an image.
 * @param sections one an amplifier; what lies beyond the image is left out
 * @param scale factor on what comes out
 * @param percentages central shares of the distribution, 0 … 100
 */
export function overscanScatter(
  image: Pixels,
  sections: readonly Section[],
  scale: number,
  percentages: readonly number[],
): OverscanScatter {
  const clipped = sections.map(({ x0, x1, y0, y1 }) => ({
    x0: Math.min(x0, image.nx),
    x1: Math.min(x1, image.nx),
    y0: Math.min(y0, image.ny),
    y1: Math.min(y1, image.ny),
  }));
  const pixels = new Float64Array(clipped.reduce((sum, s) => sum + (s.x1 - s.x0) * (s.y1 - s.y0), 0));
  let filled = 0;
  const rowMedianStd = clipped.map(({ x0, x1, y0, y1 }) => {
    const medians = new Float64Array(y1 - y0);
    const row = new Float64Array(x1 - x0);
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) row[x - x0] = image.pix[y * image.nx + x]!;
      pixels.set(row, filled);
      filled += row.length;
      medians[y - y0] = medianInPlace(row, row.length);
    }
    return populationStd(medians) * scale;
  });
  const at = ranked(pixels);
  const spans = percentages.map(
    (share) => (quantile(at, pixels, 50 + share / 2) - quantile(at, pixels, 50 - share / 2)) * scale,
  );
  return { rowMedianStd, spans, pixels };
}

/** What is at a rank of the values in ascending order. They may be reordered, and must not be changed while it is used. */
function ranked(values: Float64Array): (rank: number) => number {
  const histogram = histogramOf(values);
  return histogram ? (rank) => atRank(histogram, rank) : (rank) => selectInPlace(values, 0, values.length, rank);
}

/** Percentile by linear interpolation at rank (n−1)·p/100. */
function quantile(at: (rank: number) => number, { length }: Float64Array, percent: number): number {
  if (length === 0) return NaN;
  const rank = ((length - 1) * percent) / 100;
  const below = Math.floor(rank);
  const low = at(below);
  return below + 1 < length ? low + (at(below + 1) - low) * (rank - below) : low;
}

/** The share of a Gaussian below −5 σ, in percent: what the original counts its outliers by. */
const FIVE_SIGMA_PERCENT = 3e-5;

/**
 * As desispec 0.31 (its oddity 2): the BIASSECx of the raw frame are looked up in the trimmed image, so the scatter is that of
 * sky and objects beside the seams. DATA5SIG counts the pixels up to a percentile of themselves, so it is never below 1.
 */
function originalScatter(image: Image, percentages: readonly number[]): { scatter: OverscanScatter; outliers: number } {
  const sections = image.amps.map((amp) => amp.biassec);
  const scatter = overscanScatter(image, sections, 1 / (image.exptime || 1), percentages);
  const limit = quantile(ranked(scatter.pixels), scatter.pixels, FIVE_SIGMA_PERCENT);
  return { scatter, outliers: scatter.pixels.reduce((count, p) => count + (p <= limit ? 1 : 0), 0) };
}

/** The same measurements where they belong: in the overscan pixels of the raw frame, ADU/s. */
function rawScatter(
  raw: RawCamera,
  image: Image,
  percentages: readonly number[],
): { scatter: OverscanScatter; outliers: number } {
  const sections = image.amps.map((amp) => amp.biassec);
  const scatter = overscanScatter(raw, sections, 1 / (image.exptime || 1), percentages);
  const outliers = image.amps.reduce((count, amp) => count + belowFiveSigma(raw, amp), 0);
  return { scatter, outliers };
}

/** Overscan pixels more than five read noises below the amplifier's level. */
function belowFiveSigma({ nx, pix }: RawCamera, amp: AmpFacts): number {
  const limit = amp.overscan - (5 * amp.obsrdn) / amp.gain;
  const { x0, x1, y0, y1 } = amp.biassec;
  let count = 0;
  for (let y = y0; y < y1; y++) for (let i = y * nx + x0; i < y * nx + x1; i++) if (pix[i]! < limit) count++;
  return count;
}

/** Read noise that a pattern is compared with: nominal, or measured where the header has none (always, for A–D, in 0.31). */
function referenceNoise(amp: AmpFacts, compatible: boolean): number {
  const lettered = amp.id >= 'A';
  return compatible && lettered ? amp.obsrdn : (amp.rdnoise ?? amp.obsrdn);
}

/**
 * NOISE_AMP: read noise measured in the overscan of each amplifier, electrons (OBSRDNx). NOISE_OVERSCAN_AMP: the nominal one.
 * DIFF1SIG, DIFF2SIG: widths of the central 68.2 and 95.4 % of the overscan pixels of all amplifiers, ADU/s (EXPTIME 0 counts
 * as 1). BIAS_PATNOISE: standard deviation of the row medians of each amplifier's overscan over its read noise. DATA5SIG: how
 * many overscan pixels are more than 5 σ too low.
 */
export const GETRMS: QaDefinition = {
  metric: 'getrms',
  algorithm: 'Get_RMS',
  run(products, context) {
    const image = need(products, 'image');
    const percentages = numbersParam(context, 'PERCENTILES', [68.2, 95.4, 99.7]).slice(0, 2);
    const { scatter, outliers } = context.compatible
      ? originalScatter(image, percentages)
      : rawScatter(need(products, 'raw'), image, percentages);
    const noise = image.amps.map((amp) => referenceNoise(amp, context.compatible));
    return {
      metrics: {
        NOISE_AMP: image.amps.map((amp) => amp.obsrdn),
        NOISE_OVERSCAN_AMP: noise,
        DIFF1SIG: scatter.spans[0] ?? null,
        DIFF2SIG: scatter.spans[1] ?? null,
        DATA5SIG: outliers,
        BIAS_PATNOISE: scatter.rowMedianStd.map((std, i) => std / noise[i]!),
      },
      params: referencesOfAmps(context.params, image.amps),
    };
  },
};
