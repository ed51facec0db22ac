import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { EngineSettings, PipelineSetting } from '#shared/domain/settings.ts';
import { isEnded, STAGES, type Job, type Run, type Stage } from '#shared/domain/run.ts';
import { planCameras } from '../domain/plan-cameras.ts';
import type { JobPool } from '../domain/ports/job-pool.ts';
import type { PrepareJob } from '../domain/ports/prepare-job.ts';
import type { SplitResult, Splitter } from '../domain/ports/splitter.ts';
import type { Store } from '../domain/ports/store.ts';
import { runUser } from '../domain/run-user.ts';
import { runVerdict } from '../domain/verdict.ts';
import type { Waiting } from '../domain/waiting.ts';
import { askAgain, type AnswerPatience } from './ask-again.ts';
import type { ControlRoom } from './control-room.ts';
import { newPassword, passwordHash, type RunCredential } from './credentials.ts';
import type { DataFolder } from './folders.ts';
import type { InputFetcher } from './input-fetcher.ts';
import { completeConditions } from './complete-conditions.ts';
import type { LocalInputs } from './inputs.ts';
import { JobWatcher } from './watch-job.ts';

export interface RunParts {
  store: Store;
  room: ControlRoom;
  inputs: InputFetcher;
  /** Called when the inputs of a run are here: the link is free for others. */
  inputsHere: () => void;
  splitter: Splitter;
  prepareJob: PrepareJob;
  pool: JobPool;
  folder: DataFolder;
  ingestUrl: () => string;
  compatibility: 'none' | 'desispec-0.31';
  settings: () => EngineSettings;
  waiting: Waiting;
  now: () => number;
}

/** How long a disk that is full when the exposure is split is waited for. */
const FULL_DISK: AnswerPatience = { firstMs: 1000, longestMs: 15_000, totalMs: 600_000, slowMs: 15_000 };

/** What the jobs of a run need besides the run itself. */
interface Prepared {
  inputs: LocalInputs;
  split: Map<CameraName, SplitResult>;
  fiberFlats: Map<CameraName, string>;
}

/** Carries one run through its stages; each stage is durable before the next begins, and may be begun again. */
export class RunCarrier {
  readonly #parts: RunParts;
  readonly #exposure: Exposure;
  readonly #abort = new AbortController();
  readonly #credential: RunCredential;
  /** As it is set when the run begins, or is taken up; a change is for the next one. */
  readonly #pipeline: PipelineSetting;
  #prepared: Promise<Prepared> | null = null;
  #run: Run;
  #fetching = false;
  #open = 0;
  #ended: (() => void) | null = null;

  constructor(parts: RunParts, run: Run, exposure: Exposure) {
    this.#parts = parts;
    this.#run = run;
    this.#exposure = exposure;
    this.#pipeline = parts.settings().pipeline;
    // A new password each time a run is taken up: what an orphan of an earlier start still knows is worth nothing.
    this.#credential = { user: runUser(run.id), password: newPassword() };
    parts.store.setRunPassword(run.id, passwordHash(this.#credential.password));
  }

  /** True as long as its inputs are not here. */
  get isFetching(): boolean {
    return this.#fetching;
  }

  /** True while there is nothing to it but waiting for its inputs. */
  get isOnlyFetching(): boolean {
    return this.#fetching && this.#open === 0;
  }

  get run(): Run {
    return this.#run;
  }

  /** Runs all stages that are not behind it yet; resolves when the run has ended, or was abandoned by `close`. */
  async carry(): Promise<void> {
    const { store, room } = this.#parts;
    try {
      const prepared = await this.#prepare();
      if (this.#isOver()) return;
      this.#enter('process');
      const split = [...prepared.split.values()];
      const planned = planCameras(this.#exposure.camerasExpected, split);
      const jobs = store.createJobs(this.#run.id, planned);
      const detail = store.runDetail(this.#run.id);
      if (detail) room.publish({ type: 'run-detail', detail });
      await this.#runJobs(jobs.filter((job) => !isEnded(job.state)));
      if (this.#isOver()) return;
      this.#conclude();
    } catch (error) {
      if (this.#isOver()) return;
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** One camera again, whether the run is still going or long over. */
  async retry(camera: CameraName): Promise<void> {
    const { store } = this.#parts;
    const job = store.jobOf(this.#run.id, camera);
    if (!job) return;
    // Held open from the first instant, so that the run does not conclude while the retry is being prepared.
    this.#open += 1;
    const clean = { reason: '', startedAt: null, endedAt: null, steps: [], exitCode: null, signal: null };
    const waiting = store.updateJob(job.id, { state: 'waiting', ...clean });
    this.#publishJob(waiting);
    let running: Promise<void> | null = null;
    try {
      await this.#prepare();
      running = this.#runJobs([waiting]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#publishJob(store.updateJob(job.id, { state: 'failed', reason, endedAt: this.#parts.now() }));
    } finally {
      this.#jobEnded();
    }
    await running;
  }

  /** Writes the end of a run that is over again after retries. */
  concludeAgain(): void {
    if (!this.#isOver()) this.#conclude();
  }

  /** A person ends the run: jobs are cancelled, the run is closed as such. */
  cancel(reason: string): void {
    const { store, pool } = this.#parts;
    this.#abort.abort();
    for (const job of store.jobs(this.#run.id).filter(({ state }) => !isEnded(state))) {
      pool.cancel(job.id);
      this.#publishJob(store.updateJob(job.id, { state: 'cancelled', reason, endedAt: this.#parts.now() }));
    }
    this.#end('cancelled', reason);
    this.#ended?.();
  }

  /** The engine is closing: nothing is written, so that the next start takes the run up where it is. */
  abandon(): void {
    this.#abort.abort();
    this.#ended?.();
  }

  /** Transfer and split; done once however often it is asked for, and quick where the files are here already. */
  #prepare(): Promise<Prepared> {
    this.#prepared ??= this.#transferAndSplit().catch((error: unknown) => {
      this.#prepared = null;
      throw error;
    });
    return this.#prepared;
  }

  async #transferAndSplit(): Promise<Prepared> {
    const { room, splitter, folder } = this.#parts;
    const { expid, night } = this.#exposure;
    const { signal } = this.#abort;
    this.#enter('transfer');
    this.#fetching = true;
    const inputs = await this.#parts.inputs.fetch(this.#exposure, signal).finally(() => {
      this.#fetching = false;
    });
    this.#parts.inputsHere();
    await completeConditions(this.#parts, this.#exposure, inputs);
    signal.throwIfAborted();
    this.#enter('split');
    const whenDiskAllows = <T>(work: () => Promise<T>): Promise<T> =>
      askAgain(work, {
        ...{ signal, waiting: this.#parts.waiting, patience: FULL_DISK },
        onTrouble: (text) => room.log('engine', 'error', `exposure ${expid8(expid)}: ${text}`, { expid }),
      });
    const results = await whenDiskAllows(() =>
      splitter.splitExposure(inputs.raw, folder.split(night, expid), expid, signal),
    );
    const { fiberFlat } = inputs;
    const flats = fiberFlat
      ? await whenDiskAllows(() => splitter.splitFiberFlat(fiberFlat, join(dirname(fiberFlat), 'fiberflat'), signal))
      : [];
    for (const result of results) {
      const { camera } = result;
      const text = result.ok ? result.strange : result.reason;
      if (text === undefined) continue;
      const about = { expid, camera, run: this.#run.id };
      room.log('engine', result.ok ? 'warning' : 'error', `${camera} of exposure ${expid8(expid)}: ${text}`, about);
    }
    return {
      inputs,
      split: new Map(results.map((result) => [result.camera, result])),
      fiberFlats: new Map(flats.flatMap((flat) => (flat.ok ? [[flat.camera, flat.path] as const] : []))),
    };
  }

  async #runJobs(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    this.#open += jobs.length;
    const allEnded = new Promise<void>((resolve) => {
      const before = this.#ended;
      this.#ended = () => {
        before?.();
        resolve();
      };
    });
    for (const job of jobs) await this.#submit(job);
    await allEnded;
  }

  async #submit(job: Job): Promise<void> {
    const { store, pool, folder, prepareJob, settings } = this.#parts;
    const { expid, night, flavor, program } = this.#exposure;
    const { camera } = job;
    const prepared = await this.#prepare();
    const found = prepared.split.get(camera);
    const outputDir = folder.redux(night, expid, this.#run.id);
    const logFile = folder.jobLog(night, expid, this.#run.id, camera);
    try {
      if (!found?.ok) throw new Error(found?.reason ?? 'its split file is gone');
      await mkdir(outputDir, { recursive: true });
      const ready = await prepareJob({
        pipeline: this.#pipeline,
        yaml: store.runConfiguration(this.#run.id),
        exposure: prepared.inputs.raw,
        timeoutSeconds: settings().jobTimeout,
        run: {
          RunId: this.#run.id,
          Expid: expid,
          Night: night,
          Camera: camera,
          Flavor: flavor,
          Program: program,
          RawFile: found.path,
          FiberMap: prepared.inputs.fibermap,
          CalibRoot: prepared.inputs.calibRoot,
          PSFFile: null,
          FiberFlatFile: prepared.fiberFlats.get(camera) ?? null,
          FluxCalibFile: null,
          OutputDir: outputDir,
          Compatibility: this.#parts.compatibility,
        },
      });
      if (this.#isOver()) return;
      const attempt = job.attempt + 1;
      const relativeLog = logFile.slice(folder.root.length + 1);
      this.#publishJob(store.updateJob(job.id, { plan: ready.plan, attempt, logFile: relativeLog }));
      pool.submit(
        {
          jobId: job.id,
          runId: this.#run.id,
          expid,
          night,
          camera,
          attempt,
          configFile: ready.file,
          logFile,
          outputDir,
          launch: ready.launch,
          paths: ready.paths,
          env: {
            QLF_API_URL: this.#parts.ingestUrl(),
            QLF_USER: this.#credential.user,
            QLF_PASSWD: this.#credential.password,
          },
        },
        new JobWatcher(this.#parts, ready.metrics, this.#abort.signal, () => this.#jobEnded()),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#publishJob(store.updateJob(job.id, { state: 'failed', reason, endedAt: this.#parts.now() }));
      this.#jobEnded();
    }
  }

  #jobEnded(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    const ended = this.#ended;
    this.#ended = null;
    ended?.();
  }

  #conclude(): void {
    this.#enter('verdict');
    const { state, reason } = runVerdict(this.#parts.store.jobs(this.#run.id));
    this.#end(state, reason);
  }

  #fail(reason: string): void {
    this.#parts.room.log('engine', 'error', `exposure ${expid8(this.#exposure.expid)}: ${reason}`, this.#about());
    this.#end('failed', reason);
  }

  #end(state: Exclude<Run['state'], 'running'>, reason: string): void {
    const { store, room, now } = this.#parts;
    const { expid } = this.#exposure;
    const at = now();
    const seconds = ((at - this.#run.startedAt) / 1000).toFixed(1);
    const text = `exposure ${expid8(expid)} ${state} after ${seconds} s${reason ? `: ${reason}` : ''}`;
    const exposureState = { done: 'processed', failed: 'failed', cancelled: 'failed' } as const;
    // Together: an exposure whose run has ended must never be left as one that is being processed.
    const { run, exposure } = store.atOnce(() => {
      store.addJournal({ at, kind: `run-${state}`, expid, camera: null, text });
      const ended = store.endRun(this.#run.id, state, reason, at);
      return { run: ended, exposure: store.setExposureState(expid, exposureState[state], reason) };
    });
    this.#run = run;
    room.publish({ type: 'run', run });
    room.publish({ type: 'exposure', exposure });
    room.log('engine', state === 'done' ? 'info' : 'warning', text, { expid, run: run.id });
  }

  #enter(stage: Stage): void {
    const { store, room, now } = this.#parts;
    // A run taken up again prepares its inputs again, but never goes back to a stage that is behind it.
    if (this.#run.state !== 'running' || STAGES.indexOf(stage) <= STAGES.indexOf(this.#run.stage)) return;
    this.#run = store.enterStage(this.#run.id, stage, now());
    room.publish({ type: 'run', run: this.#run });
    room.log('engine', 'info', `exposure ${expid8(this.#exposure.expid)}: ${stage}`, this.#about());
  }

  #about(): { expid: number; run: number } {
    return { expid: this.#exposure.expid, run: this.#run.id };
  }

  #isOver(): boolean {
    return this.#abort.signal.aborted;
  }

  #publishJob(job: Job): void {
    this.#parts.room.publish({ type: 'job', job });
  }
}
