import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { DosClient } from '../../domain/ports/dos-client.ts';
import type { Backoff } from '../backoff.ts';
import { calibrationsOf } from './calibrations.ts';
import { checkMapping } from './check-mapping.ts';
import type { Secret } from './database-options.ts';
import { createDocuments } from './documents.ts';
import { exposureTable, type ExposureRow } from './exposures.ts';
import { HoldBack } from './hold-back.ts';
import { type Ask, OpsdbLink } from './link.ts';
import { tellIfMayWrite } from './role.ts';
import { etcOf, telemetryIn, type TelemetryRange, type TelemetrySeries } from './series.ts';

export interface OpsdbOptions {
  configuration: OpsdbConfiguration;
  /** Asked for the password when the server wants it. It is never logged, stored or put into a message. */
  secret: Secret;
  /** Folder of this adapter's own files: telemetry and ETC data of exposures. */
  directory: string;
  /** Hears of what does not prevent work, in one line each. */
  onProblem?: (message: string) => void;
  /** Pauses between attempts to connect again. */
  backoff?: Backoff;
  /** ms between looks whether the server still answers */
  heartbeat?: number;
}

export interface OpsdbClient extends DosClient {
  /** Time series of the telemetry by name and range of time. */
  telemetry(range: TelemetryRange): Promise<TelemetrySeries[]>;
}

const ADAPTER = 'operations database';
/** s before and after an exposure whose telemetry belongs to it */
const AROUND = 60;

/**
 * The DOS as the operations database: PostgreSQL, read in read-only transactions alone, by tables and columns that the
 * configuration names. It comes back by itself after any loss; until then every question says what is wrong.
 */
export function createOpsdbClient(options: OpsdbOptions): OpsdbClient {
  const { configuration, onProblem = () => undefined } = options;
  const { mapping } = configuration;
  const table = exposureTable(configuration);
  const documents = createDocuments(options.directory);
  const holdBack = new HoldBack(configuration.holdBack * 1000);
  const listeners = new Set<() => void>();
  const told = new Set<string>();
  /** A problem that stays is told once, and not again whenever the link is regained. */
  const onceToldOf = (message: string): void => {
    if (!told.has(message)) onProblem(message);
    told.add(message);
  };
  const link = new OpsdbLink({
    configuration,
    secret: options.secret,
    adapter: ADAPTER,
    check: async (ask) => {
      await checkMapping(ask, mapping);
      await tellIfMayWrite(ask, configuration.user, onceToldOf);
    },
    hint: () => {
      for (const listener of listeners) listener();
    },
    onProblem,
    ...(options.backoff === undefined ? {} : { backoff: options.backoff }),
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
  });

  /** Asks about an exposure that is there and complete. */
  function about<T>(expid: number, wanted: string, use: (row: ExposureRow, ask: Ask) => Promise<T> | T): Promise<T> {
    return link.read(`${wanted} of exposure ${expid}`, async (ask) => {
      const [row] = await table.these(ask, [expid]);
      if (!row) throw new QlfError('not-found', 'the database has no such exposure.');
      if (!row.complete)
        throw new QlfError('unavailable', 'its raw file is not complete on the data host yet. Try again in a moment.');
      return use(row, ask);
    });
  }

  return {
    adapter: ADAPTER,
    async start() {
      await documents.clear();
      link.start();
    },
    stop: () => link.stop(),
    getLastExposure: (params = {}) => link.read('the last exposure', (ask) => table.last(ask, params)),
    getExposuresSince: (expid) =>
      link.read('new exposures', async (ask) => {
        const late = expid === null ? [] : holdBack.late();
        const before = late.length === 0 ? [] : await table.these(ask, late);
        const rows = [...before, ...(await table.since(ask, expid))];
        return holdBack.reportable(rows, Date.now());
      }),
    getLateExposures: (below, isKnown) =>
      link.read('late exposures', async (ask) => {
        const unknown = (await table.recent(ask, below)).filter((expid) => !isKnown(expid));
        if (unknown.length === 0) return [];
        const rows = await table.these(ask, unknown);
        return rows.filter(({ complete }) => complete).map(({ exposure }) => exposure);
      }),
    getFileLocation: (expid) => about(expid, 'the raw file', (row) => row.raw()),
    getFibermap: (expid) => about(expid, 'the fibermap', (row) => row.fibermap()),
    getCalibrationFiles: (expid) =>
      about(expid, 'the calibration files', ({ exposure }, ask) => calibrationsOf(ask, configuration, exposure.night)),
    getTelemetry: (expid) =>
      about(expid, 'the telemetry', async ({ exposure }, ask) => {
        if (mapping.telemetry === null || exposure.dateObs === null) return null;
        const begins = Date.parse(`${exposure.dateObs}Z`);
        const range = { from: begins - AROUND * 1000, to: begins + ((exposure.exptime ?? 0) + AROUND) * 1000 };
        const series = await telemetryIn(ask, mapping.telemetry, range);
        if (series.length === 0) return null;
        const { night, dateObs } = exposure;
        return documents.write('telemetry', expid, { expid, night, start: dateObs, series });
      }),
    getEtc: (expid) =>
      about(expid, 'the exposure-time data', async ({ exposure }, ask) => {
        const samples = await etcOf(ask, mapping.etc, expid);
        if (samples === null) return null;
        return documents.write('etc', expid, { expid, night: exposure.night, ...samples });
      }),
    telemetry: (range) => link.read('the telemetry', (ask) => telemetryIn(ask, mapping.telemetry, range)),
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
