import { describe, expect, it } from 'vitest';
import { CAMERAS, cameraWords, type CameraName } from '#shared/domain/camera.ts';
import type { Job } from '#shared/domain/run.ts';
import type { MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Run } from '#shared/domain/run.ts';
import { detail, exposure, job, measurement } from '../testing/fixture.ts';
import { busyScenario, goodScenario } from '../testing/scenario.ts';
import { cameraModels } from './camera-model.ts';
import { problemsOf } from './problems.ts';
import { judgedCount, verdictOf } from './verdict.ts';

function verdict(jobs: readonly Job[], measurements: readonly MeasurementSummary[], over: Partial<Run> = {}) {
  const run = detail(jobs, measurements, over);
  const models = cameraModels(run, null);
  const problems = problemsOf(models);
  return { ...verdictOf(run, models, problems, []), problems, counts: judgedCount(models) };
}

const done = { state: 'done', stage: 'verdict', endedAt: 1 } as const;
const complete = (camera: CameraName): MeasurementSummary[] => [
  measurement(camera, 'getrms', [2.6, 2.7, 2.6, 2.5]),
  measurement(camera, 'countbins', [499]),
  measurement(camera, 'snr', [0.7, 0.8, 0.7, 0.8]),
];

describe('the verdict', () => {
  it('says what and where, with value and limit', () => {
    const { current } = busyScenario();
    const models = cameraModels(current, null);
    const problems = problemsOf(models);
    const answer = verdictOf(current, models, problems, []);
    expect(answer).toMatchObject({
      status: 'alarm',
      headline: 'r3: amplifier C noise high',
      basis: 'so far: 17 of 28 cameras judged',
      provisional: true,
    });
    expect(answer.cause).toMatchObject({ camera: 'r3', key: 'NOISE_AMP', value: '4.71 e\u207b', detail: 'limit 4.60' });
    expect(problems.map(({ short }) => short)).toEqual([
      'r3 noise high',
      'z5 failed',
      'b9 missing',
      'z1 fibers lost',
      'b7 S/N low',
      'z3 signal to noise not judged',
    ]);
  });
  it('calls a run good only when every camera was judged normal', () => {
    const { current } = goodScenario();
    const models = cameraModels(current, null);
    expect(verdictOf(current, models, problemsOf(models), [])).toMatchObject({
      status: 'normal',
      headline: 'All 30 cameras normal',
    });
  });
  it('is not good while cameras run, and has no opinion with nothing judged', () => {
    const half = [job('b0'), job('b1', { state: 'running', endedAt: null })];
    expect(verdict(half, complete('b0'))).toMatchObject({
      status: 'running',
      headline: 'Normal so far',
      provisional: true,
    });
    expect(verdict([job('b1', { state: 'running', endedAt: null })], [])).toMatchObject({
      status: 'running',
      headline: 'Processing, nothing judged yet',
    });
  });
  it('never takes silence for good', () => {
    expect(verdict([job('b0')], [], done)).toMatchObject({ status: 'unknown' });
    expect(verdict([], [], done)).toMatchObject({ status: 'unknown', headline: 'No camera was processed' });
    expect(verdict([job('b0')], complete('b0').slice(0, 1), done).headline).toBe('b0 fibers and spectra not judged');
  });
  it('says what became of a run that ended badly', () => {
    expect(verdict([], [], { ...done, state: 'failed', reason: 'The file ends early.' })).toMatchObject({
      status: 'failed',
      headline: 'Could not be processed',
      basis: 'The file ends early.',
    });
    expect(verdict([], [], { ...done, state: 'cancelled' }).status).toBe('cancelled');
  });
  it('says that nothing has come, or that nothing is to be processed', () => {
    const models = cameraModels(null, null);
    expect(verdictOf(null, models, [], []).headline).toBe('No exposure yet');
    expect(verdictOf(null, models, [], [exposure(1), exposure(2)]).basis).toBe(
      '2 exposures registered, none to process yet',
    );
  });
});

describe('problems', () => {
  it('makes one of one cause in many cameras', () => {
    const jobs = CAMERAS.map((camera) => job(camera));
    const cloudy = CAMERAS.map((camera, i) => measurement(camera, 'snr', [0.2 - i / 1000, 0.8, 0.8, 0.8]));
    const { problems, headline } = verdict(jobs, cloudy);
    const alarms = problems.filter(({ severity }) => severity === 'alarm');
    expect(alarms).toHaveLength(1);
    expect(headline).toBe('All cameras: ELG S/N low');
    expect(alarms[0]).toMatchObject({ camera: 'z9', value: 'z9 0.17' });
  });
  it('puts the consequences of a cause under it', () => {
    const dead = [
      measurement('b4', 'getrms', [0, 2.6, 2.6, 2.6]),
      measurement('b4', 'getbias', [0, 150, 150, 150]),
      measurement('b4', 'countpix', [0.1, 0.4, 0.4, 0.4]),
    ];
    const other = measurement('r3', 'getrms', [2.6, 2.6, 9, 2.6]);
    const { problems } = verdict([job('b4'), job('r3')], [...dead, other]);
    expect(problems.slice(0, 2).map(({ sentence, also }) => [sentence, ...also])).toEqual([
      ['r3: amplifier C noise high'],
      ['b4: amplifier A bias low', 'amplifier A noise too low', 'amplifier A too few lit pixels'],
    ]);
  });
  it('names amplifiers by identity, whatever their order by value', () => {
    const swapped = measurement('r1', 'getbias', [80, 105, 150, 195]);
    const { problems } = verdict([job('r1')], [swapped], { ...done, state: 'running' });
    expect(problems.slice(0, 2)).toMatchObject([
      { sentence: 'r1: amplifier A bias low', value: '80 ADU', detail: 'limit 90', also: [] },
      { sentence: 'r1: amplifier D bias high', value: '195 ADU', detail: 'limit 190', also: ['amplifier B bias low'] },
    ]);
  });
  it('names cameras as people do', () => {
    expect(cameraWords(['r3'])).toBe('r3');
    expect(cameraWords(['b1', 'r3'])).toBe('b1, r3');
    expect(cameraWords(['b4', 'r4', 'z4'])).toBe('spectrograph 4');
    expect(cameraWords(CAMERAS.filter((camera) => camera.startsWith('z')))).toBe('all z cameras');
    expect(cameraWords(CAMERAS.slice(0, 12))).toBe('12 cameras');
    expect(cameraWords(CAMERAS)).toBe('all cameras');
  });
  it('believes a sender that judged a metric as a whole', () => {
    const whole = measurement('r1', 'guider', [1], { status: 'alarm', keys: [] });
    expect(verdict([job('r1')], [whole]).problems[0]?.sentence).toBe('r1 guider off');
  });
  it('gives the reason of a failed job', () => {
    const { problems } = verdict([job('z5', { state: 'failed', reason: 'extract, exit 1' })], []);
    expect(problems).toMatchObject([{ severity: 'failed', sentence: 'z5 failed', detail: 'extract, exit 1' }]);
  });
});
