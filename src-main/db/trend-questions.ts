import type Database from 'better-sqlite3';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { ConditionsAnswer, Quantity, RegressionAnswer, RegressionQuery } from '#shared/domain/trend.ts';
import type { TrendQuestions } from '../domain/ports/trends.ts';
import { fitLine } from '../domain/fit-line.ts';
import { median } from '../domain/summarise-line.ts';
import { footprintQueries } from './footprint.ts';
import { exposureQueries, type ExposurePoint } from './trend-exposures.ts';
import { elementQueries, type ElementQueries } from './trend-lines.ts';

/** Exposures of one answer about conditions: a year of nights is half of it. */
const MAX_CONDITIONS = 20_000;

const R_CAMERAS = CAMERAS.filter((camera) => camera.startsWith('r'));

/** Sky brightness (median SKYRBAND of the r cameras, mag) by EXPID. */
function skyOf(queries: ElementQueries, points: readonly ExposurePoint[]): Map<number, number> {
  const values = new Map<number, number[]>();
  for (const [expid, , , value] of queries.elements('skyrband', 'SKYRBAND', R_CAMERAS, points)) {
    // The original writes 0 for fibers that it could not measure.
    if (value === null || value === 0) continue;
    const own = values.get(expid);
    if (own) own.push(value);
    else values.set(expid, [value]);
  }
  return new Map([...values].map(([expid, list]) => [expid, median(list) ?? 0]));
}

/** Numbers of one axis: by exposure, or by exposure and camera. */
interface AxisValues {
  ofCamera: boolean;
  /** Key: EXPID × 32 + place of the camera, or EXPID × 32 alone. */
  values: Map<number, number>;
}

const keyOf = (expid: number, camera: CameraName | null): number =>
  expid * 32 + (camera === null ? 0 : CAMERAS.indexOf(camera));

function axisValues(
  queries: ElementQueries,
  quantity: Quantity,
  cameras: readonly CameraName[],
  points: readonly ExposurePoint[],
): AxisValues {
  if (quantity.kind === 'exposure') {
    if (quantity.name === 'sky') {
      const sky = skyOf(queries, points);
      return { ofCamera: false, values: new Map([...sky].map(([expid, value]) => [keyOf(expid, null), value])) };
    }
    const { name } = quantity;
    const known = points.flatMap((point) => {
      const value = point[name];
      return value === null ? [] : [[keyOf(point.expid, null), value] as const];
    });
    return { ofCamera: false, values: new Map(known) };
  }
  const sums = new Map<number, [number, number]>();
  for (const [expid, camera, label, value] of queries.elements(quantity.metric, quantity.key, cameras, points)) {
    if (value === null || (quantity.label !== null && label !== quantity.label)) continue;
    const key = keyOf(expid, camera);
    const own = sums.get(key);
    if (own) {
      own[0] += value;
      own[1] += 1;
    } else sums.set(key, [value, 1]);
  }
  return { ofCamera: true, values: new Map([...sums].map(([key, [sum, n]]) => [key, sum / n])) };
}

/** Every nth of the pairs, and those farthest from the fit. */
function fewer(n: number, keep: number, distance: (i: number) => number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= keep) return all;
  const far = [...all].sort((a, b) => distance(b) - distance(a)).slice(0, Math.floor(keep / 10));
  const step = n / (keep - far.length);
  const even = Array.from({ length: keep - far.length }, (_, i) => Math.floor(i * step));
  return [...new Set([...far, ...even])].sort((a, b) => a - b);
}

function regression(
  queries: ElementQueries,
  points: readonly ExposurePoint[],
  { x, y, cameras, points: keep }: RegressionQuery,
): RegressionAnswer {
  const left = axisValues(queries, x, cameras, points);
  const right = axisValues(queries, y, cameras, points);
  const places: (CameraName | null)[] = left.ofCamera || right.ofCamera ? [...cameras] : [null];
  const pairs: { point: ExposurePoint; camera: CameraName | null; x: number; y: number }[] = [];
  for (const point of points)
    for (const camera of places) {
      const a = left.values.get(keyOf(point.expid, left.ofCamera ? camera : null));
      const b = right.values.get(keyOf(point.expid, right.ofCamera ? camera : null));
      if (a !== undefined && b !== undefined) pairs.push({ point, camera, x: a, y: b });
    }
  const fit = fitLine(
    pairs.map((pair) => pair.x),
    pairs.map((pair) => pair.y),
  );
  const off = (i: number): number => {
    const pair = pairs[i];
    return pair && fit ? Math.abs(pair.y - fit.intercept - fit.slope * pair.x) : 0;
  };
  const kept = fewer(pairs.length, keep, off).flatMap((i) => pairs[i] ?? []);
  return {
    expid: kept.map(({ point }) => point.expid),
    camera: kept.map(({ camera }) => camera),
    x: kept.map((pair) => pair.x),
    y: kept.map((pair) => pair.y),
    run: kept.map(({ point }) => point.run),
    night: kept.map(({ point }) => point.night),
    fit,
    total: pairs.length,
  };
}

function conditions(queries: ElementQueries, all: readonly ExposurePoint[]): ConditionsAnswer {
  const points = all.slice(-MAX_CONDITIONS);
  const sky = skyOf(queries, points);
  const column = <K extends keyof ExposurePoint>(name: K): ExposurePoint[K][] => points.map((point) => point[name]);
  return {
    expid: column('expid'),
    at: column('at'),
    night: column('night'),
    flavor: column('flavor'),
    program: column('program'),
    airmass: column('airmass'),
    seeing: column('seeing'),
    sky: points.map(({ expid }) => sky.get(expid) ?? null),
    exptime: column('exptime'),
    run: column('run'),
    total: all.length,
  };
}

/** Answers from one connection; the numbers of one answer are of one moment only if nothing is posted meanwhile. */
export function trendQuestions(db: Database.Database): TrendQuestions {
  const exposures = exposureQueries(db);
  const elements = elementQueries(db, exposures);
  const footprint = footprintQueries(db, exposures);
  const series = db.prepare<[], { metric: string; key: string }>(
    'SELECT metric, key FROM trend_series ORDER BY metric, id',
  );
  return {
    catalogue: () => ({ series: series.all(), ...exposures.catalogue() }),
    lines: (query) => elements.lines(query),
    regression: (query) => regression(elements, exposures.points(query.filter), query),
    conditions: (filter) => conditions(elements, exposures.points(filter)),
    footprint: (filter) => footprint.answer(filter),
    tileExposures: (tileid) => footprint.exposures(tileid),
  };
}
