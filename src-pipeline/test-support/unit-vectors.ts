import type { Image, LegendreSet, TraceSet } from '../types.ts';
import { Header } from '#shared/fits/header.ts';
import { unitVectors } from './reference.ts';

interface TraceVector {
  xcoef: number[][];
  ycoef: number[][];
  wavemin: number;
  wavemax: number;
  npix_y: number;
}

/** A series of each row of coefficients. */
export function legendreSet(coef: readonly number[][], wavemin: number, wavemax: number): LegendreSet {
  return { ncoef: coef[0]!.length, wavemin, wavemax, coef: Float64Array.from(coef.flat()) };
}

/** The four traces of the reference's unit vectors. */
export function unitTraces(): TraceSet {
  const { xcoef, ycoef, wavemin, wavemax, npix_y } = unitVectors<TraceVector, unknown>('xytraceset')[0]!.in;
  const x = legendreSet(xcoef, wavemin, wavemax);
  const y = legendreSet(ycoef, wavemin, wavemax);
  return { nspec: xcoef.length, wavemin, wavemax, npixY: npix_y, x, y, xsig: null, ysig: null };
}

/** The image that belongs to them: read noise 2.7 electrons, nothing masked. */
export function unitImage(): Image {
  const { pix } = unitVectors<{ pix: number[][] }, unknown>('qlboxcar.do_boxcar(boxwidth=2.5)')[0]!.in;
  const [ny, nx] = [pix.length, pix[0]!.length];
  return {
    nx,
    ny,
    pix: Float32Array.from(pix.flat()),
    ivar: Float32Array.from(pix.flat(), (value) => 1 / (Math.max(value, 0) + 2.7 ** 2)),
    mask: new Uint8Array(nx * ny),
    amps: [],
    header: new Header(),
    exptime: 100,
  };
}
