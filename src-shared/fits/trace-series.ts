import type { Gunzip } from './compressed-image.ts';
import { type FitsContent, fitsContentOf, hduNamed, matrixOf, requireHdu, tableOf } from './fits-content.ts';
import type { Hdu } from './hdu.ts';
import type { LegendreSet } from './legendre-set.ts';

/** The series of a PSF file as they are stored; 0 is the centre of the first pixel. */
export interface TraceSeries {
  nspec: number;
  /** Rows of the CCD. */
  npixY: number;
  /** x(λ) and y(λ), pixels. */
  x: LegendreSet;
  y: LegendreSet;
  /** Gaussian sigma in pixels, where the file has them. */
  xsig: LegendreSet | null;
  ysig: LegendreSet | null;
  /** Gaussian sigma along the dispersion, Å, of older files without `ysig`. */
  wsigma: LegendreSet | null;
}

/** Wavelength limits of two series of one file may differ by this much, Å. */
const DOMAIN_TOLERANCE = 0.001;

/**
 * Reads the traces of a PSF file. Forms: images XTRACE, YTRACE (also XCOEF, XCOEFF …; for PSFTYPE `bootcalib` the first
 * two HDUs) with XSIG, YSIG or the deprecated WSIGMA (Å); and, for PSFTYPE `GAUSS-HERMITE`, rows X, Y, GHSIGX, GHSIGY of
 * the table PSF for what no image gives.
 * @throws Error (or FitsError) that says what is missing or does not fit
 */
export function readTraceSeries(bytes: Uint8Array, gunzip: Gunzip): TraceSeries {
  const content = fitsContentOf(bytes, gunzip);
  const first = content.hdus[0]!;
  const type = (first.header.text('PSFTYPE') ?? '').trim();
  let x = imageSeries(content, type === 'bootcalib' ? first : hduNamed(content, ['XTRACE', 'XCOEF', 'XCOEFF']));
  let y = imageSeries(
    content,
    type === 'bootcalib' ? content.hdus[1] : hduNamed(content, ['YTRACE', 'YCOEF', 'YCOEFF']),
  );
  let xsig = imageSeries(content, hduNamed(content, ['XSIG']));
  let ysig = imageSeries(content, hduNamed(content, ['YSIG']));
  if (type === 'GAUSS-HERMITE') {
    const table = tableSeries(content);
    x ??= table.get('X') ?? null;
    y ??= table.get('Y') ?? null;
    xsig ??= table.get('GHSIGX') ?? null;
    ysig ??= table.get('GHSIGY') ?? null;
  }
  if (x === null || y === null)
    throw new Error('it has no traces: neither XTRACE and YTRACE nor a table PSF with X and Y');
  const nspec = x.coef.length / x.ncoef;
  for (const series of [y, xsig, ysig]) {
    if (series === null) continue;
    if (series.coef.length / series.ncoef !== nspec) throw new Error('its series have different numbers of fibers');
    requireSameDomain(x, series);
  }
  const wsigma = ysig === null ? wavelengthSigma(content, hduNamed(content, ['WSIGMA']), x) : null;
  return { nspec, npixY: rowsOf(content), x, y, xsig, ysig, wsigma };
}

function requireSameDomain(a: LegendreSet, b: LegendreSet): void {
  if (Math.abs(a.wavemin - b.wavemin) <= DOMAIN_TOLERANCE && Math.abs(a.wavemax - b.wavemax) <= DOMAIN_TOLERANCE)
    return;
  throw new Error(
    `its series disagree on WAVEMIN or WAVEMAX: ${a.wavemin} … ${a.wavemax}, ${b.wavemin} … ${b.wavemax}`,
  );
}

function imageSeries(content: FitsContent, hdu: Hdu | undefined): LegendreSet | null {
  if (hdu === undefined) return null;
  const { nx, values } = matrixOf(content, hdu);
  const wavemin = hdu.header.requireNumber('WAVEMIN');
  const wavemax = hdu.header.requireNumber('WAVEMAX');
  if (!(wavemax > wavemin)) throw new Error(`HDU ${hdu.name}: WAVEMAX ${wavemax} is not above WAVEMIN ${wavemin}`);
  if (!values.every(Number.isFinite)) throw new Error(`HDU ${hdu.name} holds coefficients that are no numbers`);
  return { ncoef: nx, wavemin, wavemax, coef: values };
}

/** Series of the table of a Gauss-Hermite PSF, by the name of the parameter. */
function tableSeries(content: FitsContent): Map<string, LegendreSet> {
  const hdu = requireHdu(content, 'PSF');
  const table = tableOf(content, hdu);
  const names = table.strings('PARAM');
  const all = table.numbers('COEFF');
  const each = all.length / Math.max(names.length, 1);
  const ncoef = coefficientsPerFiber(content, hdu, each);
  const limit = (name: string, row: number): number =>
    table.has(name) ? table.numbers(name)[row]! : hdu.header.requireNumber(name);
  return new Map(
    names.map((name, row) => [
      name.trim(),
      {
        ncoef,
        wavemin: limit('WAVEMIN', row),
        wavemax: limit('WAVEMAX', row),
        coef: all.slice(row * each, (row + 1) * each),
      },
    ]),
  );
}

/** From the column's TDIM, `(ncoef,nspec)`, or else from the fibers that the header counts. */
function coefficientsPerFiber(content: FitsContent, hdu: Hdu, each: number): number {
  const column = tableOf(content, hdu).columns.findIndex((one) => one.name.toUpperCase() === 'COEFF') + 1;
  const dimensions = /^\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)/.exec(hdu.header.text(`TDIM${column}`) ?? '');
  if (dimensions !== null) return Number(dimensions[1]);
  const fibers = hdu.header.requireNumber('FIBERMAX') - hdu.header.requireNumber('FIBERMIN') + 1;
  if (each % fibers !== 0) throw new Error(`table PSF: ${each} coefficients do not divide among ${fibers} fibers`);
  return each / fibers;
}

function rowsOf(content: FitsContent): number {
  const candidates = [content.hdus[0], hduNamed(content, ['XTRACE']), hduNamed(content, ['PSF'])];
  for (const hdu of candidates) {
    const rows = hdu?.header.number('NPIX_Y');
    if (rows !== undefined && rows > 0) return rows;
  }
  throw new Error('it has no NPIX_Y, in neither the first HDU nor XTRACE nor PSF');
}

function wavelengthSigma(content: FitsContent, hdu: Hdu | undefined, x: LegendreSet): LegendreSet | null {
  if (hdu === undefined) return null;
  const { nx, values } = matrixOf(content, hdu);
  return { ncoef: nx, wavemin: x.wavemin, wavemax: x.wavemax, coef: values };
}
