import { CAMERAS } from '#shared/domain/camera.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { Stage } from '#shared/domain/run.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import type { CameraModels } from './camera-model.ts';
import { count } from './format.ts';
import type { Problem } from './problems.ts';
import type { Status } from './status.ts';

/** The answer, in words first. */
export interface Verdict {
  status: Status;
  headline: string;
  /** What the headline rests on: 'so far: 17 of 28 cameras judged'. */
  basis: string;
  /** More in words where no problem is to be named. */
  note: string;
  /** Only part of the cameras have been judged yet. */
  provisional: boolean;
  /** The problem behind the headline; null when there is none. */
  cause: Problem | null;
}

/** Cameras with a job that can be judged, and those that have been. */
export function judgedCount(models: CameraModels): { judged: number; jobs: number } {
  const withJob = CAMERAS.filter((camera) => {
    const state = models[camera].job?.state;
    return state !== undefined && state !== 'missing' && state !== 'not-expected';
  });
  return { judged: withJob.filter((camera) => models[camera].judged).length, jobs: withJob.length };
}

const UNDER_WAY: Readonly<Record<Stage, string>> = {
  detect: 'New exposure found',
  transfer: 'Transferring the exposure',
  split: 'Splitting by camera',
  process: 'Processing, nothing judged yet',
  verdict: 'Summing up',
};

const NONE = { provisional: false, cause: null, note: '' } as const;

/**
 * The verdict of a run (null: none yet) from its cameras and their problems. What has not been judged is never called
 * good: with nothing judged there is no verdict, and a provisional one says how many cameras it rests on.
 */
export function verdictOf(
  detail: RunDetail | null,
  models: CameraModels,
  problems: readonly Problem[],
  exposures: readonly Exposure[],
): Verdict {
  if (!detail) {
    const seen = exposures.length;
    if (seen === 0) {
      const note = 'It appears here by itself as soon as the DOS tells of it';
      return { ...NONE, status: 'waiting', headline: 'No exposure yet', basis: 'Watching for the first one', note };
    }
    const basis = `${count(seen, 'exposure')} registered, none to process yet`;
    const note = 'What is processed is a setting; any exposure can be processed from the list of exposures';
    return { ...NONE, status: 'waiting', headline: 'Nothing processed yet', basis, note };
  }
  const { run } = detail;
  const { judged, jobs } = judgedCount(models);
  const running = run.state === 'running';
  const basis = jobs === 0 ? '' : `${running ? 'so far: ' : ''}${judged} of ${count(jobs, 'camera')} judged`;
  const provisional = running && judged < jobs;
  const worst = problems[0];

  if (worst && worst.severity !== 'unknown') {
    return { ...NONE, status: worst.severity, headline: worst.sentence, basis, provisional, cause: worst };
  }
  if (run.state === 'failed' || run.state === 'cancelled') {
    const headline = run.state === 'failed' ? 'Could not be processed' : 'Processing was cancelled';
    return {
      ...NONE,
      status: run.state,
      headline,
      basis: [basis, run.reason].filter((text) => text !== '').join('. '),
    };
  }
  if (running && judged === 0)
    return { ...NONE, status: 'running', headline: UNDER_WAY[run.stage], basis, provisional };
  if (worst) {
    const status = running ? 'running' : 'unknown';
    return { ...NONE, status, headline: worst.sentence, basis, provisional, cause: worst };
  }
  if (jobs === 0) return { ...NONE, status: 'unknown', headline: 'No camera was processed', basis: run.reason };
  if (running) {
    const note = `${count(jobs - judged, 'camera')} to go`;
    return { ...NONE, status: 'running', headline: 'Normal so far', basis, provisional, note };
  }
  if (judged < jobs) return { ...NONE, status: 'unknown', headline: 'Not all cameras were judged', basis };
  const headline = jobs === 1 ? 'The only camera is normal' : `All ${jobs} cameras normal`;
  return { ...NONE, status: 'normal', headline, basis, note: 'Every number judged is inside its limits' };
}
