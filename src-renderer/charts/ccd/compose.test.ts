import { describe, expect, it } from 'vitest';
import { COLOR_MAPS } from '../../model/ccd-options.ts';
import { fitView, visibleTiles, type ImageShape, type TilePlace } from '../../model/image-view.ts';
import { colorAt, colorTable, packed, TABLE_SIZE } from './color-maps.ts';
import { composeImage, composeMask, type TileValues } from './compose.ts';

const theme = { red: false, nothing: '#ff00ff', outside: '#010203' };
const table = colorTable('grey', false, 'linear', theme);
const grey = (level: number): number => ((255 << 24) | (level << 16) | (level << 8) | level) >>> 0;
const OUTSIDE = packed('#010203');
const NOTHING = packed('#ff00ff');

/** 3 × 2 pixels, one undefined. */
const shape: ImageShape = { nx: 3, ny: 2, binning: 1 };
const tile: TileValues = { width: 3, height: 2, values: Float32Array.of(0, 51, 102, NaN, 204, 255) };
const only = (level: number) => (place: TilePlace) => (place.level === level ? tile : undefined);
const range = { low: 0, high: 255 };

describe('composing an image', () => {
  it('shows each pixel as a square of its colour, the first row below, and what is beside the image', () => {
    const screen = { width: 8, height: 6 };
    const out = new Uint32Array(48);
    const image = { shape, places: [{ level: 0, column: 0, row: 0 }], lookup: only(0) };
    const complete = composeImage(out, screen, { x: 1.5, y: 1, zoom: 2 }, image, range, table);
    expect(complete).toBe(true);
    const rows = Array.from({ length: 6 }, (_, y) => [...out.subarray(y * 8, y * 8 + 8)]);
    const O = OUTSIDE;
    expect(rows[0]).toEqual([O, O, O, O, O, O, O, O]);
    expect(rows[1]).toEqual([O, NOTHING, NOTHING, grey(204), grey(204), grey(255), grey(255), O]);
    expect(rows[2]).toEqual(rows[1]);
    expect(rows[3]).toEqual([O, grey(0), grey(0), grey(51), grey(51), grey(102), grey(102), O]);
    expect(rows[5]).toEqual([O, O, O, O, O, O, O, O]);
  });

  it('takes a coarser tile while the right one is on its way, and says that it is not complete', () => {
    const large: ImageShape = { nx: 6, ny: 4, binning: 1 };
    const screen = { width: 6, height: 4 };
    const out = new Uint32Array(24);
    const image = { shape: large, places: [{ level: 0, column: 0, row: 0 }], lookup: only(1) };
    expect(composeImage(out, screen, { x: 3, y: 2, zoom: 1 }, image, range, table)).toBe(false);
    expect([...out.subarray(18, 24)]).toEqual([0, 0, 51, 51, 102, 102].map(grey));
  });

  it('has no seam between tiles, wherever their border falls on the screen', () => {
    const large: ImageShape = { nx: 1024, ny: 1024, binning: 1 };
    const full: TileValues = { width: 256, height: 256, values: new Float32Array(65536).fill(255) };
    for (const zoom of [0.15, 0.1545, 0.3, 1 / 3, 0.77, 1.1]) {
      for (const height of [99, 100, 101]) {
        const screen = { width: 40, height };
        const out = new Uint32Array(40 * height);
        const view = { x: 512, y: 512, zoom };
        const places = visibleTiles(view, large, screen, 0);
        composeImage(out, screen, view, { shape: large, places, lookup: () => full }, range, table);
        const tall = Math.min(height, Math.floor(1024 * zoom) - 2);
        const first = Math.ceil((height - tall) / 2) + 1;
        for (let y = first; y < height - first; y++) expect(out[y * 40 + 20], `${zoom} ${height} ${y}`).toBe(grey(255));
      }
    }
  });

  it('cuts values off at the ends of the range', () => {
    const out = new Uint32Array(6);
    const image = { shape, places: [{ level: 0, column: 0, row: 0 }], lookup: only(0) };
    composeImage(out, { width: 3, height: 2 }, { x: 1.5, y: 1, zoom: 1 }, image, { low: 100, high: 110 }, table);
    expect([...out.subarray(3)].map((color) => color === grey(0))).toEqual([true, true, false]);
    expect(out[2]).toBe(grey(255));
  });

  it('draws binned pixels as large as what they stand for', () => {
    const binned = { ...shape, binning: 4 };
    const screen = { width: 120, height: 80 };
    const view = fitView(binned, screen);
    const out = new Uint32Array(120 * 80);
    composeImage(
      out,
      screen,
      view,
      { shape: binned, places: [{ level: 0, column: 0, row: 0 }], lookup: only(0) },
      range,
      table,
    );
    const drawn = out.reduce((sum, color) => sum + (color === OUTSIDE ? 0 : 1), 0);
    expect(Math.abs(drawn - 12 * 8 * view.zoom ** 2)).toBeLessThan(250);
  });

  it('paints a mask where any of the bits is set', () => {
    const mask: TileValues = { width: 3, height: 2, values: Float32Array.of(0, 1, 16, 17, 2, 0) };
    const out = new Uint32Array(6);
    const composed = { shape, places: [{ level: 0, column: 0, row: 0 }], lookup: () => mask };
    composeMask(out, { width: 3, height: 2 }, { x: 1.5, y: 1, zoom: 1 }, composed, 1, 7);
    expect([...out]).toEqual([7, 0, 0, 0, 7, 0]);
  });
});

describe('colour maps', () => {
  const light = ([r, g, b]: readonly number[]): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;

  it.each(COLOR_MAPS)('%s rises in brightness all the way, as those must who do not see all colours', (map) => {
    const steps = Array.from({ length: 101 }, (_, i) => light(colorAt(map, false, false, i / 100)));
    steps.slice(1).forEach((step, i) => expect(step).toBeGreaterThanOrEqual(steps[i]! - 0.6));
    expect(steps[100]! - steps[0]!).toBeGreaterThan(120);
  });

  it('can be turned round', () => {
    expect(colorAt('grey', true, false, 0)).toEqual([255, 255, 255]);
    expect(colorAt('viridis', true, false, 0.2)).toEqual(colorAt('viridis', false, false, 0.8));
  });

  it('have no green and blue light in the red theme', () => {
    for (const map of COLOR_MAPS)
      for (let i = 0; i <= 10; i++) {
        const [r, g, b] = colorAt(map, false, true, i / 10);
        expect(Math.max(g, b)).toBeLessThanOrEqual(Math.max(1, 0.3 * r));
      }
  });

  it('are bent by their curve', () => {
    const bent = colorTable('grey', false, 'sqrt', theme);
    expect(bent.colors[Math.round((TABLE_SIZE - 1) / 4)]).toBe(grey(128));
    expect(bent.colors[TABLE_SIZE - 1]).toBe(grey(255));
  });
});
