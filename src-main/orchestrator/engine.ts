import type { CameraName } from '#shared/domain/camera.ts';
import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { isEnded, type Run } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { passDatabaseFailure, unlessDatabaseFails } from '../domain/database-failure.ts';
import type { CameraConfigurator } from '../domain/ports/camera-configuration.ts';
import type { JobProcess } from '../domain/ports/store.ts';
import type { ConnectionState } from './connections.ts';
import { newPassword, passwordHash } from './credentials.ts';
import { InputFetcher, type InputFetcherParts } from './input-fetcher.ts';
import { DosMonitor } from './monitor.ts';
import { ExposureQueue } from './queue.ts';
import { RunCarrier, type RunParts } from './run-exposure.ts';

const MODE = 'mode';
const TYPICAL_RUNS = 20;
/** ms after which files that stand still are taken to do so: what is only strange about a file passes at once. */
const STILL_MS = 1000;

export interface EngineParts extends Omit<RunParts, 'inputs' | 'inputsHere'>, InputFetcherParts {
  dosConnection: ConnectionState;
  /** Ends what an earlier start of the engine left running; resolves when it is gone. */
  endLeftovers: (processes: readonly JobProcess[]) => Promise<void>;
  /** What of the saved configuration a run of the exposure keeps. */
  freeze: CameraConfigurator['freeze'];
}

/** Carries out the decisions: one exposure at a time, newest first, by hand or by itself, through any restart. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #monitor: DosMonitor;
  /** Runs being carried or retried, by run id. */
  readonly #carriers = new Map<number, RunCarrier>();
  readonly #retrying = new Map<number, number>();
  readonly #inputs: InputFetcher;
  readonly #queue: ExposureQueue;
  readonly #runParts: RunParts;
  /** The run that the engine is busy with. */
  #carried: RunCarrier | null = null;
  #busy: Promise<void> | null = null;
  #on = false;
  readonly #processedListeners = new Set<(run: Run) => void>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#inputs = new InputFetcher(parts, () => {
      setTimeout(() => unlessDatabaseFails(() => this.#giveWay()), STILL_MS).unref();
    });
    this.#queue = new ExposureQueue(parts, (runId) => this.#carriers.has(runId));
    this.#runParts = { ...parts, inputs: this.#inputs, inputsHere: () => this.#lookAhead() };
    this.#monitor = new DosMonitor({
      dos: parts.dos,
      store: parts.store,
      room: parts.room,
      connection: parts.dosConnection,
      settings: parts.settings,
      registered: () => unlessDatabaseFails(() => this.#next()),
      waiting: parts.waiting,
      now: parts.now,
    });
  }

  /** Calls back when a run has ended, whatever its verdict. */
  onRunEnded(listener: (run: Run) => void): () => void {
    this.#processedListeners.add(listener);
    return () => this.#processedListeners.delete(listener);
  }

  /** Takes up what was left open, then watches the DOS. Does nothing when already on. */
  async start(): Promise<void> {
    if (this.#on) return;
    this.#on = true;
    const { store, room, now } = this.#parts;
    await this.#parts.endLeftovers(store.jobProcesses());
    for (const { jobId } of store.jobProcesses()) store.clearJobProcess(jobId);
    for (const run of store.openRuns()) this.#reopenJobs(run);
    room.setEngine({ activity: 'idle', since: now() });
    room.log('engine', 'info', 'engine started');
    this.#monitor.start();
    this.#next();
  }

  /** Ends the jobs that run and takes nothing new; a later start goes on where this was. */
  async stop(): Promise<void> {
    if (!this.#on) return;
    await this.#halt();
    const { store, room, now } = this.#parts;
    for (const run of store.openRuns()) this.#reopenJobs(run);
    room.setEngine({ activity: 'off', since: now() });
    room.log('engine', 'warning', 'engine stopped by the operator');
    store.addJournal({ at: now(), kind: 'engine-stopped', expid: null, camera: null, text: 'stopped by the operator' });
  }

  /**
   * Clears the table: what runs is cancelled, what waits is passed over, requests are dropped, the screen is emptied;
   * then goes on with the next exposure. Nothing that was measured is lost.
   */
  async reset(): Promise<void> {
    const { store, room, now } = this.#parts;
    const wasOn = this.#on;
    await this.#halt();
    for (const run of store.openRuns()) {
      const exposure = store.exposure(run.expid);
      if (exposure) new RunCarrier(this.#runParts, run, exposure).cancel('reset by the operator');
    }
    this.#queue.dropRequests();
    for (const { expid } of store.exposuresInState('waiting')) this.#queue.supersede(expid, 'passed over at a reset');
    room.publish({ type: 'run-detail', detail: null });
    room.setEngine({ activity: 'off', since: now() });
    store.addJournal({ at: now(), kind: 'engine-reset', expid: null, camera: null, text: 'reset by the operator' });
    room.log('engine', 'warning', 'engine reset by the operator');
    if (wasOn) await this.start();
  }

  setMode(mode: 'auto' | 'manual'): void {
    this.#parts.store.saveSetting(MODE, mode);
    this.#parts.room.setEngine({ mode });
    this.#parts.room.log('engine', 'info', `mode ${mode}`);
    this.#next();
  }

  /** Asks for an exposure to be processed (again), before all others. */
  process(expid: number): void {
    const { store, room } = this.#parts;
    if (!store.exposure(expid)) throw new QlfError('not-found', `exposure ${expid8(expid)} is not registered`);
    if ([...this.#carriers.values()].some(({ run }) => run.expid === expid && run.state === 'running'))
      throw new QlfError('conflict', `exposure ${expid8(expid)} is being processed`);
    this.#queue.request(expid);
    room.log('engine', 'info', `exposure ${expid8(expid)} requested by hand`, { expid });
    this.#next();
  }

  /** Starts one camera of a run once more. */
  retry(runId: number, camera: CameraName): void {
    const { store, room } = this.#parts;
    const run = this.#runOrThrow(runId);
    const job = store.jobOf(runId, camera);
    const exposure = store.exposure(run.expid);
    if (!job || !exposure) throw new QlfError('not-found', `run ${String(runId)} has no camera ${camera}`);
    if (run.kind === 'external')
      throw new QlfError('conflict', `run ${String(runId)} was posted by another pipeline; QLF cannot repeat it`);
    if (!isEnded(job.state)) throw new QlfError('conflict', `${camera} is ${job.state}; cancel it first`);
    if (job.state === 'missing' || job.state === 'not-expected')
      throw new QlfError('conflict', `${camera} is not in the file of exposure ${expid8(run.expid)}`);
    room.log('engine', 'info', `${camera} of ${expid8(run.expid)} retried by hand`, { expid: run.expid, camera });
    const carried = this.#carriers.get(runId);
    if (carried && !this.#retrying.has(runId)) {
      void carried.retry(camera).catch((error: unknown) => this.#report(run, error));
      return;
    }
    void this.#retryEnded(carried, run, exposure, camera).catch(passDatabaseFailure);
  }

  /** What waits for its next attempt, at the DOS or at files, is tried now. */
  tryNow(): void {
    this.#parts.waiting.hurry();
  }

  /** Ends a run for good; its finished cameras keep their results. */
  cancel(runId: number): void {
    this.#runOrThrow(runId);
    const carrier = this.#carriers.get(runId) ?? this.#carrierOfStandingBack(runId);
    if (!carrier) throw new QlfError('conflict', `run ${String(runId)} is not running`);
    carrier.cancel('cancelled by the operator');
    this.#carriers.delete(runId);
  }

  /** Ends children and waits for them; open runs stay open, for the next start. */
  async close(): Promise<void> {
    await this.#halt();
  }

  async #halt(): Promise<void> {
    this.#on = false;
    await this.#monitor.stop();
    await this.#inputs.close();
    for (const carrier of this.#carriers.values()) carrier.abandon();
    this.#carriers.clear();
    this.#retrying.clear();
    this.#queue.forget();
    await this.#parts.pool.cancelAll();
    await this.#busy;
  }

  /** Starts the next exposure when the engine is free. */
  #next(): void {
    if (!this.#on) return;
    if (this.#busy) {
      this.#giveWay();
      this.#lookAhead();
      return;
    }
    const refused: number[] = [];
    const taken = this.#queue.take((expid, reason) => {
      const made = this.#createRun(expid, reason);
      if (!made) refused.push(expid);
      return made;
    });
    if (refused.length > 0) {
      this.#next();
      return;
    }
    if (!taken) {
      if (this.#parts.room.snapshot().engine.activity !== 'idle')
        this.#parts.room.setEngine({ activity: 'idle', since: this.#parts.now() });
      return;
    }
    const { run, exposure } = taken;
    const { room, store, now } = this.#parts;
    room.setEngine({ activity: 'running', since: now() });
    room.publish({ type: 'exposure', exposure });
    const detail = store.runDetail(run.id);
    if (detail) room.publish({ type: 'run-detail', detail });
    const carrier = new RunCarrier(this.#runParts, run, exposure);
    this.#carriers.set(run.id, carrier);
    this.#carried = carrier;
    const over = (): void => {
      this.#busy = null;
      this.#carried = null;
      this.#carriers.delete(run.id);
      if (carrier.run.state !== 'running') this.#ended(carrier.run);
      this.#next();
    };
    this.#busy = carrier.carry().then(over).catch(passDatabaseFailure);
  }

  /** While an exposure is processed the next one comes over, unless the link is still needed for the former. */
  #lookAhead(): void {
    if (!this.#on) return;
    if ([...this.#carriers.values()].some((carrier) => carrier.isFetching)) return;
    const { next } = this.#queue.decide();
    this.#inputs.prefetch(next === null ? null : (this.#parts.store.exposure(next) ?? null));
  }

  /**
   * A run whose files do not come gives way to what is newer or asked for. It stays open, what has come of its files stays
   * too, and it is gone on with when there is nothing newer.
   */
  #giveWay(): void {
    const carrier = this.#carried;
    if (!this.#on || !carrier?.isOnlyFetching || !this.#inputs.standsStill(carrier.run.expid)) return;
    if (this.#queue.giveWay(carrier.run)) carrier.abandon();
  }

  #carrierOfStandingBack(runId: number): RunCarrier | undefined {
    const run = this.#queue.standingBack(runId);
    const exposure = run && this.#parts.store.exposure(run.expid);
    return exposure && new RunCarrier(this.#runParts, run, exposure);
  }

  /** Null where the saved configuration cannot be used for the exposure, which has failed then. */
  #createRun(expid: number, reason: string): { run: Run; exposure: Exposure } | null {
    const { store, now, freeze } = this.#parts;
    const configuration = store.currentConfiguration();
    const exposure = store.exposure(expid);
    if (!exposure) throw new QlfError('not-found', `exposure ${expid8(expid)} is not registered`);
    let frozen: string;
    try {
      frozen = freeze(configuration.yaml, exposure);
    } catch (error) {
      if (!(error instanceof QlfError)) throw error;
      this.#refuse(expid, `version ${String(configuration.id)} of the configuration cannot be used: ${error.message}`);
      return null;
    }
    const run = store.createRun({
      expid,
      night: exposure.night,
      configurationId: configuration.id,
      configuration: frozen,
      limitsVersion: store.currentLimits()?.id ?? null,
      passwordHash: passwordHash(newPassword()),
      startedAt: now(),
    });
    return { run, exposure: store.setExposureState(expid, 'processing', reason) };
  }

  #refuse(expid: number, reason: string): void {
    const { store, room } = this.#parts;
    room.publish({ type: 'exposure', exposure: store.setExposureState(expid, 'failed', reason) });
    room.log('engine', 'error', `exposure ${expid8(expid)}: ${reason}`, { expid });
  }

  async #retryEnded(retrying: RunCarrier | undefined, run: Run, exposure: Exposure, camera: CameraName): Promise<void> {
    const { store, room, now } = this.#parts;
    let carrier = retrying;
    if (!carrier) {
      const reopened = store.atOnce(() => {
        const job = store.jobOf(run.id, camera);
        if (job) store.updateJob(job.id, { state: 'waiting' });
        store.setExposureState(exposure.expid, 'processing', 'retrying');
        return store.reopenRun(run.id, now());
      });
      carrier = new RunCarrier(this.#runParts, reopened, exposure);
      this.#carriers.set(run.id, carrier);
      room.publish({ type: 'run', run: reopened });
      room.publish({ type: 'exposure', exposure: store.exposure(exposure.expid) ?? exposure });
      const detail = this.#busy ? undefined : store.runDetail(run.id);
      if (detail) room.publish({ type: 'run-detail', detail });
    }
    this.#retrying.set(run.id, (this.#retrying.get(run.id) ?? 0) + 1);
    try {
      await carrier.retry(camera);
    } catch (error) {
      this.#report(run, error);
    }
    const left = (this.#retrying.get(run.id) ?? 1) - 1;
    if (left > 0) {
      this.#retrying.set(run.id, left);
      return;
    }
    this.#retrying.delete(run.id);
    if (!this.#carriers.delete(run.id)) return;
    carrier.concludeAgain();
    this.#ended(carrier.run);
  }

  #ended(run: Run): void {
    const { store, room } = this.#parts;
    room.publish({ type: 'typical', typicalStageMs: store.typicalStageMs(TYPICAL_RUNS) });
    for (const listener of this.#processedListeners) listener(run);
  }

  /** Jobs that were running when their process was lost wait again; what they posted stays. */
  #reopenJobs(run: Run): void {
    const { store, room } = this.#parts;
    for (const job of store.jobs(run.id).filter(({ state }) => state === 'running'))
      room.publish({ type: 'job', job: store.updateJob(job.id, { state: 'waiting', startedAt: null, steps: [] }) });
  }

  #report(run: Run, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#parts.room.log('engine', 'error', `exposure ${expid8(run.expid)}: ${reason}`, { expid: run.expid });
  }

  #runOrThrow(runId: number): Run {
    const run = this.#parts.store.run(runId);
    if (!run) throw new QlfError('not-found', `there is no run ${String(runId)}`);
    return run;
  }
}

/** The mode that was last chosen. */
export function storedMode(setting: Json | undefined): 'auto' | 'manual' {
  return setting === 'manual' ? 'manual' : 'auto';
}
