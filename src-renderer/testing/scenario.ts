import { CAMERAS, armOf, type CameraName } from '#shared/domain/camera.ts';
import type { MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import type { ControlRoomState, LogLine } from '#shared/state/control-room.ts';
import { OPEN_ALARMS } from './alarm-scenario.ts';
import { FIXTURE_NOW, SCIENCE_PLAN, detail, exposure, job, measurement, room } from './fixture.ts';

/** A small seeded generator (mulberry32): the same scenario every time. */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Cameras that have not ended, and the step they are in. */
const UNDER_WAY: Partial<Record<CameraName, Step>> = {
  b2: 'fluxcal',
  r5: 'fluxcal',
  r8: 'fluxcal',
  r9: 'fluxcal',
  z2: 'sky',
  z4: 'fluxcal',
  z6: 'sky',
  z7: 'sky',
  z8: 'sky',
  z9: 'extract',
};

function begun(step: Step): Pick<Job, 'steps' | 'state' | 'endedAt' | 'exitCode'> {
  const startedAt = FIXTURE_NOW - 39_000;
  const until = SCIENCE_PLAN.indexOf(step);
  const steps = SCIENCE_PLAN.slice(0, until + 1).map((name, i) => ({
    step: name,
    startedAt: startedAt + i * 6000,
    endedAt: i === until ? null : startedAt + (i + 1) * 6000,
  }));
  return { steps, state: 'running', endedAt: null, exitCode: null };
}

function jobOf(camera: CameraName, random: () => number): Job {
  const step = UNDER_WAY[camera];
  if (step) return job(camera, begun(step));
  if (camera === 'z5') {
    return job(camera, {
      ...begun('extract'),
      state: 'failed',
      endedAt: FIXTURE_NOW - 2000,
      exitCode: 1,
      reason: 'extract, exit 1: singular matrix in bundle 14, fibers 350-374',
    });
  }
  if (camera === 'b9') return job(camera, { state: 'missing', steps: [], plan: [], startedAt: null, endedAt: null });
  if (camera === 'r6') {
    return job(camera, {
      state: 'not-expected',
      steps: [],
      plan: [],
      startedAt: null,
      endedAt: null,
      reason: 'off since 18 Nov',
    });
  }
  return job(camera, { endedAt: FIXTURE_NOW - 39_000 + 31_000 + Math.round(random() * 8000) });
}

/** The metrics of a camera up to the step its job has reached. */
export function metricsOf(camera: CameraName, reached: number, random: () => number): MeasurementSummary[] {
  const around = (middle: number, spread: number): number => middle + (random() - 0.5) * 2 * spread;
  const four = (middle: number, spread: number): number[] => [0, 1, 2, 3].map(() => around(middle, spread));
  const noise = four(armOf(camera) === 'b' ? 2.9 : 2.65, 0.15);
  if (camera === 'r3') noise[2] = 4.71;
  const snr = four(0.8, 0.1);
  if (camera === 'b7') snr[0] = 0.41;
  const all: readonly (readonly [Step, () => MeasurementSummary])[] = [
    ['preproc', () => measurement(camera, 'getrms', noise)],
    ['preproc', () => measurement(camera, 'getbias', four(152, 14))],
    ['preproc', () => measurement(camera, 'countpix', four(0.41, 0.04))],
    ['preproc', () => measurement(camera, 'xwsigma', [around(1.14, 0.05), around(1.93, 0.1)])],
    ['flexure', () => measurement(camera, 'xyshifts', [around(0.03, 0.08), around(0.02, 0.1)])],
    ['extract', () => measurement(camera, 'countbins', [camera === 'z1' ? 496 : Math.round(around(499, 1))])],
    ['fiberflat', () => measurement(camera, 'skypeak', [around(81, 8)])],
    ['fiberflat', () => measurement(camera, 'skycont', [around(188, 12)])],
    ['sky', () => measurement(camera, 'snr', snr, camera === 'z3' ? { reference: null } : {})],
    [
      'fluxcal',
      () => measurement(camera, 'integ', [around(1.3, 0.2), around(1.6, 0.2), around(0.8, 0.1), around(0.8, 0.1)]),
    ],
    ...(armOf(camera) === 'r'
      ? ([['fluxcal', () => measurement(camera, 'skyrband', [around(20.9, 0.05)])]] as const)
      : []),
  ];
  return all.filter(([step]) => SCIENCE_PLAN.indexOf(step) <= reached).map(([, make]) => make());
}

const LINES: readonly (readonly [number, LogLine['source'], LogLine['level'], CameraName | null, string])[] = [
  [-54_000, 'monitor', 'info', null, 'new exposure 00298417, science, dark, 900.1 s'],
  [-42_800, 'engine', 'info', null, 'transferred 1.11 GB in 11.2 s, size and checksum as at the source'],
  [-39_700, 'engine', 'info', null, 'split into 28 cameras; b9 is not in the file'],
  [-12_200, 'pipeline', 'info', 'b4', 'sky ended (2.4 s)'],
  [-7600, 'pipeline', 'warning', 'r3', 'amplifier C: noise 4.71 e\u2212, header says 2.69'],
  [-3100, 'pipeline', 'info', 'r0', 'fluxcal ended (5.1 s)'],
  [-1960, 'pipeline', 'info', 'z4', 'fiberflat ended (1.2 s)'],
  [-1689, 'pipeline', 'error', 'z5', 'extract exit 1: singular matrix in bundle 14, fibers 350-374'],
  [-1073, 'pipeline', 'info', 'r9', 'sky ended (2.6 s)'],
  [-396, 'pipeline', 'info', 'b2', 'SKYCONT 188.2 NORMAL'],
  [8, 'pipeline', 'info', 'z9', 'extract fiber 340/500'],
];

/** The night of the design's mockups, in the middle of an exposure, with everything that can be wrong at once. */
export function busyScenario(): ControlRoomState {
  const random = seeded(4242);
  const jobs = CAMERAS.map((camera) => jobOf(camera, random));
  const measurements = jobs.flatMap((item) => {
    if (item.state === 'missing' || item.state === 'not-expected') return [];
    const ended = item.steps.filter((time) => time.endedAt !== null).length - 1;
    return metricsOf(item.camera, ended, random);
  });
  const past = (expid: number, agoMinutes: number, over: Parameters<typeof exposure>[1]) =>
    exposure(expid, { registeredAt: FIXTURE_NOW - agoMinutes * 60_000, ...over });
  return room({
    current: detail(jobs, measurements),
    alarms: [...OPEN_ALARMS],
    mutes: [{ severity: 'warning', until: FIXTURE_NOW + 2_400_000, by: 'Lead observer' }],
    exposures: [
      exposure(298_417, {
        state: 'processing',
        lastRunId: 7,
        dateObs: new Date(FIXTURE_NOW - 55_000 - 900_100).toISOString(),
        camerasExpected: CAMERAS.filter((camera) => camera !== 'r6'),
      }),
      past(298_416, 16, { state: 'processed', lastRunId: 6 }),
      past(298_415, 31, { state: 'superseded', reason: 'next to catch up' }),
      past(298_414, 46, { state: 'superseded', reason: 'then' }),
      past(298_413, 61, { state: 'processed', lastRunId: 5 }),
      past(298_412, 76, { state: 'registered', flavor: 'arc', program: 'arc', reason: 'not processed' }),
      past(298_411, 80, { state: 'registered', flavor: 'zero', program: null, reason: 'not processed' }),
    ],
    log: LINES.map(([at, source, level, camera, text], i) => ({
      id: i + 1,
      at: FIXTURE_NOW + at,
      source,
      level,
      expid: 298_417,
      camera,
      text,
    })),
  });
}

/** The same exposure, ended with all cameras normal. */
export function goodScenario(): ControlRoomState {
  const random = seeded(7);
  const jobs = CAMERAS.map((camera) =>
    job(camera, { endedAt: FIXTURE_NOW - 39_000 + 33_000 + Math.round(random() * 5000) }),
  );
  const plain = (camera: CameraName): CameraName => `${armOf(camera)}0`;
  const measurements = CAMERAS.flatMap((camera) =>
    metricsOf(plain(camera), SCIENCE_PLAN.length, random).map((item) => ({
      ...item,
      camera,
      jobId: CAMERAS.indexOf(camera) + 1,
    })),
  );
  const busy = busyScenario();
  const endedAt = FIXTURE_NOW - 900;
  const stages = [
    ...(busy.current?.run.stages.slice(0, 3) ?? []),
    { stage: 'process' as const, startedAt: FIXTURE_NOW - 39_700, endedAt: FIXTURE_NOW - 1000 },
    { stage: 'verdict' as const, startedAt: FIXTURE_NOW - 1000, endedAt },
  ];
  return room({
    engine: { ...busy.engine, activity: 'idle' },
    current: detail(jobs, measurements, { state: 'done', stage: 'verdict', stages, endedAt }),
    exposures: busy.exposures.map((item) => (item.lastRunId === 7 ? { ...item, state: 'processed' } : item)),
    log: busy.log.filter((line) => line.level === 'info'),
  });
}
