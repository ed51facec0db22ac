import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Run } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { ControlRoomEvent } from '#shared/state/events.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import type { IngestOptions } from '../../src-main/ingest/build-ingest.ts';

export const USER = 'observer';
export const PASSWORD = 'TEST: passwd ü';
export const RUN_PASSWORD = 'random';

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A real database, and the endpoint's options over it; what is published is collected. */
export interface IngestFixture {
  db: QlfDatabase;
  options: IngestOptions;
  published: ControlRoomEvent[];
  logged: string[];
  /** A running run with running jobs; its credential's password is RUN_PASSWORD. */
  startRun(expid: number, cameras: CameraName[]): Run;
  close(): void;
}

export function ingestFixture(folder = mkdtempSync(join(tmpdir(), 'qlf-ingest-'))): IngestFixture {
  const db = openDatabase({ file: join(folder, 'qlf.db'), origin: 'emulated', defaultConfiguration: 'science: {}' });
  const published: ControlRoomEvent[] = [];
  const logged: string[] = [];
  return {
    db,
    published,
    logged,
    options: {
      store: db,
      events: {
        publish: (event) => void published.push(event),
        log: (_source, level, text) => void logged.push(`${level}: ${text}`),
      },
      configurator: {
        check: (yaml) => {
          if (yaml.includes('bad')) throw new QlfError('invalid-configuration', 'line 1: bad is no key');
        },
      },
      users: [{ user: USER, password: PASSWORD }],
      version: '1.2.3',
      now: () => 1_700_000_000_000,
    },
    startRun: (expid, cameras) => {
      const metadata = {
        night: '20191115',
        flavor: 'science',
        program: 'dark',
        obstype: null,
        dateObs: null,
        header: {},
      };
      const numbers = { exptime: 900, airmass: 1, seeing: 1, tileid: 1, mjdObs: 1, ra: 1, dec: 1 };
      db.registerExposure(
        { expid, ...metadata, ...numbers, camerasExpected: cameras },
        { state: 'processing', reason: '', camerasExpected: cameras, at: 1 },
      );
      const run = db.createRun({
        expid,
        night: '20191115',
        configurationId: 1,
        configuration: '',
        passwordHash: createHash('sha256').update(RUN_PASSWORD).digest('hex'),
        startedAt: 1,
      });
      db.createJobs(
        run.id,
        cameras.map((camera) => ({ camera, state: 'running', reason: '' })),
      );
      return run;
    },
    close: () => {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
