import { armOf, type Arm } from '#shared/domain/camera.ts';
import { ampIds, heightOf, widthOf } from '#shared/fits/ccd-sections.ts';
import { type BufferSource, FRESH_BUFFERS } from '../buffers.ts';
import type { ImageKernel } from '../kernel/image-memory.ts';
import type { PipelineLog } from '../log.ts';
import {
  CCD_MASK,
  need,
  type CcdCalibration,
  type FloatArray,
  type Image,
  type RawCamera,
  type StepDefinition,
} from '../types.ts';
import {
  type AmpOverscan,
  type AmpReadout,
  ampFacts,
  measureOverscan,
  numberOf,
  readAmp,
} from './preproc/amplifier.ts';
import { addDarkTrails, dividePixelFlat, inverseVariance, subtractCrosstalk } from './preproc/corrections.ts';
import { type CosmicInput, findCosmics } from './preproc/cosmics.ts';

export interface PreprocOptions {
  arm: Arm;
  /** s; what the dark current is multiplied with unless the calibration index names another keyword (EXPTIMEKEY) */
  exptime: number;
  /** Look for cosmic rays. */
  cosmics: boolean;
  /** As desispec 0.31: saturation is looked for after the bias image is subtracted. */
  compatible: boolean;
}

/**
 * Makes a trimmed image in electrons of a raw camera:
 * (raw − bias − overscan − dark·EXPTIME)·gain, minus cross-talk, plus dark trails, over the pixel flat; its inverse variance
 * 1/(max(pix, 0) + readnoise²), estimated from the data and so biased; and a mask of bad, saturated and cosmic-ray pixels,
 * where the image is set to 0. Source: desispec.preproc 0.31, arithmetic in double precision.
 * @throws Error when a keyword is missing or sizes do not fit
 */
export function preprocess(
  raw: RawCamera,
  calibration: CcdCalibration,
  options: PreprocOptions,
  log: PipelineLog,
  buffers: BufferSource = FRESH_BUFFERS,
): Image {
  const { values } = calibration;
  const warn = (message: string): void => log.warning(message);
  const amps = ampIds(raw.header).map((id) => readAmp(id, raw, values, options.compatible, warn));
  const nx = Math.max(...amps.map((amp) => amp.ccdsec.x1));
  const ny = Math.max(...amps.map((amp) => amp.ccdsec.y1));
  checkSize('bias', calibration.bias, raw.nx * raw.ny);
  checkSize('dark', calibration.dark, nx * ny);
  checkSize('pixel flat', calibration.pixflat, nx * ny);
  checkSize('mask', calibration.mask, nx * ny);

  const { pix, ivar, mask, kernel } = buffers.image(nx * ny);
  if (calibration.mask) mask.set(calibration.mask);
  else mask.fill(0);
  const covered = amps.reduce((sum, { ccdsec }) => sum + widthOf(ccdsec) * heightOf(ccdsec), 0);
  if (covered < nx * ny) {
    pix.fill(0);
    ivar.fill(0);
  }

  const dark = scaledDark(calibration, raw, options.exptime);
  const target: Target = { nx, pix, ivar, mask };
  const overscans = amps.map((amp) =>
    measureOverscan(raw, calibration.bias, amp, isPerRow(values[`OVERSCAN${amp.id}`])),
  );
  if (kernel && raw.pix instanceof Uint16Array && isPlain(calibration, amps)) {
    amps.forEach((amp, i) => fillByKernel(raw.pix as Uint16Array, raw.nx, amp, overscans[i]!, target, kernel));
  } else {
    amps.forEach((amp, i) => fillQuadrant(raw, calibration.bias, dark, amp, overscans[i]!, target, options.compatible));
    for (const pair of subtractCrosstalk({ nx, pix }, amps, values)) log.info(`Corrected cross-talk ${pair}`);
    for (const id of addDarkTrails({ nx, pix }, amps, values)) log.info(`Removed dark trails of amplifier ${id}`);
    if (calibration.pixflat) dividePixelFlat(pix, mask, calibration.pixflat);
    amps.forEach((amp, i) => {
      const noise = overscans[i]!.noise.map((sigma) => sigma * amp.gain);
      inverseVariance({ nx, pix }, ivar, amp.ccdsec, noise, calibration.pixflat);
    });
  }
  if (options.cosmics) markCosmics({ nx, ny, pix, ivar, mask, kernel }, options.arm, log);
  if (kernel) kernel.clearMasked();
  else clearMasked(pix, mask);

  const facts = amps.map((amp, i) => ampFacts(amp, overscans[i]!));
  const header = raw.header.clone();
  for (const amp of facts) {
    header.setReal(`OVERSCN${amp.id}`, amp.overscan, 'ADUs (gain not applied)');
    header.setReal(`OBSRDN${amp.id}`, amp.obsrdn, 'electrons (gain is applied)');
    header.setReal(`GAIN${amp.id}`, amp.gain, 'e/ADU (gain applied to image)');
    log.info(`Measured readnoise for AMP ${amp.id} = ${amp.obsrdn.toFixed(6)}, overscan = ${amp.overscan.toFixed(6)}`);
    warnOfNoise(amp.id, amp.obsrdn, amp.rdnoise, log);
  }
  return { nx, ny, pix, ivar, mask, kernel, amps: facts, header, exptime: options.exptime };
}

function checkSize(what: string, image: ArrayLike<number> | null, pixels: number): void {
  if (image !== null && image.length !== pixels) {
    throw new Error(`the ${what} image of the calibration has ${image.length} pixels, ${pixels} are needed`);
  }
}

function isPerRow(value: string | number | undefined): boolean {
  return typeof value === 'string' && value.toUpperCase() === 'PER_ROW';
}

interface ScaledDark {
  image: FloatArray;
  seconds: number;
}

function scaledDark({ dark, values }: CcdCalibration, raw: RawCamera, exptime: number): ScaledDark | null {
  if (dark === null) return null;
  const key = values['EXPTIMEKEY'];
  if (typeof key !== 'string') return { image: dark, seconds: exptime };
  const seconds = raw.header.number(key) ?? numberOf(raw.header.text(key));
  if (seconds === undefined) throw new Error(`the keyword ${key}, which scales the dark image, is missing`);
  return { image: dark, seconds };
}

function clearMasked(pix: Float32Array, mask: Uint8Array): void {
  for (let i = 0; i < pix.length; i++) if (mask[i] !== 0) pix[i] = 0;
}

interface Target {
  nx: number;
  pix: Float32Array;
  ivar: Float32Array;
  mask: Uint8Array;
}

/** Nothing but overscan and gain is to be applied, as with most exposures. */
function isPlain({ bias, dark, pixflat, values }: CcdCalibration, amps: readonly AmpReadout[]): boolean {
  const corrected = Object.keys(values).some((key) => key.startsWith('CROSSTALK') || key.startsWith('DARKTRAIL'));
  const isWide = amps.every(({ ccdsec }) => widthOf(ccdsec) >= 4 && widthOf(ccdsec) <= 65_536);
  return bias === null && dark === null && pixflat === null && !corrected && isWide;
}

/** Electrons, inverse variances and saturated pixels of one amplifier in one go: fillQuadrant and inverseVariance. */
function fillByKernel(
  pix: Uint16Array,
  rawNx: number,
  { ccdsec, datasec, gain, saturation }: AmpReadout,
  overscan: AmpOverscan,
  { nx, mask }: Target,
  kernel: ImageKernel,
): void {
  for (let y = ccdsec.y0; y < ccdsec.y1; y++) {
    const row = y - ccdsec.y0;
    const from = (datasec.y0 + row) * rawNx + datasec.x0;
    const counts = pix.subarray(from, from + widthOf(ccdsec));
    const to = y * nx + ccdsec.x0;
    const noise2 = (overscan.noise[row]! * gain) ** 2;
    const { rowLevel } = overscan;
    if (!kernel.fillUint16(counts, to, { level: overscan.level[row]!, rowLevel, gain, noise2, saturation })) continue;
    for (let x = 0; x < counts.length; x++) if (counts[x]! >= saturation) mask[to + x]! |= CCD_MASK.SATURATED;
  }
}

/** Electrons of one amplifier, and its saturated pixels; pixels that are no numbers become BAD. */
function fillQuadrant(
  raw: RawCamera,
  bias: FloatArray | null,
  dark: ScaledDark | null,
  amp: AmpReadout,
  overscan: AmpOverscan,
  { nx, pix, mask }: Target,
  compatible: boolean,
): void {
  const { ccdsec, datasec, gain, saturation } = amp;
  for (let y = ccdsec.y0; y < ccdsec.y1; y++) {
    const row = y - ccdsec.y0;
    const from = (datasec.y0 + row) * raw.nx + datasec.x0;
    const to = y * nx + ccdsec.x0;
    const count = ccdsec.x1 - ccdsec.x0;
    const level = overscan.level[row]!;
    if (bias === null && dark === null) {
      fillRow(raw.pix, from, pix, mask, to, count, level, overscan.rowLevel, gain, saturation);
      continue;
    }
    for (let x = 0; x < count; x++) {
      const adu = raw.pix[from + x]!;
      const unbiased = bias === null ? adu : adu - bias[from + x]!;
      let counts = unbiased - level - overscan.rowLevel;
      if (dark !== null) counts -= dark.image[to + x]! * dark.seconds;
      const electrons = counts * gain;
      pix[to + x] = electrons;
      if ((compatible ? unbiased : adu) >= saturation) mask[to + x]! |= CCD_MASK.SATURATED;
      if (electrons !== electrons) mask[to + x]! |= CCD_MASK.BAD;
    }
  }
}

/** The same without bias and dark images; the loop that every raw pixel passes. */
function fillRow(
  raw: RawCamera['pix'],
  from: number,
  pix: Float32Array,
  mask: Uint8Array,
  to: number,
  count: number,
  level: number,
  rowLevel: number,
  gain: number,
  saturation: number,
): void {
  for (let x = 0; x < count; x++) {
    const adu = raw[from + x]!;
    pix[to + x] = (adu - level - rowLevel) * gain;
    if (adu >= saturation) mask[to + x]! |= CCD_MASK.SATURATED;
    else if (adu !== adu) mask[to + x]! |= CCD_MASK.BAD;
  }
}

function markCosmics(image: CosmicInput, arm: Arm, log: PipelineLog): void {
  const hits = findCosmics(image, arm);
  for (const index of hits) image.mask[index]! |= CCD_MASK.COSMIC;
  log.info(`Rejected ${hits.length} cosmic-ray pixels`);
}

/** The original's limits: a third off is worth a look, half or double is wrong. */
function warnOfNoise(id: string, measured: number, expected: number | null, log: PipelineLog): void {
  if (expected === null) return;
  const text = `Amp ${id} measured readnoise ${measured.toFixed(2)}, expected ${expected.toFixed(2)}`;
  if (measured < 0.5 * expected || measured > 2 * expected) log.error(text);
  else if (measured < 0.9 * expected || measured > 1.2 * expected) log.warning(text);
}

const NO_CALIBRATION: CcdCalibration = { values: {}, bias: null, dark: null, pixflat: null, mask: null };

/** Which calibration images were loaded has been decided by the options Bias, Dark, Pixflat and Mask. */
export const PREPROC: StepDefinition = {
  algorithm: 'Preproc',
  step: 'preproc',
  onFailure: 'stop',
  run(products, { camera, exptime, compatible, options, log, buffers }) {
    const image = preprocess(
      need(products, 'raw'),
      products.calibration ?? NO_CALIBRATION,
      { arm: armOf(camera), exptime, cosmics: options['Cosmics'] !== false, compatible },
      log,
      buffers,
    );
    return { image };
  },
};
