import type { TileList } from '#shared/domain/footprint.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { TRENDS_CONTRACT } from '#shared/ipc/trends-contract.ts';
import type { TrendReader } from '../domain/ports/trends.ts';

type Channels = keyof typeof TRENDS_CONTRACT;

export interface TrendParts {
  reader: TrendReader;
  /** Keeps a list of planned tiles in the place of the one before. */
  saveTiles: (list: TileList, at: number) => void;
  now: () => number;
}

/** The engine's side of trends, observing conditions and footprint. */
export function trendHandlers({ reader, saveTiles, now }: TrendParts): Pick<Handlers, Channels> {
  return {
    'trend.catalogue': () => reader.catalogue(),
    'trend.lines': (query) => reader.lines(query),
    'trend.regression': (query) => reader.regression(query),
    'trend.conditions': (filter) => reader.conditions(filter),
    'footprint.get': (filter) => reader.footprint(filter),
    'footprint.exposures': ({ tileid }) => reader.tileExposures(tileid),
    'footprint.import': (list) => {
      saveTiles(list, now());
      return {};
    },
  };
}
