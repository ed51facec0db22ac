import { createFitter, type Fitter, type Model } from '../math/levenberg-marquardt.ts';
import { mean, median } from '../math/statistics.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { need, type FiberMap, type Image, type QaContext, type QaDefinition, type TraceSet } from '../types.ts';
import { numberParam } from './params.ts';

/** a·exp(−(x−μ)²/2σ²), parameters a, μ, σ: the original's model, which has no background. */
const GAUSSIAN: Model = {
  parameters: 3,
  value: (p, x) => p[0]! * Math.exp(-((x - p[1]!) ** 2) / (2 * p[2]! ** 2)),
  gradient(p, x, out) {
    const d = (x - p[1]!) / p[2]!;
    const shape = Math.exp((-d * d) / 2);
    out[0] = shape;
    out[1] = (p[0]! * shape * d) / p[2]!;
    out[2] = (p[0]! * shape * d * d) / p[2]!;
  },
};

/** The same over a constant background, parameters a, μ, σ, b. */
const GAUSSIAN_AND_BACKGROUND: Model = {
  parameters: 4,
  value: (p, x) => GAUSSIAN.value(p, x) + p[3]!,
  gradient(p, x, out) {
    GAUSSIAN.gradient(p, x, out);
    out[3] = 1;
  },
};

/** MINPACK gives up after 200·(n+1) evaluations, each Jacobian by differences counting n; ours is analytic. */
const MAX_EVALUATIONS = 800;

/** Fits widths to cuts of so many pixels. */
interface WidthFitter {
  /** σ of a Gaussian without background through `counts`, from the original's start (1, 1, 1); null when it fails. */
  original(counts: ArrayLike<number>): number | null;
  /**
   * σ of a Gaussian on a constant background through `counts`, in pixels; null when the fit fails or finds no peak inside.
   * It starts from the data: the lowest pixel, the highest, and σ 1. Weight 0 leaves a pixel out.
   */
  overBackground(counts: ArrayLike<number>, weights: ArrayLike<number>): number | null;
}

export function createWidthFitter(pixels: number): WidthFitter {
  const gaussian = createFitter(GAUSSIAN, pixels);
  const overBackground = createFitter(GAUSSIAN_AND_BACKGROUND, pixels);
  return {
    original(counts) {
      const { p, converged } = gaussian(counts, [1, 1, 1], MAX_EVALUATIONS);
      const sigma = Math.abs(p[2]!);
      return converged && Number.isFinite(sigma) ? sigma : null;
    },
    overBackground: (counts, weights) => sigmaOverBackground(overBackground, counts, weights),
  };
}

function sigmaOverBackground(fit: Fitter, counts: ArrayLike<number>, weights: ArrayLike<number>): number | null {
  let low = Infinity;
  let high = -Infinity;
  let at = 0;
  let good = 0;
  for (let i = 0; i < counts.length; i++) {
    if (weights[i] === 0) continue;
    good++;
    const value = counts[i]!;
    if (value < low) low = value;
    if (value > high) {
      high = value;
      at = i;
    }
  }
  if (good <= GAUSSIAN_AND_BACKGROUND.parameters || !(high > low)) return null;
  const { p, converged } = fit(counts, [high - low, at, 1, low], MAX_EVALUATIONS, weights);
  const [amplitude, center, width] = p;
  const sigma = Math.abs(width!);
  const isPeak = amplitude! > 0 && center! > -0.5 && center! < counts.length - 0.5 && sigma < counts.length;
  return converged && isPeak ? sigma : null;
}

export interface PeakWidths {
  /** Median over the fibers, pixels: across the trace (x) and along the wavelength (w). */
  median: [number, number];
  fibers: [(number | null)[], (number | null)[]];
  /** Medians by amplifier 1 … 4. */
  amps: [(number | null)[], (number | null)[]];
}

export interface WidthOptions {
  /** Pixels of each cut; 7 in the stock configuration. */
  pixelRange: number;
  /** Largest σ that is believed, pixels. */
  maxSigma: number;
  /** Å */
  peaks: readonly number[];
}

/** The pixels of a cut, from `first` on; null where it leaves the image. */
function cut(image: Image, x: number, y: number, count: number, dx: number, dy: number): Float64Array | null {
  const lastX = x + dx * (count - 1);
  const lastY = y + dy * (count - 1);
  if (x < 0 || y < 0 || lastX >= image.nx || lastY >= image.ny) return null;
  return Float64Array.from({ length: count }, (_, k) => image.pix[(y + dy * k) * image.nx + x + dx * k]!);
}

/**
 * Widths as desispec 0.31 measures them: of the pixels int(c−3.5) … int(c+3.5)−1 along x in row int(y) and along y in column
 * int(x), no background. Failed fibers are left out, so the lists are not aligned with the fibers; the amplifier
 * is told by the fiber's number (< 240, > 260) and y (< 2000, > 2100), and the last value, stale or −1 after a failed fit,
 * enters its median.
 * @param fiberNumbers FIBER of the fibermap's first rows, as the original looks them up
 */
export function originalWidths(
  image: Image,
  traces: TraceSet,
  fiberNumbers: ArrayLike<number>,
  { pixelRange, maxSigma, peaks }: WidthOptions,
): PeakWidths {
  const fibers = Math.min(500, traces.nspec, fiberNumbers.length);
  const half = pixelRange / 2;
  // A cut has one pixel more or less where rounding down so decides.
  const fitters = new Map<number, WidthFitter>();
  const all: [number[], number[]] = [[], []];
  const amps: [number[][], number[][]] = [
    [[], [], [], []],
    [[], [], [], []],
  ];
  const fitterOf = (length: number): WidthFitter => {
    const fitter = fitters.get(length) ?? createWidthFitter(length);
    fitters.set(length, fitter);
    return fitter;
  };
  for (let fiber = 0; fiber < fibers; fiber++) {
    const last: [number, number] = [-1, -1];
    const kept: [number[], number[]] = [[], []];
    for (const peak of peaks) {
      const x = evaluate(traces.x, fiber, peak);
      const y = evaluate(traces.y, fiber, peak);
      const x0 = Math.trunc(x - half);
      const y0 = Math.trunc(y - half);
      const cuts = [
        cut(image, x0, Math.trunc(y), Math.trunc(x + half) - x0, 1, 0),
        cut(image, Math.trunc(x), y0, Math.trunc(y + half) - y0, 0, 1),
      ] as const;
      for (const axis of [0, 1] as const) {
        const counts = cuts[axis];
        const sigma = counts === null ? null : fitterOf(counts.length).original(counts);
        if (sigma === null) continue;
        last[axis] = sigma;
        if (sigma <= maxSigma) kept[axis].push(sigma);
      }
      const amp = originalAmp(fiberNumbers[fiber]!, y);
      if (amp === null) continue;
      for (const axis of [0, 1] as const) amps[axis][amp]!.push(last[axis]);
    }
    for (const axis of [0, 1] as const) if (kept[axis].length > 0) all[axis].push(mean(kept[axis]));
  }
  if (fiberNumbers.length < 260) for (const axis of [0, 1] as const) amps[axis][1] = amps[axis][3] = [];
  return {
    median: [median(all[0]), median(all[1])],
    fibers: all,
    amps: [amps[0].map(median), amps[1].map(median)],
  };
}

/**
 * FIBER of the rows that the original looks at: of a whole camera the first 500 of the exposure's fibermap, which are 0 … 499 for
 * every camera; of a smaller one (which it cannot process) the camera's own.
 */
function originalFiberNumbers({ nspec }: TraceSet, fibermap: FiberMap | undefined): Int32Array {
  const local = Int32Array.from({ length: nspec }, (_, i) => i);
  return nspec >= 500 || !fibermap ? local : fibermap.fiber.slice(0, nspec);
}

function originalAmp(fiber: number, y: number): number | null {
  if (!(fiber < 240 || fiber > 260) || !(y < 2000 || y > 2100)) return null;
  return (y > 2100 ? 2 : 0) + (fiber > 260 ? 1 : 0);
}

/**
 * Widths of the sky lines across the trace and along the wavelength, pixels, including the pixel's own width: of Gaussians over
 * a constant background in cuts centred on the nearest pixel; masked pixels are left out. A fiber whose
 * fits all fail is null in its place. Amplifiers are those that read the pixels.
 */
export function peakWidths(image: Image, traces: TraceSet, { pixelRange, maxSigma, peaks }: WidthOptions): PeakWidths {
  const half = Math.floor(pixelRange / 2);
  const count = 2 * half + 1;
  const fitter = createWidthFitter(count);
  const fibers: [(number | null)[], (number | null)[]] = [[], []];
  const amps: [number[][], number[][]] = [image.amps.map(() => []), image.amps.map(() => [])];
  for (let fiber = 0; fiber < traces.nspec; fiber++) {
    const kept: [number[], number[]] = [[], []];
    for (const peak of peaks) {
      const x = Math.round(evaluate(traces.x, fiber, peak));
      const y = Math.round(evaluate(traces.y, fiber, peak));
      const amp = image.amps.findIndex(
        ({ ccdsec }) => x >= ccdsec.x0 && x < ccdsec.x1 && y >= ccdsec.y0 && y < ccdsec.y1,
      );
      for (const axis of [0, 1] as const) {
        const [dx, dy] = axis === 0 ? [1, 0] : [0, 1];
        const counts = cut(image, x - dx * half, y - dy * half, count, dx, dy);
        if (counts === null) continue;
        const weights = counts.map((_, k) => {
          const i = (y + dy * (k - half)) * image.nx + x + dx * (k - half);
          return image.mask[i] === 0 && image.ivar[i]! > 0 ? 1 : 0;
        });
        const sigma = fitter.overBackground(counts, weights);
        if (sigma === null || sigma > maxSigma) continue;
        kept[axis].push(sigma);
        if (amp >= 0) amps[axis][amp]!.push(sigma);
      }
    }
    for (const axis of [0, 1] as const) fibers[axis].push(kept[axis].length > 0 ? mean(kept[axis]) : null);
  }
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  return {
    median: [median(known(fibers[0])), median(known(fibers[1]))],
    fibers,
    amps: [amps[0].map(median), amps[1].map(median)],
  };
}

function optionsOf(context: QaContext): WidthOptions {
  return {
    pixelRange: numberParam(context, 'PIXEL_RANGE', 7),
    maxSigma: numberParam(context, 'MAX_SIGMA', 10),
    peaks: context.peaks[context.arm],
  };
}

/**
 * XWSIGMA: [x, w] median width over the fibers, pixels. XWSIGMA_FIB: by fiber, mean over the peaks. XWSIGMA_AMP: medians by
 * amplifier.
 */
export const XWSIGMA: QaDefinition = {
  metric: 'xwsigma',
  algorithm: 'Calc_XWSigma',
  run(products, context) {
    const image = need(products, 'image');
    const traces = need(products, 'traces');
    const widths = context.compatible
      ? originalWidths(image, traces, originalFiberNumbers(traces, products.fibermap), optionsOf(context))
      : peakWidths(image, traces, optionsOf(context));
    return { metrics: { XWSIGMA: widths.median, XWSIGMA_FIB: widths.fibers, XWSIGMA_AMP: widths.amps } };
  },
};
