import { join } from 'node:path';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { LOGS_CONTRACT } from '#shared/ipc/logs-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { LogReader } from './log-reader.ts';

export interface LogParts {
  store: Pick<Store, 'jobOf'> & Pick<IngestStore, 'listRuns'>;
  /** QLF's own folder, which the paths of the jobs' logs are relative to, and that of the engine's logs. */
  dataRoot: string;
  folder: string;
  /** The engine's log of this moment. */
  currentFile: () => string;
}

/** The engine's side of reading logs. */
export function logHandlers({
  store,
  dataRoot,
  folder,
  currentFile,
}: LogParts): Pick<Handlers, keyof typeof LOGS_CONTRACT | 'job.log'> {
  const reader = new LogReader({
    folder,
    currentFile,
    jobLog: ({ runId, camera }) => {
      const job = store.jobOf(runId, camera);
      if (!job) throw new QlfError('not-found', `run ${String(runId)} has no camera ${camera}`);
      return job.logFile === null ? null : join(dataRoot, job.logFile);
    },
  });
  return {
    'log.files': () => reader.files(),
    'log.page': (page) => reader.page(page),
    'log.find': (find) => reader.find(find),
    'log.runs': ({ expid, limit, offset }) => store.listRuns({ ...(expid === null ? {} : { expid }), limit, offset }),
    'job.log': async ({ runId, camera, limit, offset }) => {
      const page = await reader.page({ target: { kind: 'job', runId, camera }, floor: 'all', limit, offset });
      return { total: page.total, offset, lines: page.lines.map(({ text }) => text) };
    },
  };
}
