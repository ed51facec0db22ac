import { linspace } from '../math/grid.ts';
import { interpSorted } from '../math/interp.ts';
import { evaluate } from '../psf/legendre-set.ts';
import type { Image, QFrame, TraceSet } from '../types.ts';
import { ROW_BLOCK } from './row-sums.ts';
import type { RowTraces } from './row-traces.ts';

/** desispec solves the traces at one wavelength for so many CCD rows. */
const ROWS_PER_NODE = 4;

/**
 * Where the traces are in each CCD row as desispec's qproc has it: Legendre series at nrow/4 even wavelengths,
 * interpolated linearly in y; beyond them the wavelength goes on straight and x stays.
 */
export function originalRowTraces(traces: TraceSet, nspec: number, nrow: number): RowTraces {
  const nodes = linspace(traces.wavemin, traces.wavemax, Math.floor(nrow / ROWS_PER_NODE));
  const n = nodes.length;
  const rows = Float64Array.from({ length: nrow }, (_, row) => row);
  const out: RowTraces = {
    first: 0,
    nspec,
    nrow,
    wave: new Float64Array(nspec * nrow),
    x: new Float64Array(nspec * nrow),
  };
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let f = 0; f < nspec; f++) {
    for (let k = 0; k < n; k++) {
      x[k] = evaluate(traces.x, f, nodes[k]!);
      y[k] = evaluate(traces.y, f, nodes[k]!);
      if (k > 0 && !(y[k]! > y[k - 1]!))
        throw new Error(`the trace of fiber ${f} does not rise with λ: check the PSF file`);
    }
    const from = f * nrow;
    interpSorted(rows, 0, nrow, y, nodes, n, out.wave, from, 0, 0);
    interpSorted(rows, 0, nrow, y, x, n, out.x, from, x[0]!, x[n - 1]!);
    const lowSlope = (nodes[1]! - nodes[0]!) / (y[1]! - y[0]!);
    const highSlope = (nodes[n - 2]! - nodes[n - 1]!) / (y[n - 2]! - y[n - 1]!);
    for (let row = 0; row < nrow && row < y[0]!; row++) out.wave[from + row] = nodes[0]! + lowSlope * (row - y[0]!);
    for (let row = nrow - 1; row >= 0 && row > y[n - 1]!; row--) {
      out.wave[from + row] = nodes[n - 1]! + highSlope * (row - y[n - 1]!);
    }
  }
  return out;
}

/**
 * Spectra as desispec 0.31's `qproc_boxcar_extraction` makes them: in each row the sum of `width` whole pixels from
 * int(x − ⌊width/2⌋); a masked pixel in the box, or a box beyond the CCD, makes flux and inverse variance 0; the density
 * is over the step in wavelength to the row before.
 * @throws Error when wavelengths do not rise
 */
export function originalQFrame(image: Image, rows: RowTraces, width: number, wavestep: number): QFrame {
  const { nspec, nrow } = rows;
  const frame: QFrame = {
    nspec,
    nrow,
    wavestep,
    boxWidth: width,
    wave: rows.wave,
    flux: new Float64Array(nspec * nrow),
    ivar: new Float64Array(nspec * nrow),
    unit: 'electron/Angstrom',
  };
  const half = Math.floor(width / 2);
  for (let block = 0; block < nrow; block += ROW_BLOCK) {
    const end = Math.min(block + ROW_BLOCK, nrow);
    for (let f = 0; f < nspec; f++) sumRows(image, rows.x, f * nrow, block, end, half, frame.flux, frame.ivar);
  }
  for (let f = 0; f < nspec; f++) toDensity(rows.wave, f, nrow, frame.flux, frame.ivar);
  return frame;
}

function sumRows(
  { pix, ivar, mask, nx }: Image,
  x: Float64Array,
  from: number,
  rowFrom: number,
  rowTo: number,
  half: number,
  flux: Float64Array,
  weight: Float64Array,
): void {
  for (let row = rowFrom; row < rowTo; row++) {
    const first = Math.trunc(x[from + row]! - half);
    const beyond = Math.trunc(x[from + row]! + half + 1);
    if (first < 0 || beyond > nx) continue;
    const base = row * nx;
    let sum = 0;
    let variance = 0;
    for (let i = base + first; i < base + beyond; i++) {
      if (mask[i] !== 0 || !(ivar[i]! > 0)) {
        sum = 0;
        variance = 0;
        break;
      }
      sum += pix[i]!;
      variance += 1 / ivar[i]!;
    }
    flux[from + row] = sum;
    weight[from + row] = variance > 0 ? 1 / variance : 0;
  }
}

/** Electrons to electrons/Å, with desispec's step: to the row before; that of row 0 by extrapolation. */
function toDensity(wave: Float64Array, f: number, nrow: number, flux: Float64Array, ivar: Float64Array): void {
  const from = f * nrow;
  for (let row = 0; row < nrow; row++) {
    const step =
      row > 0
        ? wave[from + row]! - wave[from + row - 1]!
        : 2 * (wave[from + 1]! - wave[from]!) - (wave[from + 2]! - wave[from + 1]!);
    if (!(step > 0)) throw new Error(`the wavelength of fiber ${f} does not rise with the CCD row: check the PSF file`);
    flux[from + row]! /= step;
    ivar[from + row]! *= step * step;
  }
}
