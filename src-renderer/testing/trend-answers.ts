import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { FootprintAnswer, TileExposure } from '#shared/domain/footprint.ts';
import { nightOf } from '#shared/domain/night.ts';
import type { ConditionsAnswer, LineSummary, RegressionAnswer, TrendAnswer, TrendQuery } from '#shared/domain/trend.ts';
import type { TelemetryAnswer } from '#shared/domain/telemetry.ts';
import { likelyLabels } from '../model/trends-view.ts';
import { FIXTURE_NOW } from './fixture.ts';
import { seeded } from './scenario.ts';

const HOUR = 3_600_000;
const PROGRAMS = ['dark', 'bright', 'gray'] as const;

/** Exposures of some nights, 25 a night, the last of them just now. */
function exposures(nights: number) {
  const n = 25 * nights;
  const now = Date.now();
  const at = Array.from({ length: n }, (_, i) => {
    const [night, place] = [nights - 1 - Math.floor(i / 25), i % 25];
    return now - night * 24 * HOUR - (25 - place) * 0.32 * HOUR;
  });
  return {
    expid: at.map((_, i) => 298_417 - n + 1 + i),
    at,
    night: at.map(nightOf),
    flavor: at.map(() => 'science'),
    program: at.map((_, i) => PROGRAMS[Math.floor(i / 13) % 3] ?? null),
  };
}

const NIGHTS: Readonly<Record<string, number>> = { 'last-night': 1, week: 3, month: 8, all: 12, nights: 2 };

function summary(values: readonly number[], status: readonly number[]): LineSummary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    count: values.length,
    median: sorted[sorted.length >> 1] ?? null,
    scatter: 0.05,
    low: sorted[0] ?? null,
    high: sorted[sorted.length - 1] ?? null,
    last: values[values.length - 1] ?? null,
    warnings: status.filter((own) => own === 1).length,
    alarms: status.filter((own) => own === 2).length,
    unknown: 0,
  };
}

/** A trend as the engine would tell it: read noise, one amplifier drifting into an alarm. */
export function trendAnswer(query: TrendQuery): TrendAnswer {
  const random = seeded(5);
  const times = exposures(NIGHTS[query.filter.period.kind] ?? 1);
  const all = likelyLabels(query.metric, query.key);
  const labels = all.length > 0 ? all : [''];
  const n = times.expid.length;
  const lines = query.cameras.flatMap((camera) =>
    labels
      .filter((label) => query.labels === null || query.labels.includes(label))
      .map((label) => {
        const base = 2.45 + 0.35 * random();
        const drift = camera === 'r3' && label === 'C' ? 2.2 : 0;
        const value = times.at.map((_, i) => base + 0.06 * (random() - 0.5) + drift * (i / n) ** 6);
        const status = value.map((own) => (own > 4.6 ? 2 : own > 4.1 ? 1 : 0));
        return {
          camera,
          label,
          exposure: value.map((_, i) => i),
          value,
          reference: value.map(() => 2.6),
          status,
          limits: value.map((_, i) => (i < n / 2 ? 0 : 1)),
          run: value.map((_, i) => i + 1),
          summary: summary(value, status),
        };
      }),
  );
  const total = lines.reduce((sum, { value }) => sum + value.length, 0);
  return {
    exposures: times,
    lines,
    limits: [
      { normal: [-1.8, 1.8], warn: [-2.4, 2.4] },
      { normal: [-1.5, 1.5], warn: [-2, 2] },
    ],
    labels,
    total,
    kept: total,
  };
}

export function conditionsAnswer(kind: string): ConditionsAnswer {
  const random = seeded(9);
  const times = exposures(NIGHTS[kind] ?? 1);
  return {
    ...times,
    airmass: times.at.map((_, i) => 1.05 + 0.3 * Math.abs(Math.sin(i / 4)) + 0.02 * random()),
    seeing: times.at.map((_, i) => 0.9 + 0.25 * Math.sin(i / 9) + 0.1 * random()),
    sky: times.at.map((_, i) => (i % 9 === 4 ? null : 21.2 - 0.8 * Math.abs(Math.sin(i / 12)) + 0.05 * random())),
    exptime: times.at.map(() => 900),
    run: times.at.map((_, i) => i + 1),
    total: times.at.length,
  };
}

/** S/N falling with airmass, for 30 cameras. */
export function regressionAnswer(cameras: readonly CameraName[]): RegressionAnswer {
  const random = seeded(3);
  const { expid, night } = exposures(1);
  const pairs = expid.flatMap((id, i) =>
    cameras.map((camera) => {
      const x = 1.02 + 0.035 * i + 0.004 * random();
      const y = 1.35 - 0.42 * x + (0.1 * CAMERAS.indexOf(camera)) / 30 + 0.09 * (random() - 0.5);
      return { id, camera, x, y, night: night[i] ?? '' };
    }),
  );
  return {
    expid: pairs.map(({ id }) => id),
    camera: pairs.map(({ camera }) => camera),
    x: pairs.map(({ x }) => x),
    y: pairs.map(({ y }) => y),
    run: pairs.map(() => 7),
    night: pairs.map((pair) => pair.night),
    fit: { n: pairs.length, slope: -0.4187, slopeError: 0.0062, intercept: 1.398, r: -0.931, scatter: 0.0391 },
    total: pairs.length,
  };
}

/** A survey of two caps, some of it observed. */
export function footprintAnswer(): FootprintAnswer {
  const random = seeded(17);
  const planned = Array.from({ length: 5200 }, (_, i) => {
    const ra = 360 * random();
    const dec = (Math.asin(2 * random() - 1) * 180) / Math.PI;
    return { tileid: 1000 + i, ra, dec, program: i % 3 === 0 ? 'bright' : 'dark' };
  }).filter(
    ({ ra, dec }) => dec > -18 && dec < 80 && ((ra > 105 && ra < 265) || ra > 315 || ra < 75) && (dec < 32 || ra < 270),
  );
  const observed = planned
    .filter(({ ra, dec }) => Math.hypot((ra - 170) / 40, (dec - 20) / 25) < 1 && random() < 0.7)
    .map((tile) => {
      const n = 1 + Math.floor(6 * random() ** 3);
      return { ...tile, exposures: n, exptime: 900 * n, firstNight: '20261112', lastNight: '20261121' };
    });
  return { list: { name: 'desi-tiles.fits', count: planned.length, importedAt: Date.now() }, planned, observed };
}

export function tileExposures(): TileExposure[] {
  return [298_417, 298_416, 298_102].map((expid, i) => ({
    expid,
    night: '20261121',
    flavor: 'science',
    program: 'dark',
    exptime: 900.1,
    airmass: 1.12 + i / 10,
    seeing: 0.9,
    at: Date.now() - i * HOUR,
    state: 'processed',
    runId: i === 2 ? null : 7,
  }));
}

/** Twelve exposures of a night with what a few sensors said. */
export function telemetryAnswer(wanted: string | null): TelemetryAnswer {
  const names = [
    { name: 'ETC transparency', unit: '' },
    { name: 'humidity', unit: '%' },
    { name: 'wind speed', unit: 'm/s' },
  ];
  const chosen = names.find(({ name }) => name === wanted) ?? { name: 'ETC transparency', unit: '' };
  const middle = { 'ETC transparency': 0.95, humidity: 42, 'wind speed': 6 }[chosen.name] ?? 1;
  const begin = FIXTURE_NOW - 6 * 3_600_000;
  return {
    names,
    ...chosen,
    exposures: Array.from({ length: 12 }, (_, i) => ({
      ...{ expid: 298_400 + i, night: '20261121', run: 900 + i },
      at: Array.from({ length: 31 }, (_unused, j) => begin + i * 1_320_000 + j * 30_000),
      values: Array.from({ length: 31 }, (_unused, j) => middle * (1 + 0.1 * Math.sin(i + j / 9))),
    })),
    ...{ looked: 12, total: 12 },
  };
}
