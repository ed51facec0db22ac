import { describe, expect, it } from 'vitest';
import {
  confined,
  fitView,
  levelFor,
  moved,
  pixelAt,
  toImage,
  toScreen,
  visibleTiles,
  zoomedAt,
  type ImageShape,
} from './image-view.ts';

const camera: ImageShape = { nx: 4204, ny: 4096, binning: 1 };
const screen = { width: 900, height: 700 };

describe('the view of an image', () => {
  it('shows the whole image at first, its lower left corner below', () => {
    const view = fitView(camera, screen);
    expect(view.zoom).toBeCloseTo((700 - 12) / 4096, 12);
    const [left, bottom] = toScreen(view, screen, 0, 0);
    const [right, top] = toScreen(view, screen, 4204, 4096);
    expect(left).toBeGreaterThan(0);
    expect(right).toBeLessThan(900);
    expect([top, bottom].map(Math.round)).toEqual([6, 694]);
  });

  it('finds the same place back from the screen', () => {
    const view = { x: 1234.5, y: 99, zoom: 3.7 };
    const [px, py] = toScreen(view, screen, 1200, 130);
    const [x, y] = toImage(view, screen, px, py);
    expect([x, y].map((value) => Number(value.toFixed(9)))).toEqual([1200, 130]);
  });

  it('magnifies about the pointer', () => {
    const view = { x: 2000, y: 2000, zoom: 0.5 };
    const before = toImage(view, screen, 120, 640);
    const after = toImage(zoomedAt(view, screen, 120, 640, 8), screen, 120, 640);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
  });

  it('moves with the pointer', () => {
    const view = moved({ x: 100, y: 100, zoom: 2 }, 40, 20);
    expect(view).toEqual({ x: 80, y: 110, zoom: 2 });
  });

  it('stays on the image and inside its limits', () => {
    expect(confined({ x: -50, y: 9000, zoom: 500 }, camera, screen)).toEqual({ x: 0, y: 4096, zoom: 64 });
    expect(confined({ x: 0, y: 0, zoom: 0.0001 }, camera, screen).zoom).toBeCloseTo(
      fitView(camera, screen).zoom / 2,
      9,
    );
  });

  it.each([
    [1, 1, 0],
    [2, 1, 0],
    [0.99, 1, 0],
    [0.5, 1, 1],
    [0.26, 1, 1],
    [0.25, 1, 2],
    [0.168, 1, 2],
    [0.25, 4, 0],
    [0.1, 4, 1],
  ])('at %d screen pixels a pixel, binned by %d, takes level %d', (zoom, binning, level) => {
    expect(levelFor({ x: 0, y: 0, zoom }, { nx: 4096, ny: 4096, binning })).toBe(level);
  });

  it('asks for the tiles on screen and no others, the middle first', () => {
    const places = visibleTiles({ x: 600, y: 400, zoom: 1 }, camera, { width: 500, height: 300 }, 0);
    expect(places[0]).toEqual({ level: 0, column: 2, row: 1 });
    const keys = places.map(({ column, row }) => `${column} ${row}`).sort();
    expect(keys).toEqual(['1 0', '1 1', '1 2', '2 0', '2 1', '2 2', '3 0', '3 1', '3 2']);
    const all = visibleTiles(fitView(camera, screen), camera, screen, 2);
    expect(all).toHaveLength(5 * 4);
  });

  it('knows the pixel under the pointer, and that there is none beside the image', () => {
    const view = { x: 10, y: 10, zoom: 10 };
    expect(pixelAt(view, camera, { width: 200, height: 200 }, 0, 199)).toEqual({ x: 0, y: 0 });
    expect(pixelAt(view, camera, { width: 200, height: 200 }, 15, 180)).toEqual({ x: 1, y: 2 });
    expect(pixelAt({ ...view, x: 0 }, camera, { width: 200, height: 200 }, 50, 100)).toBeNull();
    expect(pixelAt(view, { ...camera, binning: 4 }, { width: 200, height: 200 }, 85, 100)).toEqual({ x: 2, y: 2 });
  });
});
