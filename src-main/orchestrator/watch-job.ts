import type { CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Job, StepTime } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import { unlessDatabaseFails } from '../domain/database-failure.ts';
import { judgeJobEnd } from '../domain/judge-job-end.ts';
import type { JobEnd, JobObserver, JobSpec, LogFact } from '../domain/ports/job-pool.ts';
import type { JobPatch, Store } from '../domain/ports/store.ts';
import type { LogLevel } from '#shared/state/control-room.ts';
import type { ControlRoom } from './control-room.ts';

/** Time, logger and level that the original's log protocol puts before each message; the screen has its own. */
const LINE_PREFIX = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \S+ [A-Z]+ *: /;

/** The steps with `step` begun (again) at `at`; a step that still ran ends with it. */
function begin(steps: readonly StepTime[], step: Step, at: number): StepTime[] {
  return [...end(steps, null, at), { step, startedAt: at, endedAt: null }];
}

/** The steps with `step` ended, or with every open one ended where it is null. */
function end(steps: readonly StepTime[], step: Step | null, at: number): StepTime[] {
  return steps.map((time) =>
    time.endedAt === null && (step === null || time.step === step) ? { ...time, endedAt: at } : time,
  );
}

/** Follows one job's process and keeps its row and the screen true to it. */
export class JobWatcher implements JobObserver {
  readonly #parts: { store: Store; room: ControlRoom; now: () => number };
  readonly #metrics: readonly string[];
  readonly #abandoned: AbortSignal;
  readonly #ended: () => void;
  #steps: StepTime[] = [];
  #lastError = '';

  /**
   * @param metrics what a complete job posts
   * @param abandoned aborted when nobody wants to hear of this job any more
   */
  constructor(
    parts: { store: Store; room: ControlRoom; now: () => number },
    metrics: readonly string[],
    abandoned: AbortSignal,
    ended: () => void,
  ) {
    this.#parts = parts;
    this.#metrics = metrics;
    this.#abandoned = abandoned;
    this.#ended = ended;
  }

  started(spec: JobSpec, process: { pid: number; startTime: string | null }): void {
    if (this.#abandoned.aborted) return;
    unlessDatabaseFails(() => {
      this.#parts.store.setJobProcess({ jobId: spec.jobId, ...process });
      this.#update(spec.jobId, { state: 'running', startedAt: this.#parts.now(), endedAt: null, steps: [] });
    });
  }

  line(spec: JobSpec, line: { text: string; level: LogLevel; fact: LogFact }): void {
    if (this.#abandoned.aborted) return;
    const message = line.text.replace(LINE_PREFIX, '');
    if (line.level === 'error') this.#lastError = message;
    unlessDatabaseFails(() => this.#take(spec, line.fact));
    if (line.fact.kind !== 'heartbeat') this.#log(spec.expid, spec.camera, line.level, message);
  }

  ended(spec: JobSpec, jobEnd: JobEnd): void {
    if (this.#abandoned.aborted) return;
    unlessDatabaseFails(() => this.#judge(spec, jobEnd));
  }

  #judge(spec: JobSpec, jobEnd: JobEnd): void {
    const { store, now } = this.#parts;
    const posted = new Set(store.measurements(spec.jobId).map((measurement) => measurement.metric));
    const missing = this.#metrics.filter((metric) => !posted.has(metric));
    const verdict = judgeJobEnd(jobEnd, missing, this.#lastError);
    const at = now();
    store.clearJobProcess(spec.jobId);
    this.#update(spec.jobId, { ...verdict, endedAt: at, steps: end(this.#steps, null, at) });
    if (verdict.state === 'failed')
      this.#log(spec.expid, spec.camera, 'error', `${spec.camera} of ${expid8(spec.expid)} failed: ${verdict.reason}`);
    this.#ended();
  }

  #take(spec: JobSpec, fact: LogFact): void {
    const at = this.#parts.now();
    if (fact.kind === 'plan') {
      this.#update(spec.jobId, { plan: fact.steps });
    } else if (fact.kind === 'step-started') {
      this.#steps = begin(this.#steps, fact.step, at);
      this.#update(spec.jobId, { steps: this.#steps });
    } else if (fact.kind === 'step-ended') {
      this.#steps = end(this.#steps, fact.step, at);
      // The original logs errors of which it thinks no more (in every exposure a keyword that is not there).
      if (spec.launch.kind === 'program') this.#lastError = '';
      this.#update(spec.jobId, { steps: this.#steps });
    }
  }

  #log(expid: number, camera: CameraName, level: LogLevel, text: string): void {
    this.#parts.room.log('pipeline', level, text, { expid, camera });
  }

  #update(jobId: number, patch: JobPatch): void {
    const job: Job = this.#parts.store.updateJob(jobId, patch);
    this.#parts.room.publish({ type: 'job', job });
  }
}
