import { stat } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ALARM_SEVERITIES, isOpen } from '#shared/domain/alarm.ts';
import { EXPOSURE_STATES, type ExposureState } from '#shared/domain/exposure.ts';
import { isEnded, type Job } from '#shared/domain/run.ts';
import { RESOURCES } from '#shared/http/resources.ts';
import { CONNECTIONS, type ControlRoomState } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import type { Observability } from '../domain/ports/observability.ts';
import type { FolderSize } from './folder-sizes.ts';

export interface MetricsParts {
  version: string;
  snapshot: () => ControlRoomState;
  /** Exposures in each state; from an index. */
  exposureCounts: () => Partial<Record<ExposureState, number>>;
  databaseFile: string;
  /** Sizes of folders by their names, as they were last counted. */
  folders: () => ReadonlyMap<string, FolderSize>;
  ready: () => boolean;
  startedAt: number;
}

/** Ended jobs that are remembered, so that none is counted twice. */
const REMEMBERED = 10_000;
const NS = 1e9;
/** s; a measurement is on disk after a few ms, and 50 ms is what a sender may expect. */
const POST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts what happens from the room's events. */
class EventCounts {
  readonly jobs: Counter<'result'>;
  readonly transferred: Counter;
  readonly #ended = new Set<string>();
  #last: { file: string; bytes: number } | null = null;

  constructor(registers: Registry[]) {
    this.jobs = new Counter({
      ...{ name: 'qlf_jobs_total', help: 'Jobs that have ended, by result', labelNames: ['result'], registers },
    });
    this.transferred = new Counter({
      ...{ name: 'qlf_transfer_bytes_total', help: 'Bytes of raw and calibration files that came over', registers },
    });
    for (const result of ['done', 'failed', 'cancelled', 'missing']) this.jobs.inc({ result }, 0);
  }

  take({ events }: EventBatch): void {
    for (const event of events) {
      if (event.type === 'job') this.#job(event.job);
      else if (event.type === 'transfer') this.#transfer(event.progress);
      // Another pipeline's first posts come on screen as a whole run.
      else if (event.type === 'run-detail' && event.detail?.run.kind === 'external')
        for (const job of event.detail.jobs) this.#job(job);
    }
  }

  #job({ id, attempt, state }: Job): void {
    if (!isEnded(state) || state === 'not-expected') return;
    const key = `${String(id)} ${String(attempt)} ${state}`;
    if (this.#ended.has(key)) return;
    this.#ended.add(key);
    const [oldest] = this.#ended;
    if (this.#ended.size > REMEMBERED && oldest !== undefined) this.#ended.delete(oldest);
    this.jobs.inc({ result: state });
  }

  /** What was here before a transfer went on was not brought by it. */
  #transfer(progress: ControlRoomState['transfer']): void {
    if (!progress) {
      this.#last = null;
      return;
    }
    const file = `${String(progress.expid)} ${progress.file}`;
    const before = this.#last?.file === file ? this.#last.bytes : progress.bytes;
    if (progress.bytes > before) this.transferred.inc(progress.bytes - before);
    this.#last = { file, bytes: progress.bytes };
  }
}

/** Sizes on disk of the database with its journal. */
async function databaseBytes(file: string): Promise<number> {
  const sizes = await Promise.all(
    [file, `${file}-wal`].map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Everything that is counted and measured, for Prometheus; nothing of it is kept over a restart. */
export function createMetrics(
  parts: MetricsParts,
): Pick<Observability, 'metrics' | 'answered'> & { take(batch: EventBatch): void; close(): void } {
  const registry = new Registry();
  const registers = [registry];
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  const gauge = <L extends string = never>(
    name: string,
    help: string,
    set: (gauge: Gauge<L>) => void | Promise<void>,
    labelNames: L[] = [],
  ): Gauge<L> =>
    new Gauge<L>({
      ...{ name, help, labelNames, registers },
      async collect() {
        this.reset();
        await set(this);
      },
    });

  const counts = new EventCounts(registers);
  const requests = new Counter({
    ...{ name: 'qlf_http_requests_total', help: 'Requests that the endpoint answered', registers },
    labelNames: ['method', 'route', 'status'],
  });
  const posts = new Histogram({
    name: 'qlf_ingest_post_duration_seconds',
    help: 'Time from a POST of measurements to its answer, when they are durable',
    ...{ buckets: POST_BUCKETS, registers },
  });

  gauge('qlf_build_info', 'Version of QLF; always 1', (own) => own.set({ version: parts.version }, 1), ['version']);
  gauge('qlf_start_time_seconds', 'When this engine began, since the epoch', (own) => own.set(parts.startedAt / 1000));
  gauge('qlf_ready', '1 where a new exposure would be processed now', (own) => own.set(parts.ready() ? 1 : 0));
  gauge('qlf_engine_running', '1 where the engine is not stopped by the operator', (own) =>
    own.set(parts.snapshot().engine.activity === 'off' ? 0 : 1),
  );
  gauge(
    'qlf_exposures',
    'Exposures known, by state',
    (own) => {
      const found = parts.exposureCounts();
      for (const state of EXPOSURE_STATES) own.set({ state }, found[state] ?? 0);
    },
    ['state'],
  );
  gauge('qlf_queue_depth', 'Exposures that wait to be processed', (own) =>
    own.set(parts.exposureCounts().waiting ?? 0),
  );
  gauge(
    'qlf_run_jobs',
    'Jobs of the run on screen, by state',
    (own) => {
      for (const { state } of parts.snapshot().current?.jobs ?? []) own.inc({ state });
    },
    ['state'],
  );
  gauge(
    'qlf_connection_up',
    '1 where the connection answers, 0 where it is lost',
    (own) => {
      const { connections } = parts.snapshot();
      for (const connection of CONNECTIONS) {
        const found = connections.find(({ name }) => name === connection);
        if (found) own.set({ connection }, found.state === 'lost' ? 0 : 1);
      }
    },
    ['connection'],
  );
  gauge(
    'qlf_alarms',
    'Alarms that somebody must still see to, by severity',
    (own) => {
      const open = parts.snapshot().alarms.filter(isOpen);
      for (const severity of ALARM_SEVERITIES)
        own.set({ severity }, open.filter((alarm) => alarm.severity === severity).length);
    },
    ['severity'],
  );
  gauge('qlf_disk_free_bytes', "Free on the data folder's disk", (own) => {
    const { disk } = parts.snapshot();
    if (disk) own.set(disk.freeBytes);
  });
  gauge('qlf_disk_size_bytes', "Size of the data folder's disk", (own) => {
    const { disk } = parts.snapshot();
    if (disk) own.set(disk.totalBytes);
  });
  gauge(
    'qlf_folder_bytes',
    'What lies in folders where files only wait, counted every minute',
    (own) => {
      for (const [folder, { bytes }] of parts.folders()) own.set({ folder }, bytes);
    },
    ['folder'],
  );
  gauge('qlf_database_bytes', 'Size of the database with its journal', async (own) =>
    own.set(await databaseBytes(parts.databaseFile)),
  );
  gauge('qlf_resident_memory_bytes', 'Memory of the engine’s process', (own) => own.set(process.memoryUsage.rss()));
  gauge('qlf_heap_used_bytes', 'Heap of the engine that is in use', (own) => own.set(process.memoryUsage().heapUsed));
  gauge('qlf_heap_size_bytes', 'Heap of the engine', (own) => own.set(process.memoryUsage().heapTotal));
  gauge(
    'qlf_event_loop_lag_seconds',
    'How late the engine’s event loop was since the question before',
    (own) => {
      // An empty histogram has no numbers.
      const value = (ns: number): number => (Number.isFinite(ns) ? ns / NS : 0);
      own.set({ quantile: '0.5' }, value(lag.percentile(50)));
      own.set({ quantile: '0.99' }, value(lag.percentile(99)));
      own.set({ quantile: '1' }, lag.max > 0 ? value(lag.max) : 0);
      lag.reset();
    },
    ['quantile'],
  );

  return {
    metrics: () => registry.metrics(),
    answered({ method, route, status, seconds }) {
      requests.inc({ method, route, status: String(status) });
      if (method === 'POST' && route === RESOURCES.job && status < 300) posts.observe(seconds);
    },
    take: (batch) => {
      counts.take(batch);
    },
    close: () => {
      lag.disable();
    },
  };
}
