import { describe, expect, it } from 'vitest';
import { FIBER_CLASSES, FIBERS, type Fibermap } from '#shared/domain/fiber.ts';
import { nearestFiber, projectionOf, toPlane, toScreen, WHOLE } from '../charts/canvas/plane-drawing.ts';
import { fibersInside, isInside, planeOf } from './fiber-plane.ts';
import { fiberBeside, fiberNamed } from './fiber-view.ts';

const NON = FIBER_CLASSES.indexOf('NON');

/** Fibers 0 … 9 of each petal around its direction; the others are not there. */
function mapOf(placed: boolean): Fibermap {
  const map: Fibermap = {
    file: 'f',
    x: new Float32Array(FIBERS),
    y: new Float32Array(FIBERS),
    ra: new Float64Array(FIBERS).fill(0.1),
    dec: new Float64Array(FIBERS).fill(60),
    magnitude: { b: new Float32Array(FIBERS), r: new Float32Array(FIBERS), z: new Float32Array(FIBERS) },
    classes: new Uint8Array(FIBERS).fill(NON),
    targets: Array.from({ length: FIBERS }, (_, i) => `39000${i}`),
    status: new Int32Array(FIBERS),
    placed,
  };
  for (let petal = 0; petal < 10; petal++) {
    const angle = ((270 + 36 * petal) * Math.PI) / 180;
    for (let i = 0; i < 10; i++) {
      const fiber = 500 * petal + i;
      const radius = 100 + 20 * i;
      map.x[fiber] = radius * Math.cos(angle);
      map.y[fiber] = radius * Math.sin(angle);
      map.ra[fiber] = (359.9 + 0.02 * i) % 360;
      map.dec[fiber] = 60 + 0.01 * i;
      map.classes[fiber] = 0;
    }
  }
  return map;
}

describe('places of fibers', () => {
  it('are those of the map, with the petals where their fibers are', () => {
    const plane = planeOf('focal', mapOf(true), NON);
    expect(plane.x[12]).toBeNaN();
    expect(plane.petals[5]!.angle).toBeCloseTo(Math.PI / 2, 5);
    expect(plane.radius).toBeCloseTo(280, 3);
  });
  it('on the sky have right ascension to the left, across 0 too', () => {
    const plane = planeOf('sky', mapOf(true), NON);
    expect(plane.x[0]!).toBeGreaterThan(plane.x[9]!);
    expect(Math.abs(plane.x[0]! - plane.x[9]!)).toBeCloseTo(0.18 * Math.cos((60.045 * Math.PI) / 180), 4);
    expect(plane.y[9]!).toBeGreaterThan(plane.y[0]!);
  });
  it('are by number where no places are known', () => {
    for (const map of [mapOf(false), null]) {
      const plane = planeOf('focal', map, NON);
      expect(plane.layout).toBe('fiber');
      expect(Number.isNaN(plane.x[500 * 9 + 9])).toBe(false);
    }
  });
  it('come back from the screen as they went, and the nearest is found', () => {
    const plane = planeOf('focal', mapOf(true), NON);
    const projection = projectionOf(plane, 600, 400, WHOLE);
    const [px, py] = toScreen(projection, plane.x[1505]!, plane.y[1505]!);
    expect(px > 0 && px < 600 && py > 0 && py < 400).toBe(true);
    expect(toPlane(projection, px, py)[0]).toBeCloseTo(plane.x[1505]!, 6);
    expect(nearestFiber(plane, projection, px + 2, py - 1, 14)).toBe(1505);
    expect(nearestFiber(plane, projection, 2, 2, 14)).toBe(null);
  });
  it('lie inside a lasso or not', () => {
    const square = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ] as const;
    expect([isInside(square, 5, 5), isInside(square, 15, 5), isInside(square, NaN, 5)]).toEqual([true, false, false]);
    const plane = planeOf('focal', mapOf(true), NON);
    const above = [
      [-50, 90],
      [50, 90],
      [50, 400],
      [-50, 400],
    ] as const;
    expect(fibersInside(plane, above)).toEqual(Array.from({ length: 10 }, (_, i) => 2500 + i));
  });
});

describe('stepping and naming', () => {
  it('passes over fibers that are not there, round the end', () => {
    const map = mapOf(true);
    expect(fiberBeside(map, NON, 9, 1)).toBe(500);
    expect(fiberBeside(map, NON, 0, -1)).toBe(4509);
    expect(fiberBeside(null, NON, 9, 1)).toBe(10);
  });
  it('takes a number or a target, and nothing else', () => {
    const map = mapOf(true);
    expect([
      fiberNamed(' 17 ', map),
      fiberNamed('39000123', map),
      fiberNamed('5000', map),
      fiberNamed('x', map),
    ]).toEqual([17, 123, null, null]);
  });
});
