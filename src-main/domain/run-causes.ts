import type { CameraName } from '#shared/domain/camera.ts';
import { cameraWords } from '#shared/domain/camera.ts';
import type { Outcome } from '#shared/domain/history.ts';
import type { JudgedKey } from '#shared/domain/measurement.ts';
import type { JobState } from '#shared/domain/run.ts';
import { grouped } from '#shared/grouped.ts';
import { findKey, findMetric } from '#shared/qa/catalogue.ts';
import { capital, causeWords } from './alarms/cause.ts';
import { dataCauses } from './alarms/data-causes.ts';
import type { Judged } from './alarms/findings.ts';
import type { SummarisedJob } from './summarise-run.ts';

/** What was wrong in a run, whatever number of cameras and metrics it shows in. */
export interface RunCause {
  status: Outcome;
  cameras: CameraName[];
  /** 'r3 amplifier C noise high', 'All cameras: targets too faint' */
  title: string;
  /** The same without the cameras. */
  words: string;
  /** 'r3 4.71 e\u207b', empty where there is no number. */
  value: string;
  /** Where it is worst. */
  camera: CameraName;
  /** METRICS key, null where it is the job itself. */
  key: string | null;
}

const LOST: ReadonlySet<JobState> = new Set<JobState>(['failed', 'missing', 'cancelled']);

/** A normal measurement's keys are not read: that they were measured is all that counts of them. */
function bareKeys(metric: string): JudgedKey[] {
  return (findMetric(metric)?.keys ?? []).map(({ key }) => ({
    key,
    normalRange: null,
    warnRange: null,
    elements: [],
    status: 'normal',
  }));
}

function inCameras(
  list: readonly { camera: CameraName }[],
  words: string,
  status: Outcome,
  key: string | null,
): RunCause[] {
  const cameras = list.map(({ camera }) => camera);
  const [camera] = cameras;
  if (camera === undefined) return [];
  const title = `${capital(cameraWords(cameras))} ${words}`;
  return [{ status, cameras, title, words, value: '', camera, key }];
}

/** The causes of everything that was off normal in a run: of the data as the alarms name them, what nobody could judge, and lost jobs. */
export function runCauses(jobs: readonly SummarisedJob[]): RunCause[] {
  const judged = jobs.flatMap(({ camera, measurements }) =>
    measurements.map(({ metric, status, keys }): Judged => ({
      camera,
      metric,
      status,
      keys: status === 'normal' ? bareKeys(metric) : [...keys],
    })),
  );
  const data = dataCauses(judged).flatMap((cause): RunCause[] => {
    const { title, value, cameras, keys } = cause;
    const camera = cause.camera ?? cameras[0];
    const status = cause.severity === 'alarm' ? ('alarm' as const) : ('warning' as const);
    return camera
      ? [{ status, cameras: [...cameras], title, words: causeWords(cause), value, camera, key: keys[0] ?? null }]
      : [];
  });
  const unjudged = grouped(
    judged.filter(({ status }) => status === 'unknown'),
    ({ metric }) => metric,
  ).flatMap((list) => {
    const metric = list[0]?.metric ?? '';
    const known = findMetric(metric);
    const key = known?.keys[0]?.key ?? '';
    return inCameras(list, `${known?.title ?? metric} not judged`, 'unknown', findKey(key) ? key : null);
  });
  const lost = grouped(
    jobs.filter(({ state }) => LOST.has(state)),
    ({ state }) => state,
  ).flatMap((list) => {
    const state = list[0]?.state as Outcome;
    return inCameras(list, state, state, null);
  });
  return [...lost, ...data, ...unjudged];
}
