import { describe, expect, it } from 'vitest';
import { CAMERAS } from '#shared/domain/camera.ts';
import { detail, job, measurement, withOwnLimits } from '../testing/fixture.ts';
import { cameraModel, cameraModels, groupOf, rowTag } from './camera-model.ts';
import { rollUp } from './status.ts';

const running = job('r3', { state: 'running', endedAt: null });

describe('roll-up', () => {
  it('follows the order of the design and leaves out what never rolls up', () => {
    expect(rollUp(['normal', 'warning', 'failed'])).toBe('failed');
    expect(rollUp(['alarm', 'failed'])).toBe('alarm');
    expect(rollUp(['not-expected', 'normal'])).toBe('normal');
    expect(rollUp(['not-expected', 'superseded'])).toBeUndefined();
  });
});

describe('a camera', () => {
  it('is normal only when it is done and every group was judged', () => {
    const all = [
      measurement('r3', 'getrms', [2.6, 2.7, 2.6, 2.5]),
      measurement('r3', 'countbins', [499]),
      measurement('r3', 'snr', [0.7, 0.8, 0.7, 0.8]),
    ];
    expect(cameraModel('r3', job('r3'), all, 'waiting').status).toBe('normal');
    expect(cameraModel('r3', job('r3'), all.slice(0, 2), 'waiting').status).toBe('unknown');
    expect(cameraModel('r3', job('r3'), [], 'waiting').status).toBe('unknown');
    expect(cameraModel('r3', running, all, 'waiting').status).toBe('running');
  });
  it('does not expect what its plan does not measure', () => {
    const bias = job('b0', { plan: ['initialize', 'preproc'] });
    const model = cameraModel('b0', bias, [measurement('b0', 'getrms', [2.6, 2.6, 2.6, 2.6])], 'waiting');
    expect(model.groups.fibers.status).toBe('not-expected');
    expect(model.status).toBe('normal');
  });
  it('shows an alarm while it runs, and above its own failure', () => {
    const noisy = [measurement('r3', 'getrms', [2.6, 2.7, 4.71, 2.5])];
    expect(cameraModel('r3', running, noisy, 'waiting').status).toBe('alarm');
    expect(cameraModel('r3', job('r3', { state: 'failed' }), noisy, 'waiting').status).toBe('alarm');
    expect(cameraModel('r3', job('r3', { state: 'failed' }), [], 'waiting').status).toBe('failed');
  });
  it('takes metrics that QLF does not know into its status', () => {
    const foreign = measurement('r3', 'guider', [1], { status: 'alarm' });
    expect(groupOf('guider')).toBe('other');
    expect(cameraModel('r3', running, [foreign], 'waiting').status).toBe('alarm');
  });
});

describe('the row of a group', () => {
  it('shows the worst amplifier, by identity', () => {
    const { ccd } = cameraModel('r3', running, [measurement('r3', 'getrms', [2.6, 2.7, 4.71, 2.5])], 'waiting').groups;
    expect(ccd).toMatchObject({ status: 'alarm', usual: true, shown: { element: { label: 'C', value: 4.71 } } });
    expect(rowTag(ccd)).toBe('CCD');
  });
  it('weighs each amplifier by the limits that judged it', () => {
    const noisy = measurement('r3', 'getrms', [2.6, 4.7, 4.8, 2.5]);
    const shown = (one: typeof noisy): string | undefined =>
      cameraModel('r3', running, [one], 'waiting').groups.ccd.shown?.element.label;
    expect(shown(noisy)).toBe('C');
    expect(shown(withOwnLimits(noisy, 1, { normal: 0.1, warn: 0.2 }))).toBe('B');
  });
  it('names the metric when another than the usual one is off', () => {
    const { ccd } = cameraModel(
      'r3',
      running,
      [measurement('r3', 'getrms', [2.6, 2.6, 2.6, 2.6]), measurement('r3', 'getbias', [150, 215, 150, 150])],
      'waiting',
    ).groups;
    expect(ccd.status).toBe('alarm');
    expect(rowTag(ccd)).toBe('BIAS');
    expect(ccd.shown?.element).toMatchObject({ label: 'B', value: 215 });
  });
  it('shows the highest noise and the lowest S/N when all is normal', () => {
    const { ccd, spectra } = cameraModel(
      'r3',
      running,
      [measurement('r3', 'getrms', [2.6, 2.9, 2.2, 2.6]), measurement('r3', 'snr', [0.8, 0.7, 0.75, 0.9])],
      'waiting',
    ).groups;
    expect(ccd.shown?.element.value).toBe(2.9);
    expect(spectra.shown?.element.value).toBe(0.7);
  });
  it('keeps the place of the usual number free while it may still come', () => {
    const posted = [measurement('r3', 'countpix', [0.4, 0.4, 0.4, 0.4])];
    expect(cameraModel('r3', running, posted, 'waiting').groups.ccd).toMatchObject({ status: 'waiting', shown: null });
    const ended = cameraModel('r3', job('r3'), posted, 'waiting').groups.ccd;
    expect(ended.shown?.key.key).toBe('LITFRAC_AMP');
    expect(rowTag(ended)).toBe('LIT');
  });
});

describe('all cameras', () => {
  it('changes the model of one camera only when one measurement arrives', () => {
    const jobs = CAMERAS.map((camera) => job(camera, { state: 'running', endedAt: null }));
    const first = cameraModels(detail(jobs, []), null);
    const second = cameraModels(detail(jobs, [measurement('z4', 'getrms', [2.6, 2.6, 2.6, 2.6])]), null, first);
    expect(CAMERAS.filter((camera) => first[camera] !== second[camera])).toEqual(['z4']);
  });
  it('knows which cameras are not expected, and calls none good before it was processed', () => {
    const models = cameraModels(detail([], []), ['r0']);
    expect(models.r0.status).toBe('waiting');
    expect(models.b9.status).toBe('not-expected');
    expect(cameraModels(detail([], [], { state: 'failed' }), null).r0.status).toBe('unknown');
  });
});
