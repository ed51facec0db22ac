import { describe, expect, it } from 'vitest';
import { Header } from '#shared/fits/header.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { evaluate } from '../psf/legendre-set.ts';
import { readTraceSet } from './trace-set.ts';

const X = [10, 0.5, 20, 0.5, 30, 0.5];
const Y = [50, 60, 51, 60, 52, 60];
const SIGMA = [1.1, 0.1, 1.2, 0.1, 1.3, 0.1];
const domain = (wavemax = 6100): Header => new Header().set('WAVEMIN', 6000).set('WAVEMAX', wavemax).set('NPIX_Y', 110);
const image = (values: number[]) => ({ axes: [2, 3], pixels: Float64Array.from(values) });
const named = (name: string) => domain().set('EXTNAME', name);

describe('a PSF file of images', () => {
  it.each([
    ['XTRACE', 'YTRACE'],
    ['XCOEF', 'YCOEF'],
    ['XCOEFF', 'YCOEFF'],
  ])('has its traces in %s and %s', (x, y) => {
    const traces = readTraceSet(encodeFits([primaryHdu(named(x), image(X)), imageHdu(y, image(Y), domain())]));
    expect(traces).toMatchObject({ nspec: 3, wavemin: 6000, wavemax: 6100, npixY: 110, xsig: null, ysig: null });
    expect(evaluate(traces.x, 2, 6050)).toBeCloseTo(30, 12);
    expect(evaluate(traces.y, 1, 6100)).toBeCloseTo(111, 12);
  });

  it('may have widths in pixels', () => {
    const bytes = encodeFits([
      primaryHdu(named('XTRACE'), image(X)),
      imageHdu('YTRACE', image(Y), domain()),
      imageHdu('XSIG', image(SIGMA), domain()),
      imageHdu('YSIG', image(SIGMA), domain()),
    ]);
    expect(evaluate(readTraceSet(bytes).ysig!, 1, 6050)).toBeCloseTo(1.2, 12);
  });

  it('may have the old widths in Å, which become pixels', () => {
    const bytes = encodeFits([
      primaryHdu(named('XTRACE'), image(X)),
      imageHdu('YTRACE', image(Y), domain()),
      imageHdu('WSIGMA', image(SIGMA), domain()),
    ]);
    // dy/dλ = 60 pixels per 50 Å.
    expect(evaluate(readTraceSet(bytes).ysig!, 0, 6050)).toBeCloseTo(1.1 * 1.2, 9);
  });

  it('of bootcalib has them in the first two HDUs', () => {
    const first = primaryHdu(domain().set('PSFTYPE', 'bootcalib'), image(X));
    const traces = readTraceSet(encodeFits([first, imageHdu('OTHER', image(Y), domain())]));
    expect(evaluate(traces.y, 0, 6000)).toBeCloseTo(-10, 12);
  });

  it.each([
    ['without y', [primaryHdu(named('XTRACE'), image(X))], 'no traces'],
    [
      'with two domains',
      [primaryHdu(named('XTRACE'), image(X)), imageHdu('YTRACE', image(Y), domain(6101))],
      'disagree on WAVEMIN or WAVEMAX',
    ],
    [
      'with no numbers in it',
      [primaryHdu(named('XTRACE'), image([NaN, 1, 1, 1, 1, 1])), imageHdu('YTRACE', image(Y), domain())],
      'no numbers',
    ],
    [
      'without NPIX_Y',
      [
        primaryHdu(new Header().set('EXTNAME', 'XTRACE').set('WAVEMIN', 6000).set('WAVEMAX', 6100), image(X)),
        imageHdu('YTRACE', image(Y), new Header().set('WAVEMIN', 6000).set('WAVEMAX', 6100)),
      ],
      'NPIX_Y',
    ],
    [
      'with fewer fibers in y',
      [
        primaryHdu(named('XTRACE'), image(X)),
        imageHdu('YTRACE', { axes: [2, 2], pixels: Float64Array.from(Y.slice(0, 4)) }, domain()),
      ],
      'different numbers of fibers',
    ],
  ])('%s is refused', (_, hdus, message) => {
    expect(() => readTraceSet(encodeFits(hdus))).toThrow(message);
  });
});

describe('a Gauss-Hermite PSF', () => {
  const table = (cards = new Header().set('NPIX_Y', 110)) =>
    tableHdu(
      'PSF',
      [
        { name: 'PARAM', form: '8A', values: ['X', 'Y', 'GHSIGX', 'GHSIGY'] },
        { name: 'WAVEMIN', form: 'D', values: [6000, 6000, 6000, 6000] },
        { name: 'WAVEMAX', form: 'D', values: [6100, 6100, 6100, 6100] },
        { name: 'COEFF', form: '6D', values: [...X, ...Y, ...SIGMA, ...SIGMA] },
      ],
      cards,
    );
  const first = primaryHdu(new Header().set('PSFTYPE', 'GAUSS-HERMITE'));

  it('has its traces in a table, whose column knows its shape', () => {
    const traces = readTraceSet(encodeFits([first, table(new Header().set('NPIX_Y', 110).set('TDIM4', '(2,3)'))]));
    expect(traces).toMatchObject({ nspec: 3, wavemin: 6000, wavemax: 6100, npixY: 110 });
    expect(evaluate(traces.x, 1, 6100)).toBeCloseTo(20.5, 12);
    expect(evaluate(traces.xsig!, 2, 6050)).toBeCloseTo(1.3, 12);
  });

  it('or whose header counts the fibers', () => {
    const cards = new Header().set('NPIX_Y', 110).set('FIBERMIN', 500).set('FIBERMAX', 502);
    expect(evaluate(readTraceSet(encodeFits([first, table(cards)])).y, 2, 6000)).toBeCloseTo(-8, 12);
  });
});
