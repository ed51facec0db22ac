/** The ingest endpoint over a database in a folder, in a process that can be killed. Started with `fork`. */
import { CAMERAS } from '#shared/domain/camera.ts';
import { runUser } from '../../src-main/domain/run-user.ts';
import { startIngest } from '../../src-main/ingest/start-ingest.ts';
import { basic, ingestFixture, PASSWORD, RUN_PASSWORD, USER } from '../integration/ingest-fixture.ts';

export interface IngestPlace {
  port: number;
  expid: number;
  /** Of the run's jobs. */
  authorization: string;
  /** Of a general user. */
  sloppy: string;
}

export interface MemoryUsed {
  /** bytes at the most, looked at twenty times a second: JavaScript's heap, and buffers outside of it */
  heap: number;
  buffers: number;
}

const EXPID = 298_417;
const fixture = ingestFixture(process.argv[2]);
const run = fixture.startRun(EXPID, [...CAMERAS]);
const ingest = await startIngest({
  ...fixture.options,
  readerProgram: new URL('../../src-main/ingest-worker.ts', import.meta.url),
  events: { publish: () => undefined, log: () => undefined },
  port: 0,
});

const used: MemoryUsed = { heap: 0, buffers: 0 };
const look = (): void => {
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  used.heap = Math.max(used.heap, heapUsed);
  used.buffers = Math.max(used.buffers, arrayBuffers + external);
};
setInterval(look, 50).unref();
process.on('message', () => process.send?.(used));
process.send?.({
  port: ingest.port,
  expid: EXPID,
  authorization: basic(runUser(run.id), RUN_PASSWORD),
  sloppy: basic(USER, PASSWORD),
} satisfies IngestPlace);
