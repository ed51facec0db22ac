import type { FaultName } from '#shared/domain/test-environment.ts';

/** What a fault can be narrowed to. */
export type FaultScope = 'exposure' | 'camera' | 'amplifier';

/** Name, effect and scope of every fault that the test environment can inject, for its panel. */
export const FAULT_WORDS: Readonly<Record<FaultName, { title: string; effect: string; scope: FaultScope }>> = {
  'noisy-amplifier': { title: 'Noisy amplifier', effect: 'read noise four times as high', scope: 'amplifier' },
  'dead-amplifier': {
    title: 'Dead amplifier',
    effect: 'a quarter of the CCD sticks at 20 ADU, without light',
    scope: 'amplifier',
  },
  'bias-jump': { title: 'Bias jump', effect: 'bias level 180 ADU higher, outside its range', scope: 'amplifier' },
  'missing-camera': { title: 'Missing camera', effect: 'the camera is not in the file', scope: 'camera' },
  saturated: { title: 'Saturated', effect: 'stray light fills the wells of an amplifier', scope: 'amplifier' },
  defocus: { title: 'Defocus', effect: 'lines and traces 2.6 px wider, in quadrature', scope: 'camera' },
  'shifted-traces': {
    title: 'Shifted traces',
    effect: 'traces 0.5 px aside and 0.7 px along from where the calibration has them',
    scope: 'camera',
  },
  'dead-fibers': {
    title: 'Dead fibers',
    effect: 'a fifth of the spectrograph\u2019s fibers without light',
    scope: 'camera',
  },
  'bright-sky': { title: 'Bright sky', effect: 'sky six times as bright as usual', scope: 'exposure' },
  cloud: {
    title: 'Cloud',
    effect: 'targets keep 8 % of their light, the sky brightens by a quarter',
    scope: 'exposure',
  },
  'truncated-file': {
    title: 'Truncated file',
    effect: 'the raw file ends within a camera in its middle',
    scope: 'exposure',
  },
  'wrong-expid': { title: 'Wrong EXPID', effect: 'the header names another exposure', scope: 'exposure' },
};
