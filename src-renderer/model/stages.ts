import { STAGES, isEnded, type Job, type Run, type Stage } from '#shared/domain/run.ts';
import { STEPS, type Step } from '#shared/domain/step.ts';

/** One field of the ribbon. */
export interface StageView {
  stage: Stage;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** True time so far, ms; null before it began. */
  elapsedMs: number | null;
  /** Median of past runs, ms; null until there is one. */
  typicalMs: number | null;
  /** It has passed its typical time by this much, ms; 0 while it has not. */
  lateMs: number;
}

/** A typical time passed by less than this is no news. */
const LATE_MARGIN_MS = 500;

/** The ribbon's fields at the moment `now` (ms since the epoch). */
export function stageViews(run: Run, typical: Partial<Record<Stage, number>>, now: number): StageView[] {
  return STAGES.map((stage) => {
    const time = run.stages.find((item) => item.stage === stage);
    const typicalMs = typical[stage] ?? null;
    if (!time) return { stage, state: 'waiting', elapsedMs: null, typicalMs, lateMs: 0 };
    const ended = time.endedAt ?? run.endedAt;
    const elapsedMs = Math.max(0, (ended ?? now) - time.startedAt);
    const broken = run.state === 'failed' && run.stage === stage;
    const state = broken ? 'failed' : ended === null ? 'running' : 'done';
    const over = typicalMs === null || state !== 'running' ? 0 : elapsedMs - typicalMs;
    return { stage, state, elapsedMs, typicalMs, lateMs: over > LATE_MARGIN_MS ? over : 0 };
  });
}

/**
 * Time until the verdict by the typical times of what is left, ms; 0 when everything left is late; null when a stage
 * that is left has no typical time yet, or nothing is under way.
 */
export function timeLeft(run: Run, views: readonly StageView[]): number | null {
  if (run.state !== 'running') return null;
  let left = 0;
  for (const view of views) {
    if (view.state === 'done') continue;
    if (view.typicalMs === null) return null;
    left += Math.max(0, view.typicalMs - (view.elapsedMs ?? 0));
  }
  return left;
}

/** How a step stands over all cameras that will do it. */
export interface StepCount {
  step: Step;
  done: number;
  running: number;
  total: number;
}

/** The steps that any job of a run performs, in pipeline order, with how many cameras have ended each. */
export function stepCounts(jobs: readonly Job[]): StepCount[] {
  return STEPS.flatMap((step): StepCount[] => {
    const planned = jobs.filter((job) => job.plan.includes(step) || job.steps.some((time) => time.step === step));
    if (planned.length === 0 || step === 'initialize') return [];
    const times = planned.map((job) => ({ job, time: job.steps.find((item) => item.step === step) }));
    return [
      {
        step,
        done: times.filter(({ time }) => time && time.endedAt !== null).length,
        running: times.filter(({ job, time }) => time && time.endedAt === null && !isEnded(job.state)).length,
        total: planned.length,
      },
    ];
  });
}

/** A pip of a camera cell. */
export interface Pip {
  step: Step;
  state: 'done' | 'running' | 'broken' | 'waiting';
}

/** The step pips of a job, without the moment of initialising; empty until its plan is known. */
export function pipsOf(job: Job): Pip[] {
  const planned = job.plan.length > 0 ? job.plan : job.steps.map((time) => time.step);
  const broken = job.state === 'failed' || job.state === 'cancelled';
  const steps = planned.filter((step) => step !== 'initialize');
  const pips = steps.map((step): Pip => {
    const time = job.steps.find((item) => item.step === step);
    if (!time) return { step, state: 'waiting' };
    if (time.endedAt !== null) return { step, state: 'done' };
    return { step, state: broken ? 'broken' : job.state === 'running' ? 'running' : 'done' };
  });
  return pips;
}

/** The step a job is in or stopped in; undefined before its first. */
export function currentStep(job: Job): Step | undefined {
  return job.steps[job.steps.length - 1]?.step;
}
