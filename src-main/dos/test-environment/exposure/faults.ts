import { assertNever } from '#shared/assert-never.ts';
import { type CameraName, spectrographOf } from '#shared/domain/camera.ts';
import type { Fault, FaultName } from '#shared/domain/test-environment.ts';
import type { Amplifier } from '../instrument/ccd-layout.ts';
import { Random } from '../random.ts';

/** How strong the injected faults are; truth.json repeats what was applied. */
export const FAULT_SIZES = {
  /** Level at which a dead amplifier sticks, ADU, and the noise that is left, electrons. */
  deadLevel: 20,
  deadNoise: 0.5,
  /** Factor on the read noise. */
  noise: 4,
  /** ADU added to the bias level. */
  biasJump: 180,
  /** Stray light that fills the wells of an amplifier, electrons per pixel. */
  strayLight: 90_000,
  /** Pixels added in quadrature to both widths of the PSF. */
  defocus: 2.6,
  /** Pixels by which all traces move. */
  shiftX: 0.5,
  shiftY: 0.7,
  /** Factor on the sky's continuum. */
  sky: 6,
  /** Transparency that clouds leave to targets, and the light that they scatter back. */
  cloud: 0.08,
  cloudSky: 1.25,
  /** Share of a camera's fibers that die. */
  deadFibers: 0.2,
} as const;

/** Everything that faults change in one camera. */
export interface CameraFaults {
  readonly missing: boolean;
  readonly deadAmplifiers: readonly Amplifier[];
  readonly noisyAmplifiers: readonly Amplifier[];
  readonly jumpedAmplifiers: readonly Amplifier[];
  /** Amplifiers whose wells are full. */
  readonly saturatedAmplifiers: readonly Amplifier[];
  readonly defocused: boolean;
  readonly shifted: boolean;
  readonly brightSky: boolean;
  readonly cloudy: boolean;
  readonly deadFibers: readonly number[];
  readonly wrongExpid: boolean;
  /** The file ends within this camera's HDU. */
  readonly truncated: boolean;
}

/** Names of the faults of one camera, or of the whole exposure when their `camera` is absent. */
export function faultsOf(
  faults: readonly Fault[],
  camera: CameraName,
  fibers: number,
  seed: readonly (string | number)[],
): CameraFaults {
  const has = (name: FaultName): boolean =>
    faults.some((fault) => fault.name === name && (fault.camera ?? camera) === camera);
  const amplifiers = (name: FaultName): Amplifier[] =>
    faults
      .filter((fault) => fault.name === name && (fault.camera ?? camera) === camera)
      .map((fault) => fault.amplifier ?? 'C');
  return {
    missing: has('missing-camera'),
    deadAmplifiers: amplifiers('dead-amplifier'),
    noisyAmplifiers: amplifiers('noisy-amplifier'),
    jumpedAmplifiers: amplifiers('bias-jump'),
    saturatedAmplifiers: amplifiers('saturated'),
    defocused: has('defocus'),
    shifted: has('shifted-traces'),
    brightSky: has('bright-sky'),
    cloudy: has('cloud'),
    deadFibers: has('dead-fibers') ? pickFibers(camera, fibers, seed) : [],
    wrongExpid: has('wrong-expid'),
    // A file can be cut only once: where no camera is named, within one in the middle.
    truncated: faults.some((fault) => fault.name === 'truncated-file' && (fault.camera ?? 'r5') === camera),
  };
}

/** A broken fiber is broken for all three arms, so it is drawn by spectrograph. */
function pickFibers(camera: CameraName, fibers: number, seed: readonly (string | number)[]): number[] {
  const random = new Random('dead fibers', ...seed, spectrographOf(camera));
  const all = random.shuffle(Array.from({ length: fibers }, (_, fiber) => fiber));
  return all.slice(0, Math.round(FAULT_SIZES.deadFibers * fibers)).sort((a, b) => a - b);
}

/** In words, for truth.json and the log. */
export function describeFault(fault: Fault): string {
  const where = fault.camera ?? 'every camera';
  const amplifier = fault.amplifier ?? 'C';
  switch (fault.name) {
    case 'dead-amplifier':
    case 'noisy-amplifier':
    case 'bias-jump':
    case 'saturated':
      return `${fault.name}: amplifier ${amplifier} of ${where}`;
    case 'truncated-file':
      return `${fault.name}: within ${fault.camera ?? 'r5'}`;
    case 'wrong-expid':
      return `${fault.name}: ${fault.camera ?? 'the whole file'}`;
    case 'missing-camera':
    case 'defocus':
    case 'shifted-traces':
    case 'bright-sky':
    case 'cloud':
    case 'dead-fibers':
      return `${fault.name}: ${where}`;
    default:
      return assertNever(fault.name, 'fault');
  }
}
