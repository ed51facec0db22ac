import type { FootprintAnswer, TileExposure } from '#shared/domain/footprint.ts';
import type {
  ConditionsAnswer,
  ExposureFilter,
  RegressionAnswer,
  RegressionQuery,
  TrendAnswer,
  TrendCatalogue,
  TrendQuery,
} from '#shared/domain/trend.ts';

/** Long questions to the durable memory, answered from a thread of their own: the engine never waits for them. */
export interface TrendReader {
  catalogue(): Promise<TrendCatalogue>;
  lines(query: TrendQuery): Promise<TrendAnswer>;
  regression(query: RegressionQuery): Promise<RegressionAnswer>;
  conditions(filter: ExposureFilter): Promise<ConditionsAnswer>;
  footprint(filter: ExposureFilter): Promise<FootprintAnswer>;
  tileExposures(tileid: number): Promise<TileExposure[]>;
  close(): Promise<void>;
}

/** What the thread answers, by the reader's own names. */
export type TrendQuestions = {
  [K in Exclude<keyof TrendReader, 'close'>]: (
    argument: Parameters<TrendReader[K]>[0],
  ) => Awaited<ReturnType<TrendReader[K]>>;
};
