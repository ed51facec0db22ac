import type { Handlers } from '#shared/ipc/contract.ts';
import type { TRENDS_CONTRACT } from '#shared/ipc/trends-contract.ts';
import type { TileList } from '#shared/domain/footprint.ts';
import type { TrendReader } from '../domain/ports/trends.ts';
import { readTelemetry } from './telemetry.ts';

type Channels = keyof typeof TRENDS_CONTRACT;

export interface TrendParts {
  reader: TrendReader;
  store: {
    /** Keeps a list of planned tiles in the place of the one before. */
    savePlannedTiles(list: TileList, at: number): void;
  };
  folders: { raw(night: string, expid: number): string };
  now: () => number;
}

/** The engine's side of trends, observing conditions and footprint. */
export function trendHandlers({ reader, store, folders, now }: TrendParts): Pick<Handlers, Channels> {
  return {
    'trend.catalogue': () => reader.catalogue(),
    'trend.lines': (query) => reader.lines(query),
    'trend.regression': (query) => reader.regression(query),
    'trend.conditions': (filter) => reader.conditions(filter),
    'trend.telemetry': (query) => readTelemetry({ reader, raw: (night, expid) => folders.raw(night, expid) }, query),
    'footprint.get': (filter) => reader.footprint(filter),
    'footprint.exposures': ({ tileid }) => reader.tileExposures(tileid),
    'footprint.import': (list) => {
      store.savePlannedTiles(list, now());
      return {};
    },
  };
}
