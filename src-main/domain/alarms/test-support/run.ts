import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job, JobState, Run } from '#shared/domain/run.ts';
import { elementLabels, findKey } from '#shared/qa/catalogue.ts';
import { judgeKey, worstStatus } from '#shared/qa/status.ts';
import { dataCauses } from '../data-causes.ts';
import { machineCauses } from '../machine-causes.ts';
import type { RunStep } from '../step-run.ts';

/** A key of a metric: its reference, half of the normal and of the warning range, and how many elements it has. */
interface Limited {
  key: string;
  metric: string;
  reference: number;
  normal: number;
  warn: number;
  elements: number;
}

const limited = (
  key: string,
  metric: string,
  reference: number,
  normal: number,
  warn: number,
  elements: number,
): Limited => ({
  key,
  metric,
  reference,
  normal,
  warn,
  elements,
});

const KEYS: readonly Limited[] = [
  limited('NOISE_AMP', 'getrms', 2.8, 1.5, 2, 4),
  limited('BIAS_AMP', 'getbias', 1000, 40, 60, 4),
  limited('LITFRAC_AMP', 'countpix', 0.4, 0.15, 0.2, 4),
  limited('XWSIGMA', 'xwsigma', 1.1, 0.9, 1.2, 2),
  limited('XYSHIFTS', 'xyshifts', 0, 0.2, 0.3, 2),
  limited('NGOODFIB', 'countbins', 50, 3, 4, 1),
  limited('SKYCONT', 'skycont', 190, 75, 100, 1),
  limited('FIDSNR_TGT', 'snr', 1.2, 0.9, 1.2, 4),
  limited('DELTAMAG_TGT', 'integ', 0, 1.5, 2, 4),
];

function judged({ key, reference, normal, warn }: Limited, deviations: readonly (number | null)[]): JudgedKey {
  const values = deviations.map((deviation) => (deviation === null ? null : reference + deviation));
  const references = values.map(() => reference);
  const range = (half: number): [number, number] => [-half, half];
  const found = judgeKey({ key, values, references, normal: range(normal), warn: range(warn) });
  const labels = elementLabels(findKey(key)?.elements ?? 'scalar', values.length, 'dark');
  return {
    key,
    normalRange: range(normal),
    warnRange: range(warn),
    elements: values.map((value, i) => ({
      label: labels[i] ?? '',
      value,
      reference,
      status: found.elements[i] ?? 'unknown',
    })),
    status: found.status,
  };
}

/** What is off in some cameras: METRICS key → deviations from the reference; a single one is of every element. */
export type Off = Partial<Record<CameraName, Record<string, readonly (number | null)[] | number>>>;

/** The measurements of a run in which everything else is as it should be. */
export function measurementsWith(off: Off, cameras: readonly CameraName[] = CAMERAS): MeasurementSummary[] {
  return cameras.flatMap((camera, c) =>
    KEYS.map((one, k): MeasurementSummary => {
      const given = off[camera]?.[one.key] ?? 0;
      const key = judged(one, typeof given === 'number' ? Array.from({ length: one.elements }, () => given) : given);
      return {
        id: c * 100 + k,
        runId: 1,
        jobId: c + 1,
        expid: 1,
        camera,
        metric: one.metric,
        revision: 1,
        status: worstStatus([key.status]),
        keys: [key],
        receivedAt: 0,
      };
    }),
  );
}

export function runOf(expid: number, over: Partial<Run> = {}): Run {
  return {
    id: expid,
    expid,
    night: '20261121',
    kind: 'qlf',
    state: 'done',
    stage: 'verdict',
    stages: [],
    reason: '',
    configurationId: 1,
    limitsVersion: null,
    startedAt: 0,
    endedAt: 1,
    ...over,
  };
}

export function jobsWith(
  off: Partial<Record<CameraName, { state: JobState; reason?: string }>>,
  cameras: readonly CameraName[] = CAMERAS,
): Job[] {
  return cameras.map((camera, i) => ({
    id: i + 1,
    runId: 1,
    expid: 1,
    camera,
    steps: [],
    plan: [],
    attempt: 1,
    startedAt: 0,
    endedAt: 1,
    exitCode: off[camera]?.state === 'failed' ? 1 : 0,
    signal: null,
    logFile: null,
    reason: off[camera]?.reason ?? '',
    state: off[camera]?.state ?? 'done',
  }));
}

/** A run of an exposure as the alarms see it when it has ended. */
export function stepOf(
  expid: number,
  off: Off,
  jobs: Parameters<typeof jobsWith>[0] = {},
  over: Partial<RunStep> = {},
): RunStep {
  const run = over.run ?? runOf(expid);
  const list = jobsWith(jobs);
  const present = list.filter(({ state }) => state === 'done').map(({ camera }) => camera);
  const measurements = measurementsWith(off, present);
  const causes = [...machineCauses(run, list), ...dataCauses(measurements)];
  return { run, jobs: list, measurements, causes, complete: true, ...over };
}
