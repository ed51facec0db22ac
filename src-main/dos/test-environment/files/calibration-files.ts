import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { armOf, CAMERAS, type CameraName, spectrographOf } from '#shared/domain/camera.ts';
import { withChecksum } from '#shared/fits/checksum.ts';
import { Header } from '#shared/fits/header.ts';
import { encodeFits, encodeHdu, type HduBlock, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { type BuiltCamera, buildCamera } from '../exposure/camera-exposure.ts';
import type { InstrumentSize } from '../instrument/camera-design.ts';
import { averageCalibration, extinction, PIVOT_AIRMASS, PIVOT_SEEING, SEEING_TERM } from '../instrument/throughput.ts';
import { SIGMA_COEFFICIENTS, TRACE_COEFFICIENTS } from '../instrument/traces.ts';
import { flatLamp } from '../sky/lamps.ts';
import { writeAtomically } from './atomic.ts';

const SIZES: readonly InstrumentSize[] = ['compact', 'full'];
/** Wavelengths at which the smooth curves are tabulated. */
const FLAT_POINTS = 120;
const CALIBRATION_POINTS = 200;

/**
 * Writes the calibration tree `root/calib` of an instrument, laid out as $DESI_SPECTRO_CALIB is: an index, a PSF and a flux
 * calibration per camera, and one fiber flat with HDUs of every camera. Files of the other size stay. It depends on nothing
 * but the size: the instrument is the same in every emulated night.
 */
export async function writeCalibration(root: string, size: InstrumentSize): Promise<void> {
  const calib = join(root, 'calib');
  const flat = join(calib, `fiberflat-${size}.fits`);
  if (await exists(flat)) return;
  const flats: Uint8Array[] = [encodeHdu(withChecksum(primaryHdu(new Header().set('CCDCFG', size))))];
  for (const camera of CAMERAS) {
    const built = buildCamera(camera, size);
    const folder = join(calib, 'spec', `sp${spectrographOf(camera)}`);
    await writeAtomically(join(folder, `psf-${camera}-${size}.fits`), encodeFits(psfHdus(built).map(withChecksum)));
    await writeAtomically(
      join(folder, `fluxcalib-${camera}.fits`),
      encodeFits(fluxCalibrationHdus(built).map(withChecksum)),
    );
    const present = await sizesPresent(folder, camera);
    await writeAtomically(join(folder, `${camera}.yaml`), calibrationIndex(camera, present));
    for (const block of fiberFlatHdus(built)) flats.push(encodeHdu(withChecksum(block)));
  }
  // Last, so that its presence says that the tree is whole.
  await writeAtomically(flat, Buffer.concat(flats));
}

async function sizesPresent(folder: string, camera: CameraName): Promise<InstrumentSize[]> {
  const present: InstrumentSize[] = [];
  for (const size of SIZES) if (await exists(join(folder, `psf-${camera}-${size}.fits`))) present.push(size);
  return present;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** CAM.yaml. The fiber flat of a camera comes from the common file, so the index does not name one. */
export function calibrationIndex(camera: CameraName, sizes: readonly InstrumentSize[]): string {
  const folder = `spec/sp${spectrographOf(camera)}`;
  const lines = [`${camera}:`];
  for (const size of sizes) {
    lines.push(
      `  ${size}:`,
      `    CCDCFG: ${size}`,
      `    DATE-OBS-BEGIN: '20190101'`,
      `    DATE-OBS-END: '20991231'`,
      `    DETECTOR: SIM`,
      `    FLUXCALIB: ${folder}/fluxcalib-${camera}.fits`,
      `    PSF: ${folder}/psf-${camera}-${size}.fits`,
      // The nine letters fit no FITS keyword, so the level is told here; the converters end at 65535.
      ...['A', 'B', 'C', 'D', '1', '2', '3', '4'].map((amplifier) => `    SATURLEV${amplifier}: 65000.0`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** XTRACE, YTRACE, XSIG, YSIG: Legendre coefficients [fiber][degree]. */
function psfHdus(built: BuiltCamera): HduBlock[] {
  const { traces, design, camera } = built;
  const cards = (): Header =>
    new Header()
      .setReal('WAVEMIN', traces.waveMin, '[Angstrom] where u = -1')
      .setReal('WAVEMAX', traces.waveMax, '[Angstrom] where u = +1')
      .set('NPIX_Y', design.rows, 'rows of the CCD')
      .set('CAMERA', camera);
  const image = (pixels: Float64Array, coefficients: number) => ({ axes: [coefficients, traces.fibers], pixels });
  return [
    primaryHdu(cards().set('EXTNAME', 'XTRACE'), image(traces.x, TRACE_COEFFICIENTS)),
    imageHdu('YTRACE', image(traces.y, TRACE_COEFFICIENTS), cards()),
    imageHdu('XSIG', image(traces.sigmaX, SIGMA_COEFFICIENTS), cards()),
    imageHdu('YSIG', image(traces.sigmaY, SIGMA_COEFFICIENTS), cards()),
  ];
}

function fluxCalibrationHdus({ design, camera }: BuiltCamera): HduBlock[] {
  const arm = armOf(camera);
  const wave = grid(design.waveMin, design.waveMax, CALIBRATION_POINTS);
  const image = (value: (wave: number) => number) => ({ axes: [wave.length], pixels: Float32Array.from(wave, value) });
  return [
    primaryHdu(
      new Header().set('EXTNAME', 'AVERAGE_CALIB').set('CAMERA', camera),
      image((w) => averageCalibration(arm, w)),
    ),
    imageHdu('ATERM', image(extinction), new Header().setReal('PAIRMASS', PIVOT_AIRMASS)),
    imageHdu(
      'STERM',
      image(() => SEEING_TERM),
      new Header().setReal('PSEEING', PIVOT_SEEING),
    ),
    imageHdu(
      'WAVELENGTH',
      image((w) => w),
      new Header().set('BUNIT', 'Angstrom'),
    ),
  ];
}

/** Five HDUs of one camera, their names ending in _CAMERA. */
function fiberFlatHdus({ camera, design, flat }: BuiltCamera): HduBlock[] {
  const wave = grid(design.waveMin, design.waveMax, FLAT_POINTS);
  const count = design.fibers * FLAT_POINTS;
  const values = new Float32Array(count);
  for (let fiber = 0; fiber < design.fibers; fiber++) {
    for (let i = 0; i < FLAT_POINTS; i++) values[fiber * FLAT_POINTS + i] = flat.at(fiber, wave[i]!);
  }
  const axes = [FLAT_POINTS, design.fibers];
  const suffix = camera.toUpperCase();
  const cards = (): Header => new Header().set('CAMERA', camera);
  const lamp = Float32Array.from(wave, (w) => 60 * flatLamp(design.arm, w));
  return [
    imageHdu(`FIBERFLAT_${suffix}`, { axes, pixels: values }, cards()),
    imageHdu(`IVAR_${suffix}`, { axes, pixels: new Float32Array(count).fill(10_000) }, cards()),
    imageHdu(`MASK_${suffix}`, { axes, pixels: new Int32Array(count) }, cards()),
    imageHdu(`MEANSPEC_${suffix}`, { axes: [FLAT_POINTS], pixels: lamp }, cards()),
    imageHdu(
      `WAVELENGTH_${suffix}`,
      { axes: [FLAT_POINTS], pixels: Float32Array.from(wave) },
      cards().set('BUNIT', 'Angstrom'),
    ),
  ];
}

function grid(first: number, last: number, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => first + ((last - first) * i) / (points - 1));
}
