import { FIBERS, FIBERS_EACH, type Fibermap } from '#shared/domain/fiber.ts';

export const LAYOUTS = ['focal', 'sky', 'fiber'] as const;
/** Focal plane in mm, sky in degrees from the centre with right ascension to the left, or a place for every fiber number. */
export type Layout = (typeof LAYOUTS)[number];

/** Where every fiber is drawn, y upwards; NaN where its place is not known. */
export interface Plane {
  layout: Layout;
  x: Float32Array;
  y: Float32Array;
  /** Outlines of the petals. */
  petals: readonly Petal[];
  radius: number;
  /** Centre of the field, degrees; null off the sky. */
  centre: readonly [number, number] | null;
}

/** The petal of one spectrograph: a sector about `angle` (radians, from the x axis), or a block of places. */
export interface Petal {
  spectrograph: number;
  angle: number;
  block: { x0: number; y0: number; x1: number; y1: number } | null;
}

const RAD = Math.PI / 180;
const BUNDLE = 25;
/** Petals of 36° go round from the bottom, 0 first, as they stand in the telescope. */
const conventional = (spectrograph: number): number => (270 + 36 * spectrograph) * RAD;

/** The direction in which the fibers of a petal lie; the telescope's own order where there are none. */
function petalAngle(spectrograph: number, x: Float32Array, y: Float32Array): number {
  let [east, north] = [0, 0];
  for (let fiber = spectrograph * FIBERS_EACH; fiber < (spectrograph + 1) * FIBERS_EACH; fiber++) {
    const r = Math.hypot(x[fiber] ?? NaN, y[fiber] ?? NaN);
    if (!(r > 0)) continue;
    east += (x[fiber] ?? 0) / r;
    north += (y[fiber] ?? 0) / r;
  }
  return east === 0 && north === 0 ? conventional(spectrograph) : Math.atan2(north, east);
}

function sectors(x: Float32Array, y: Float32Array): Petal[] {
  return Array.from({ length: 10 }, (_, spectrograph) => ({
    spectrograph,
    angle: petalAngle(spectrograph, x, y),
    block: null,
  }));
}

function radiusOf(x: Float32Array, y: Float32Array): number {
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    const r = Math.hypot(x[i] ?? NaN, y[i] ?? NaN);
    if (r > most) most = r;
  }
  return most || 1;
}

/** Circular middle of right ascensions and mean of declinations, degrees. */
function centreOf(ra: Float64Array, dec: Float64Array): readonly [number, number] {
  let [cos, sin, sum, n] = [0, 0, 0, 0];
  for (let i = 0; i < ra.length; i++) {
    const [a, d] = [ra[i] ?? NaN, dec[i] ?? NaN];
    if (!Number.isFinite(a) || !Number.isFinite(d)) continue;
    cos += Math.cos(a * RAD);
    sin += Math.sin(a * RAD);
    sum += d;
    n += 1;
  }
  return [(Math.atan2(sin, cos) / RAD + 360) % 360, n > 0 ? sum / n : 0];
}

function skyPlane({ ra, dec, classes }: Fibermap, notThere: number): Plane {
  // Places on what was not used are no places.
  const used = (value: number, i: number): number => (classes[i] === notThere ? NaN : value);
  const [ra0, dec0] = centreOf(ra.map(used), dec.map(used));
  const cos = Math.cos(dec0 * RAD);
  const x = Float32Array.from(ra, (value, i) => used(-((((value - ra0 + 540) % 360) - 180) * cos), i));
  const y = Float32Array.from(dec, (value, i) => used(value - dec0, i));
  return { layout: 'sky', x, y, petals: sectors(x, y), radius: radiusOf(x, y), centre: [ra0, dec0] };
}

/** Bundles of 25 fibers as rows, one block a spectrograph: two columns of blocks for short slits, five for long ones. */
function fiberPlane(lit: (fiber: number) => boolean): Plane {
  let longest = 0;
  for (let fiber = 0; fiber < FIBERS; fiber++) if (lit(fiber)) longest = Math.max(longest, (fiber % FIBERS_EACH) + 1);
  const rows = Math.ceil((longest || FIBERS_EACH) / BUNDLE);
  const columns = rows > 6 ? 5 : 2;
  const [wide, high] = [BUNDLE + 3, rows + (rows > 6 ? 4 : 1.6)];
  const place = (spectrograph: number): { x0: number; y0: number } => ({
    x0: (spectrograph % columns) * wide,
    y0: -Math.floor(spectrograph / columns) * high,
  });
  const x = new Float32Array(FIBERS).fill(NaN);
  const y = new Float32Array(FIBERS).fill(NaN);
  for (let fiber = 0; fiber < FIBERS; fiber++) {
    const local = fiber % FIBERS_EACH;
    if (local >= rows * BUNDLE) continue;
    const { x0, y0 } = place(Math.floor(fiber / FIBERS_EACH));
    x[fiber] = x0 + (local % BUNDLE);
    y[fiber] = y0 - Math.floor(local / BUNDLE);
  }
  const petals = Array.from({ length: 10 }, (_, spectrograph): Petal => {
    const { x0, y0 } = place(spectrograph);
    return {
      spectrograph,
      angle: 0,
      block: { x0: x0 - 0.8, y0: y0 + 0.8, x1: x0 + BUNDLE - 0.2, y1: y0 - rows + 0.2 },
    };
  });
  return { layout: 'fiber', x, y, petals, radius: 0, centre: null };
}

/**
 * Where the fibers are drawn. Without a map, or where it has no places, only the layout by fiber number is possible.
 * @param notThere index of the class of fibers that the instrument does not have
 */
export function planeOf(layout: Layout, map: Fibermap | null, notThere: number): Plane {
  const there = (fiber: number): boolean => map === null || map.classes[fiber] !== notThere;
  if (layout === 'fiber' || !map?.placed) return fiberPlane(there);
  if (layout === 'sky') return skyPlane(map, notThere);
  const x = map.x.map((value, i) => (there(i) ? value : NaN));
  const y = map.y.map((value, i) => (there(i) ? value : NaN));
  return { layout, x, y, petals: sectors(x, y), radius: radiusOf(x, y), centre: null };
}

/** Whether a point lies inside a closed polygon (even-odd rule). */
export function isInside(polygon: readonly (readonly [number, number])[], px: number, py: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] ?? [0, 0];
    const [xj, yj] = polygon[j] ?? [0, 0];
    if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Fibers whose places lie inside a polygon, in their order. */
export function fibersInside({ x, y }: Plane, polygon: readonly (readonly [number, number])[]): number[] {
  const found: number[] = [];
  for (let fiber = 0; fiber < x.length; fiber++)
    if (isInside(polygon, x[fiber] ?? NaN, y[fiber] ?? NaN)) found.push(fiber);
  return found;
}
