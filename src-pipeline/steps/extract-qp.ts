import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import { bundleArray, forEachBundle } from '../extract/bundles.ts';
import { centredBoxSums } from '../extract/centred-box.ts';
import { originalQFrame, originalRowTraces } from '../extract/original-qproc.ts';
import { type RowTraces, solveRows } from '../extract/row-traces.ts';
import { type Image, need, type QFrame, type StepDefinition, type TraceSet } from '../types.ts';
import { positiveOption, wavelengthOption } from './extract-options.ts';

const STOCK_WIDTH = 7;

export interface QExtractOptions {
  /** Width of the box, pixels. */
  width: number;
  /** Fibers to extract, from the first. */
  nspec: number;
  /** Å, only noted in the result. */
  wavestep: number;
  /** As desispec 0.31's qproc: whole pixels from the truncated position, rows with a masked pixel given up. */
  compatible: boolean;
}

/**
 * Extracts one sample per CCD row and fiber, electrons/Å, each fiber with its own wavelengths: the sum over a box of
 * `width` pixels around the trace. Source: desispec 0.31 `qproc/qextract.py`; by default the box is centred on the trace,
 * masked pixels are made up for by the profile, and the density is over the row's own width in wavelength.
 * @throws Error when PSF and image do not fit
 */
export function extractQFrame(
  image: Image,
  traces: TraceSet,
  options: QExtractOptions,
  buffers: BufferSource = FRESH_BUFFERS,
): QFrame {
  const nspec = Math.min(options.nspec, traces.nspec);
  if (nspec < 1) throw new Error('the PSF file has no fibers');
  const { width, wavestep } = options;
  if (options.compatible) return originalQFrame(image, originalRowTraces(traces, nspec, image.ny), width, wavestep);

  const nrow = image.ny;
  const frame: QFrame = {
    nspec,
    nrow,
    wavestep,
    boxWidth: width,
    wave: buffers.float64('wave', nspec * nrow),
    flux: buffers.float64('flux', nspec * nrow),
    ivar: buffers.float64('ivar', nspec * nrow),
    unit: 'electron/Angstrom',
  };
  const x = bundleArray(nrow);
  forEachBundle(nspec, (first, fibers) => {
    const part = (values: Float64Array): Float64Array => values.subarray(first * nrow, (first + fibers) * nrow);
    const rows: RowTraces = { first, nspec: fibers, nrow, wave: part(frame.wave), x };
    solveRows(traces, rows);
    extractRows(image, traces, rows, width, part(frame.flux), part(frame.ivar));
  });
  return frame;
}

/** The centred extraction of {@link extractQFrame} along given positions, flux and inverse variance of the same fibers. */
export function extractRows(
  image: Image,
  traces: TraceSet,
  rows: RowTraces,
  width: number,
  flux: Float64Array,
  ivar: Float64Array,
): void {
  const { nspec, nrow } = rows;
  centredBoxSums(image, traces, rows, width / 2, { nspec, nrow, counts: flux, variance: ivar });
  for (let f = 0; f < nspec; f++) toDensity(rows.wave, f * nrow, nrow, flux, ivar);
}

/** In place: electrons → electrons/Å, variance → inverse variance (0 where there are no data). */
function toDensity(wave: Float64Array, from: number, n: number, counts: Float64Array, variance: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const low = wave[from + Math.max(i - 1, 0)]!;
    const high = wave[from + Math.min(i + 1, n - 1)]!;
    const step = i > 0 && i < n - 1 ? (high - low) / 2 : high - low;
    counts[from + i]! /= step;
    const v = variance[from + i]!;
    variance[from + i] = v > 0 ? (step * step) / v : 0;
  }
}

export const EXTRACT_QP: StepDefinition = {
  algorithm: 'Extract_QP',
  step: 'extract',
  onFailure: 'stop',
  run(products, { arm, compatible, options, buffers, log }) {
    const traces = need(products, 'traces');
    const nspec = positiveOption(options, ['Nspec'], traces.nspec);
    if (nspec > traces.nspec) log.warning(`Extracting only ${traces.nspec} spectra: the PSF file has no more`);
    const [, , wavestep] = wavelengthOption(options, arm, traces);
    const width = positiveOption(options, ['FullWidth'], STOCK_WIDTH);
    const image = need(products, 'image');
    return { qframe: extractQFrame(image, traces, { width, nspec, wavestep, compatible }, buffers) };
  },
};
