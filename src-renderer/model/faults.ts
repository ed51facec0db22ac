import type { FaultName } from '#shared/domain/test-environment.ts';

/** What a fault can be narrowed to. */
export type FaultScope = 'exposure' | 'camera' | 'amplifier';

/** Name, effect and scope of every fault that the test environment can inject, for its panel. */
export const FAULT_WORDS: Readonly<Record<FaultName, { title: string; effect: string; scope: FaultScope }>> = {
  'noisy-amplifier': { title: 'Noisy amplifier', effect: 'read noise far above its limit', scope: 'amplifier' },
  'dead-amplifier': { title: 'Dead amplifier', effect: 'a quarter of the CCD without light', scope: 'amplifier' },
  'bias-jump': { title: 'Bias jump', effect: 'the bias level leaves its range', scope: 'amplifier' },
  'missing-camera': { title: 'Missing camera', effect: 'the camera is not in the file', scope: 'camera' },
  saturated: { title: 'Saturated', effect: 'pixels at the top of the converter', scope: 'camera' },
  defocus: { title: 'Defocus', effect: 'wide lines', scope: 'camera' },
  'shifted-traces': { title: 'Shifted traces', effect: 'fibers not where the calibration has them', scope: 'camera' },
  'dead-fibers': { title: 'Dead fibers', effect: 'fibers without light', scope: 'camera' },
  'bright-sky': { title: 'Bright sky', effect: 'sky far above its usual level', scope: 'exposure' },
  cloud: { title: 'Cloud', effect: 'targets lose light, S/N falls', scope: 'exposure' },
  'truncated-file': { title: 'Truncated file', effect: 'the raw file ends early', scope: 'exposure' },
  'wrong-expid': { title: 'Wrong EXPID', effect: 'the header names another exposure', scope: 'exposure' },
};
