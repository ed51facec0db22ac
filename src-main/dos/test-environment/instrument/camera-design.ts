import type { Arm } from '#shared/domain/camera.ts';
import type { TestEnvironmentSettings } from '#shared/domain/test-environment.ts';

export type InstrumentSize = TestEnvironmentSettings['size'];

/** What is built in: one arm of a spectrograph at one size. Pixels are counted from 0 and pixel i is centred on i. */
export interface CameraDesign {
  readonly arm: Arm;
  readonly size: InstrumentSize;
  /** Trimmed CCD, all four amplifiers together. */
  readonly columns: number;
  readonly rows: number;
  /** Per amplifier: columns read before and after the CCD's own, rows likewise. */
  readonly prescan: number;
  readonly overscan: number;
  readonly rowPrescan: number;
  readonly rowOverscan: number;
  /** Fibers of the camera, in bundles of 25. */
  readonly fibers: number;
  /** Distance of neighbouring fibers and of neighbouring bundles' last and first fiber, pixels. */
  readonly pitch: number;
  readonly bundleGap: number;
  /** Domain of the trace polynomials, Angstrom; a little more than what falls on the CCD. */
  readonly waveMin: number;
  readonly waveMax: number;
  /** Mean width of the PSF across the fibers and along the wavelength, pixels. */
  readonly sigmaX: number;
  readonly sigmaY: number;
}

const WAVELENGTHS: Readonly<Record<Arm, readonly [number, number]>> = {
  b: [3560, 5740],
  r: [5620, 7750],
  z: [7410, 9840],
};
const SIGMAS: Readonly<Record<Arm, readonly [number, number]>> = { b: [1.02, 1.1], r: [1.06, 1.12], z: [1.12, 1.18] };

/** Columns, rows, prescan and overscan of the real CCDs, and of small ones with the same structure. */
function ccdOf(
  arm: Arm,
  size: InstrumentSize,
): Pick<CameraDesign, 'columns' | 'rows' | 'prescan' | 'overscan' | 'rowPrescan' | 'rowOverscan'> {
  if (size === 'compact') {
    return { columns: 640, rows: 1600, prescan: 4, overscan: 32, rowPrescan: 1, rowOverscan: 16 };
  }
  return arm === 'b'
    ? { columns: 4096, rows: 4096, prescan: 4, overscan: 64, rowPrescan: 1, rowOverscan: 32 }
    : { columns: 4114, rows: 4128, prescan: 7, overscan: 64, rowPrescan: 1, rowOverscan: 32 };
}

/** The emulated instrument's cameras; all ten spectrographs are built alike. */
export function cameraDesign(arm: Arm, size: InstrumentSize): CameraDesign {
  const [waveMin, waveMax] = WAVELENGTHS[arm];
  const [sigmaX, sigmaY] = SIGMAS[arm];
  const fibers =
    size === 'compact' ? { fibers: 50, pitch: 8.6, bundleGap: 16 } : { fibers: 500, pitch: 7.26, bundleGap: 17.6 };
  return { arm, size, ...ccdOf(arm, size), ...fibers, waveMin, waveMax, sigmaX, sigmaY };
}
