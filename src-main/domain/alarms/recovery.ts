import type { Alarm } from '#shared/domain/alarm.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job, Run } from '#shared/domain/run.ts';
import { rangesOf } from '#shared/qa/excess.ts';
import { memberCamera } from './cause.ts';

/** What a run that has ended says of an alarm's cause; `silent` when it did not look. */
export type Outlook = 'bad' | 'good' | 'silent';

export interface RunFacts {
  run: Run;
  jobs: readonly Job[];
  measurements: readonly MeasurementSummary[];
}

/** Whether a deviation lies so far inside the normal range that the alarm may go: by `margin` of its half-width. */
function isWellInside(key: JudgedKey, label: string | undefined, margin: number): boolean {
  const elements = label === undefined ? key.elements : key.elements.filter((element) => element.label === label);
  if (elements.length === 0) return key.status === 'normal' && label === undefined;
  return elements.every((element) => {
    const { value, reference, status } = element;
    if (status !== 'normal') return false;
    const { normal } = rangesOf(key, element);
    if (value === null || reference === null || normal === null) return true;
    const [low, high] = normal;
    const inset = (margin * (high - low)) / 2;
    const deviation = key.key === 'FIDSNR_TGT' ? reference - value : value - reference;
    return deviation >= low + inset && deviation <= high - inset;
  });
}

function worstOf(outlooks: readonly Outlook[]): Outlook {
  if (outlooks.includes('bad')) return 'bad';
  return outlooks.includes('good') ? 'good' : 'silent';
}

function ofData({ members, keys }: Alarm, { measurements }: RunFacts, margin: number): Outlook {
  const [name] = keys;
  const outlooks = members.map((member): Outlook => {
    const label = member.includes(':') ? member.split(':')[1] : undefined;
    const key = measurements
      .filter(({ camera }) => camera === memberCamera(member))
      .flatMap((measurement) => measurement.keys)
      .find((candidate) => candidate.key === name);
    const status = label === undefined ? key?.status : key?.elements.find((element) => element.label === label)?.status;
    // What could not be judged is no proof that it is over.
    if (!key || status === undefined || status === 'unknown') return 'silent';
    return isWellInside(key, label, margin) ? 'good' : 'bad';
  });
  return worstOf(outlooks);
}

function ofJobs({ members, kind, expid }: Alarm, { run, jobs }: RunFacts): Outlook {
  const states = members.map((member): Outlook => {
    const state = jobs.find(({ camera }) => camera === (memberCamera(member) as CameraName | undefined))?.state;
    switch (state) {
      case 'done':
        return 'good';
      case 'not-expected':
        return kind === 'missing-camera' ? 'good' : 'silent';
      case 'failed':
        return kind === 'missing-camera' ? 'good' : 'bad';
      case 'missing':
        return kind === 'missing-camera' || run.expid === expid ? 'bad' : 'silent';
      default:
        return 'silent';
    }
  });
  return worstOf(states);
}

/**
 * What a run that has ended says of an alarm: bad where any member is still off, good where none is and one at least was
 * looked at. A value must lie inside the normal range by the margin, so that one that sits on its limit does not ring again and again.
 */
export function outlookOf(alarm: Alarm, facts: RunFacts, margin: number): Outlook {
  const { run } = facts;
  if (alarm.members.includes('*')) {
    if (run.state === 'done') return 'good';
    return run.state === 'failed' && run.stage !== 'transfer' ? 'bad' : 'silent';
  }
  const isOfJobs = alarm.family === 'machinery' || alarm.kind === 'wrong-exposure';
  return isOfJobs ? ofJobs(alarm, facts) : ofData(alarm, facts, margin);
}
