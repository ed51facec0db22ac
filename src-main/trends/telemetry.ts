import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Series, TelemetryAnswer, TelemetryQuery } from '#shared/domain/telemetry.ts';
import { seriesOf } from '../domain/telemetry-series.ts';
import type { TrendReader } from '../domain/ports/trends.ts';

/** Exposures of one answer, and points of a series that are told of one of them. */
const MOST_EXPOSURES = 60;
const MOST_POINTS = 400;
/** bytes; such a file has some hundred kB */
const LARGEST = 8 * 1024 * 1024;

/** The content of a file of another's making; null where there is none, or none of the kind. */
async function contentOf(path: string): Promise<unknown> {
  try {
    return (await stat(path)).size > LARGEST ? null : (JSON.parse(await readFile(path, 'utf8')) as unknown);
  } catch {
    return null;
  }
}

/** Every so many of the points, so that there are not too many. */
function thinned({ at, values }: Series): Pick<Series, 'at' | 'values'> {
  const step = Math.ceil(at.length / MOST_POINTS);
  const keep = <T>(list: T[]): T[] => (step <= 1 ? list : list.filter((_, i) => i % step === 0));
  return { at: keep(at), values: keep(values) };
}

/** Reads what came with the raw files of the exposures, a file after the other: nothing else waits for it. */
export async function readTelemetry(
  parts: { reader: Pick<TrendReader, 'conditions'>; raw: (night: string, expid: number) => string },
  { filter, name: wanted }: TelemetryQuery,
): Promise<TelemetryAnswer> {
  const { expid: all, night, run, total } = await parts.reader.conditions(filter);
  const first = Math.max(0, all.length - MOST_EXPOSURES);
  const units = new Map<string, string>();
  const found: { place: number; series: Series[] }[] = [];
  for (let place = first; place < all.length; place++) {
    const expid = all[place] ?? 0;
    const folder = parts.raw(night[place] ?? '', expid);
    const telemetry = await contentOf(join(folder, `telemetry-${expid8(expid)}.json`));
    const series = seriesOf(telemetry, await contentOf(join(folder, `etc-${expid8(expid)}.json`)));
    for (const one of series) units.set(one.name, one.unit);
    found.push({ place, series });
  }
  const names = [...units].map(([name, unit]) => ({ name, unit })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const name = (wanted === null ? names[0]?.name : names.find((one) => one.name === wanted)?.name) ?? null;
  return {
    names,
    name,
    unit: (name === null ? undefined : units.get(name)) ?? '',
    exposures: found.flatMap(({ place, series }) => {
      const own = series.find((one) => one.name === name);
      if (!own) return [];
      return [{ expid: all[place] ?? 0, night: night[place] ?? '', run: run[place] ?? null, ...thinned(own) }];
    }),
    looked: found.length,
    total,
  };
}
