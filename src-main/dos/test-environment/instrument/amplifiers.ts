import type { CameraName } from '#shared/domain/camera.ts';
import { Random } from '../random.ts';
import type { InstrumentSize } from './camera-design.ts';
import { type Amplifier, AMPLIFIERS } from './ccd-layout.ts';

/** One amplifier's electronics. */
export interface AmplifierProperties {
  /** electrons per ADU */
  readonly gain: number;
  /** electrons */
  readonly readNoise: number;
  /** bias level, ADU */
  readonly offset: number;
  /** False: no light and hardly any noise comes through. */
  readonly alive: boolean;
}

export type AmplifierSet = Readonly<Record<Amplifier, AmplifierProperties>>;

/** Bias level that all amplifiers are set to, ADU. */
export const BIAS_LEVEL = 1000;

const GAIN: Readonly<Record<Amplifier, number>> = { A: 1.05, B: 1.11, C: 0.98, D: 1.19 };
const READ_NOISE: Readonly<Record<Amplifier, number>> = { A: 2.7, B: 2.9, C: 2.55, D: 3.1 };

/** The electronics of a camera as built; they drift a little from exposure to exposure (see conditions). */
export function amplifiersOf(camera: CameraName, size: InstrumentSize): AmplifierSet {
  const random = new Random('instrument', 'amplifiers', size, camera);
  const make = (amplifier: Amplifier): AmplifierProperties => ({
    gain: round(GAIN[amplifier] * (1 + 0.012 * random.normal()), 4),
    readNoise: round(READ_NOISE[amplifier] * (1 + 0.015 * random.normal()), 3),
    offset: BIAS_LEVEL + 7 * clip(random.normal(), 2),
    alive: true,
  });
  const [a, b, c, d] = AMPLIFIERS.map(make);
  return { A: a!, B: b!, C: c!, D: d! };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function clip(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
