import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/history.ts';
import type { CameraLine, CauseGroup, CauseLine, NightReport } from '#shared/domain/night-report.ts';
import { grouped } from '#shared/grouped.ts';
import { METRICS } from '#shared/qa/catalogue.ts';
import type { NightStore } from '../domain/ports/night-store.ts';

export type NightCause = ReturnType<NightStore['nightCauses']>[number];

export const rank = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);
export const worse = (a: Outcome, b: Outcome): Outcome => (rank(a) <= rank(b) ? a : b);

/** Cameras of one spectrograph: what more than these have at once is no matter of single cameras. */
const OF_A_SPECTROGRAPH = 3;
/** Lost cameras are each told by name up to this many at once. */
const LOST_BY_NAME = CAMERAS.length / 3;

function groupOf({ key, status }: NightCause): CauseGroup {
  if (status === 'failed' || status === 'missing' || status === 'cancelled') return 'camera';
  return METRICS.find(({ keys }) => keys.some((one) => one.key === key))?.group ?? 'other';
}

/** A cloud is in all cameras, a noisy amplifier in one. */
function isShared(cause: NightCause): boolean {
  return cause.cameras.length > (groupOf(cause) === 'camera' ? LOST_BY_NAME : OF_A_SPECTROGRAPH);
}

const byWeight = (a: CauseLine, b: CauseLine): number => rank(a.status) - rank(b.status) || b.off - a.off;

/** The same cause in some exposures as one line, in the words and with the value of the worst and newest of them. */
function lineOf(same: readonly NightCause[], words: (worst: NightCause) => string): CauseLine {
  const worst = [...same].sort((a, b) => rank(a.status) - rank(b.status) || b.expid - a.expid)[0] as NightCause;
  return {
    group: groupOf(worst),
    status: worst.status,
    words: words(worst),
    value: worst.value,
    metricKey: worst.key,
    off: new Set(same.map(({ expid }) => expid)).size,
    runId: worst.runId,
    camera: worst.camera,
  };
}

function cameraLine(camera: CameraName, own: readonly NightCause[], judged: readonly number[]): CameraLine {
  const marks = judged.map((expid) => {
    const here = own.filter((cause) => cause.expid === expid).map(({ status }) => status);
    return here.length === 0 ? null : here.reduce(worse);
  });
  const causes = grouped(own, ({ words }) => words)
    .map((same) => ({ ...lineOf(same, ({ words }) => words), camera }))
    .sort(byWeight);
  return {
    camera,
    status: own.map(({ status }) => status).reduce(worse),
    causes,
    off: marks.filter((mark) => mark !== null).length,
    marks,
  };
}

/**
 * What was wrong in a night: what many cameras shared, each cause once, and the cameras with what they had by themselves or
 * with their spectrograph; the worst and most frequent first. A camera that had nothing of its own is not among them.
 * @param judged the night's judged exposures, in order
 */
export function nightCauses(
  causes: readonly NightCause[],
  judged: readonly number[],
): Pick<NightReport, 'shared' | 'cameras'> {
  const everywhere = causes.filter(isShared);
  const particular = causes.filter((cause) => !isShared(cause));
  const shared = grouped(everywhere, ({ words }) => words)
    .map((same) => lineOf(same, ({ title }) => title))
    .sort(byWeight);
  const cameras = CAMERAS.flatMap((camera) => {
    const own = particular.filter((cause) => cause.cameras.includes(camera));
    return own.length === 0 ? [] : [cameraLine(camera, own, judged)];
  });
  return {
    shared,
    cameras: cameras.sort(
      (a, b) => rank(a.status) - rank(b.status) || b.off - a.off || a.camera.localeCompare(b.camera),
    ),
  };
}
