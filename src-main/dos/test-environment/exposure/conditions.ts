import type { CameraName } from '#shared/domain/camera.ts';
import { Random } from '../random.ts';
import type { ExposureKind } from './schedule.ts';

/** What names an exposure for the random numbers: the same three give the same exposure, at whatever time it is taken. */
export interface ExposureIdentity {
  readonly seed: number;
  /** YYYYMMDD */
  readonly night: string;
  readonly expid: number;
}

/** Sky, telescope and weather during an exposure. */
export interface Conditions {
  readonly airmass: number;
  /** arcsec */
  readonly seeing: number;
  /** Share of the targets' light that clouds let through (without faults). */
  readonly transparency: number;
  /** Factors on the dark zenith sky, continuum and lines. */
  readonly skyContinuum: number;
  readonly skyLines: number;
  /** deg */
  readonly moonSeparation: number;
  readonly tileid: number;
  /** Where the telescope points, deg. */
  readonly ra: number;
  readonly dec: number;
  /** °C, %, m/s */
  readonly temperature: number;
  readonly humidity: number;
  readonly wind: number;
}

/** Sky brightness over a dark night's. */
const SKY_BY_PROGRAM = { dark: 1, gray: 1.5, bright: 3 } as const;
const MOON_BY_PROGRAM = { dark: [80, 150], gray: [60, 110], bright: [35, 80] } as const;

export function drawConditions(identity: ExposureIdentity, kind: ExposureKind): Conditions {
  const random = new Random('conditions', identity.seed, identity.night, identity.expid);
  const program = kind.flavor === 'science' ? kind.program : 'dark';
  const airmass = kind.flavor === 'science' ? 1 + 0.35 * random.uniform() ** 2 : 1;
  const [nearest, farthest] = MOON_BY_PROGRAM[program];
  return {
    airmass: rounded(airmass, 3),
    seeing: rounded(1.05 * Math.exp(0.1 * clipped(random)), 3),
    transparency: rounded(1 - 0.03 * random.uniform(), 3),
    // van Rhijn's law is steeper; much of this sky is scattered light.
    skyContinuum: SKY_BY_PROGRAM[program] * airmass ** 0.5 * (1 + 0.04 * clipped(random)),
    skyLines: airmass ** 0.6 * (1 + 0.06 * clipped(random)),
    moonSeparation: rounded(random.between(nearest, farthest), 2),
    tileid: 1000 + random.integer(8000),
    ra: rounded(random.between(0, 360), 4),
    dec: rounded(random.between(-10, 70), 4),
    temperature: rounded(8 + 3 * clipped(random), 2),
    humidity: rounded(35 + 10 * clipped(random), 1),
    wind: rounded(random.between(1, 9), 1),
  };
}

/** How one camera differs from its calibration during an exposure. */
export interface CameraDrift {
  /** Pixels by which its traces have moved. */
  readonly x: number;
  readonly y: number;
  /** ADU by which each amplifier's bias has moved, A to D. */
  readonly offsets: readonly number[];
}

export function drawDrift(identity: ExposureIdentity, camera: CameraName): CameraDrift {
  const random = new Random('drift', identity.seed, identity.night, identity.expid, camera);
  return {
    x: 0.015 * clipped(random),
    y: 0.02 * clipped(random),
    offsets: [0, 1, 2, 3].map(() => 1.2 * clipped(random)),
  };
}

function clipped(random: Random): number {
  return Math.max(-2, Math.min(2, random.normal()));
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
