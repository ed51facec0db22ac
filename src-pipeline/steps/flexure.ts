import { type RowTraces, rowTraces } from '../extract/row-traces.ts';
import { correctTraces, fitShifts, withoutMedian } from '../flexure/correct-traces.ts';
import { crossShifts } from '../flexure/cross-shifts.ts';
import { lineOffset } from '../flexure/line-offset.ts';
import { originalCrossShifts } from '../flexure/original-cross-shifts.ts';
import { originalWavelengthShifts } from '../flexure/original-wavelength-shifts.ts';
import type { ShiftSamples } from '../flexure/shift-samples.ts';
import { commonSpectra, wavelengthShifts } from '../flexure/wavelength-shifts.ts';
import { mean } from '../math/statistics.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { tracesOf } from '../psf/subset.ts';
import { type Image, need, type Products, type QFrame, type StepDefinition, type TraceSet } from '../types.ts';
import { extractRows } from './extract-qp.ts';

/** Fibers that are measured, evenly chosen: shifts are smooth over the CCD. */
const FIBERS = 50;
/** Width of the box that spectra are extracted with to be compared, pixels. */
const BOX_WIDTH = 7;

/** Measured shifts of the light against the traces, pixels. */
export interface MeasuredShifts {
  dx: ShiftSamples;
  dy: ShiftSamples;
  /** Are the shifts in y against known lines? Else they are against the other fibers. */
  absolute: boolean;
}

const NO_SHIFTS: ShiftSamples = { x: [], y: [], delta: [], error: [] };

/**
 * Measures the shifts of up to a hundred fibers: in x the centroids of the light across the traces; in y the spectra
 * against their median, and that against lines of known wavelength.
 * @param lines Å; null for continuum lamps, which have no structure to measure y by
 */
export function measureShifts(image: Image, traces: TraceSet, lines: readonly number[] | null): MeasuredShifts {
  const stride = Math.max(1, Math.floor(traces.nspec / FIBERS));
  const fibers = Array.from({ length: Math.ceil(traces.nspec / stride) }, (_, k) => k * stride);
  const some = tracesOf(traces, fibers);
  const rows = rowTraces(some, some.nspec, image.ny);
  const dx = crossShifts(image, rows);
  if (lines === null) return { dx, dy: NO_SHIFTS, absolute: true };
  const spectra = commonSpectra(spectraAlong(image, some, rows));
  const dy = wavelengthShifts(spectra, some);
  const offset = lineOffset(spectra.wave, spectra.reference, lines);
  if (offset === null) return { dx, dy, absolute: false };
  const pixels = offset * dispersion(some);
  return { dx, dy: { ...dy, delta: dy.delta.map((value) => value + pixels) }, absolute: true };
}

function spectraAlong(image: Image, traces: TraceSet, rows: RowTraces): QFrame {
  const { nspec, nrow, wave } = rows;
  const [flux, ivar] = [new Float64Array(nspec * nrow), new Float64Array(nspec * nrow)];
  extractRows(image, traces, rows, BOX_WIDTH, flux, ivar);
  return { nspec, nrow, wavestep: 0, boxWidth: BOX_WIDTH, wave, flux, ivar, unit: 'electron/Angstrom' };
}

/** dy/dλ in the middle, pixels/Å. */
function dispersion(traces: TraceSet): number {
  const middle = (traces.wavemin + traces.wavemax) / 2;
  const f = traces.nspec >> 1;
  return evaluate(traces.y, f, middle + 0.5) - evaluate(traces.y, f, middle - 0.5);
}

/**
 * Traces corrected for the shifts, and the shifts' means for the QA. In compatible mode as desispec 0.31's
 * `desi_compute_trace_shifts` without options, which knows no lines: a shift in y common to all fibers is not seen.
 */
function correct(
  traces: TraceSet,
  { dx, dy, absolute }: MeasuredShifts,
): Required<Pick<Products, 'traces' | 'shifts'>> {
  const surfaces = fitShifts(dx, absolute ? dy : withoutMedian(dy), traces);
  return { traces: correctTraces(traces, surfaces), shifts: { dx: mean(dx.delta), dy: mean(dy.delta) } };
}

export const FLEXURE: StepDefinition = {
  algorithm: 'Flexure',
  step: 'flexure',
  onFailure: 'continue',
  run(products, { arm, compatible, peaks, flavor, log }) {
    const image = need(products, 'image');
    const traces = need(products, 'traces');
    const { nspec } = traces;
    const measured: MeasuredShifts = compatible
      ? {
          dx: originalCrossShifts(image, traces, nspec),
          dy: originalWavelengthShifts(image, traces, nspec),
          absolute: false,
        }
      : measureShifts(image, traces, flavor === 'flat' ? null : peaks[arm]);
    if (!compatible && !measured.absolute) {
      log.info('No line stands out: shifts in y are those of the fibers against each other');
    }
    const corrected = correct(traces, measured);
    const { dx, dy } = corrected.shifts;
    const inY = measured.dy.delta.length === 0 ? 'not measured in y' : `${dy.toFixed(3)} in y`;
    log.info(`Mean shifts of the traces: ${dx.toFixed(3)} in x, ${inY}`);
    return corrected;
  },
};
