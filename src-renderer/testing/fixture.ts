import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { NO_QUESTIONS } from '#shared/domain/connection.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job, Run } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import { elementLabels, findKey, findMetric } from '#shared/qa/catalogue.ts';
import { judgeKey, worstStatus, type Range } from '#shared/qa/status.ts';
import type { ControlRoomState, RunDetail } from '#shared/state/control-room.ts';

/** The moment at which fixtures stand: 2026-11-22 08:42:17 UTC. */
export const FIXTURE_NOW = Date.UTC(2026, 10, 22, 8, 42, 17);
export const SCIENCE_PLAN: readonly Step[] = [
  'initialize',
  'preproc',
  'flexure',
  'extract',
  'fiberflat',
  'sky',
  'fluxcal',
];

/** Reference, normal and warning range of the stock dark-time configuration. */
const LIMITS: Readonly<Record<string, { reference: number | readonly number[]; normal: number; warn: number }>> = {
  NOISE_AMP: { reference: 2.6, normal: 1.5, warn: 2 },
  BIAS_AMP: { reference: 150, normal: 40, warn: 60 },
  LITFRAC_AMP: { reference: 0.4, normal: 0.15, warn: 0.2 },
  XWSIGMA: { reference: [1.1, 2.1], normal: 0.9, warn: 1.2 },
  NGOODFIB: { reference: 500, normal: 3, warn: 4 },
  XYSHIFTS: { reference: 0, normal: 0.2, warn: 0.3 },
  PEAKCOUNT: { reference: 75, normal: 75, warn: 100 },
  SKYCONT: { reference: 190, normal: 75, warn: 100 },
  DELTAMAG_TGT: { reference: [1.1, 1.6, 0.75, 0.8], normal: 1.5, warn: 2 },
  FIDSNR_TGT: { reference: [0.75, 0.75, 0.75, 0.75], normal: 0.3, warn: 0.5 },
  SKYRBAND: { reference: 21.2, normal: 1.5, warn: 2 },
};

export function exposure(expid: number, over: Partial<Exposure> = {}): Exposure {
  return {
    expid,
    night: '20261121',
    flavor: 'science',
    program: 'dark',
    exptime: 900.1,
    airmass: 1.21,
    seeing: 0.94,
    tileid: 5821,
    mjdObs: null,
    dateObs: null,
    ra: 129.61,
    dec: -2.4,
    obstype: 'SCIENCE',
    header: {},
    state: 'processed',
    reason: '',
    camerasExpected: [...CAMERAS],
    registeredAt: FIXTURE_NOW - 54_000,
    lastRunId: null,
    ...over,
  };
}

export function run(over: Partial<Run> = {}): Run {
  const startedAt = FIXTURE_NOW - 54_400;
  return {
    id: 7,
    expid: 298_417,
    night: '20261121',
    kind: 'qlf',
    state: 'running',
    stage: 'process',
    stages: [
      { stage: 'detect', startedAt, endedAt: startedAt + 400 },
      { stage: 'transfer', startedAt: startedAt + 400, endedAt: startedAt + 11_600 },
      { stage: 'split', startedAt: startedAt + 11_600, endedAt: startedAt + 14_700 },
      { stage: 'process', startedAt: startedAt + 14_700, endedAt: null },
    ],
    reason: '',
    configurationId: 14,
    startedAt,
    endedAt: null,
    ...over,
  };
}

/** A job that has ended all its steps. */
export function job(camera: CameraName, over: Partial<Job> = {}): Job {
  const startedAt = FIXTURE_NOW - 39_000;
  const plan = over.plan ?? [...SCIENCE_PLAN];
  return {
    id: CAMERAS.indexOf(camera) + 1,
    runId: 7,
    expid: 298_417,
    camera,
    state: 'done',
    steps: plan.map((step, i) => ({ step, startedAt: startedAt + i * 5000, endedAt: startedAt + (i + 1) * 5000 })),
    plan,
    attempt: 1,
    startedAt,
    endedAt: startedAt + 35_100,
    exitCode: 0,
    signal: null,
    reason: '',
    logFile: `logs/20261121/00298417/${camera}.log`,
    ...over,
  };
}

let nextId = 1;

/** A measurement of one key, judged by the shared rule against the stock limits (or none with `reference: null`). */
export function measurement(
  camera: CameraName,
  metric: string,
  values: readonly (number | null)[],
  over: Partial<MeasurementSummary> & { reference?: null } = {},
): MeasurementSummary {
  const { reference: withReference, ...fields } = over;
  const definition = findMetric(metric);
  const name = definition?.keys[0]?.key ?? metric.toUpperCase();
  const limits = withReference === null ? undefined : LIMITS[name];
  const references = values.map((_, i) =>
    limits === undefined
      ? null
      : typeof limits.reference === 'number'
        ? limits.reference
        : (limits.reference[i] ?? null),
  );
  const normal: Range = limits ? [-limits.normal, limits.normal] : [0, 0];
  const warn: Range = limits ? [-limits.warn, limits.warn] : [0, 0];
  const judged = judgeKey({ key: name, values, references, normal, warn });
  const labels = elementLabels(findKey(name)?.elements ?? 'scalar', values.length, 'dark');
  return {
    id: nextId++,
    runId: 7,
    jobId: CAMERAS.indexOf(camera) + 1,
    expid: 298_417,
    camera,
    metric: definition?.name ?? metric,
    revision: 1,
    status: worstStatus(judged.elements),
    keys: [
      {
        key: name,
        normalRange: limits ? [...normal] : null,
        warnRange: limits ? [...warn] : null,
        elements: values.map((value, i) => ({
          label: labels[i] ?? '',
          value,
          reference: references[i] ?? null,
          status: judged.elements[i] ?? 'unknown',
        })),
        status: worstStatus(judged.elements),
      },
    ],
    receivedAt: FIXTURE_NOW - 10_000,
    ...fields,
  };
}

/** The same with one element judged by a person's limits, as wide as given on both sides. */
export function withOwnLimits<T extends MeasurementSummary>(
  summary: T,
  index: number,
  limits: { normal: number; warn: number },
): T {
  const both = (half: number): [number, number] => [-half, half];
  const keys = summary.keys.map((key) => ({
    ...key,
    elements: key.elements.map((element, i) =>
      i === index
        ? {
            ...element,
            rule: {
              normalRange: both(limits.normal),
              warnRange: both(limits.warn),
              postedReference: element.reference,
            },
          }
        : element,
    ),
  }));
  return { ...summary, keys };
}

export function detail(
  jobs: readonly Job[],
  measurements: readonly MeasurementSummary[],
  over: Partial<Run> = {},
): RunDetail {
  return { run: run(over), jobs: [...jobs], measurements: [...measurements] };
}

export function room(over: Partial<ControlRoomState> = {}): ControlRoomState {
  const connection = { since: FIXTURE_NOW - 3_600_000, error: '', lastLoss: null, retryAt: null };
  return {
    seq: 0,
    engine: {
      activity: 'running',
      mode: 'auto',
      since: FIXTURE_NOW - 3_600_000,
      parallel: 30,
      dataDir: '/data/qlf',
      ingestUrl: 'http://127.0.0.1:8000/dashboard/api/',
      warnings: [],
    },
    connections: [
      { name: 'dos', adapter: 'test environment', state: 'ok', lastContact: FIXTURE_NOW - 400, ...connection },
      { name: 'transfer', adapter: 'local copy', state: 'idle', lastContact: FIXTURE_NOW - 40_000, ...connection },
      { name: 'ingest', adapter: 'HTTP', state: 'ok', lastContact: FIXTURE_NOW - 200, ...connection },
    ],
    exposures: [],
    current: null,
    transfer: null,
    log: [],
    alarms: [],
    mutes: [],
    announcement: null,
    questions: NO_QUESTIONS,
    disk: {
      totalBytes: 12.1e12,
      freeBytes: 4.7e12,
      warnAt: 0.8,
      faultAt: 0.92,
      nightBytes: 0.42e12,
      checkedAt: FIXTURE_NOW - 5000,
    },
    notes: 0,
    typicalStageMs: { detect: 800, transfer: 11_000, split: 3000, process: 58_000, verdict: 200 },
    ...over,
  };
}
