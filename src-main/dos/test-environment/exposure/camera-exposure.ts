import { armOf, type CameraName } from '#shared/domain/camera.ts';
import { type AmplifierProperties, amplifiersOf, type AmplifierSet } from '../instrument/amplifiers.ts';
import { type CameraDesign, cameraDesign, type InstrumentSize } from '../instrument/camera-design.ts';
import { type Amplifier, AMPLIFIERS, type CcdLayout, ccdLayout } from '../instrument/ccd-layout.ts';
import { type FiberFlat, fiberFlatOf } from '../instrument/throughput.ts';
import { designTraces, type Traces } from '../instrument/traces.ts';
import { Random } from '../random.ts';
import type { Target } from '../sky/targets.ts';
import { drawDrift } from './conditions.ts';
import { addCosmics, addFiber, addLevel } from './electron-image.ts';
import type { Exposure } from './exposure.ts';
import { FAULT_SIZES, type CameraFaults } from './faults.ts';
import { type Displacement, fiberLight, type Illumination } from './fiber-light.ts';
import { readOut } from './read-out.ts';

/** Dark current of cold CCDs, electrons per pixel and second: 0.2 an hour. */
const DARK_CURRENT = 5e-5;

/** A camera as built, with what its calibration files say. */
export interface BuiltCamera {
  readonly camera: CameraName;
  readonly design: CameraDesign;
  readonly layout: CcdLayout;
  readonly traces: Traces;
  readonly flat: FiberFlat;
  readonly amplifiers: AmplifierSet;
}

export function buildCamera(camera: CameraName, size: InstrumentSize): BuiltCamera {
  const design = cameraDesign(armOf(camera), size);
  return {
    camera,
    design,
    layout: ccdLayout(design),
    traces: designTraces(design, camera),
    flat: fiberFlatOf(design, camera),
    amplifiers: amplifiersOf(camera, size),
  };
}

/** One camera's raw frame, and what was put into it. */
export interface CameraExposure {
  /** ADU, [rawRows][rawColumns] */
  readonly raw: Uint16Array<ArrayBuffer>;
  readonly amplifiers: AmplifierSet;
  readonly displacement: Displacement;
  readonly deadFibers: readonly number[];
  readonly cosmics: number;
}

/**
 * Exposes and reads one camera.
 * @param targets what the spectrograph's fibers look at; empty where the shutter stays closed or lamps shine
 */
export function exposeCamera(
  built: BuiltCamera,
  exposure: Exposure,
  targets: readonly Target[],
  faults: CameraFaults,
): CameraExposure {
  const { camera, design, layout, traces, flat } = built;
  const { identity, kind, exptime } = exposure;
  const image = new Float32Array(design.columns * design.rows);
  const drift = drawDrift(identity, camera);
  const displacement: Displacement = {
    x: drift.x + (faults.shifted ? FAULT_SIZES.shiftX : 0),
    y: drift.y + (faults.shifted ? FAULT_SIZES.shiftY : 0),
    blur: faults.defocused ? FAULT_SIZES.defocus : 0,
  };
  const light = illuminationOf(exposure, targets, faults);
  if (light) {
    for (let fiber = 0; fiber < design.fibers; fiber++) {
      if (faults.deadFibers.includes(fiber)) continue;
      const spectrum = fiberLight(design.arm, traces, flat, fiber, design.rows, light, displacement);
      addFiber(image, design, traces, fiber, spectrum, displacement);
    }
  }
  if (exptime > 0) addLevel(image, design.columns, wholeCcd(design), DARK_CURRENT * exptime);
  for (const amplifier of faults.saturatedAmplifiers) {
    if (kind.flavor !== 'bias') addLevel(image, design.columns, layout.sections[amplifier].ccd, FAULT_SIZES.strayLight);
  }
  const random = new Random('frame', identity.seed, identity.night, identity.expid, camera);
  const cosmics = addCosmics(image, design, exptime, random);
  const amplifiers = amplifiersNow(built.amplifiers, drift.offsets, faults);
  const raw = readOut(image, design.columns, layout, amplifiers, random);
  return { raw, amplifiers, displacement, deadFibers: faults.deadFibers, cosmics };
}

function wholeCcd(design: CameraDesign): { x0: number; x1: number; y0: number; y1: number } {
  return { x0: 0, x1: design.columns, y0: 0, y1: design.rows };
}

function illuminationOf(
  exposure: Exposure,
  targets: readonly Target[],
  faults: CameraFaults,
): Illumination | undefined {
  const { kind, exptime, conditions } = exposure;
  switch (kind.flavor) {
    case 'bias':
    case 'dark':
      return undefined;
    case 'arc':
    case 'flat':
      return { kind: kind.flavor, exptime };
    case 'science': {
      const { airmass, seeing } = conditions;
      const clouds = faults.cloudy ? FAULT_SIZES.cloud : 1;
      const moonlit = (faults.brightSky ? FAULT_SIZES.sky : 1) * (faults.cloudy ? FAULT_SIZES.cloudSky : 1);
      return {
        kind: 'sky',
        targets,
        exptime,
        airmass,
        seeing,
        transparency: conditions.transparency * clouds,
        skyContinuum: conditions.skyContinuum * moonlit,
        skyLines: conditions.skyLines,
      };
    }
  }
}

function amplifiersNow(built: AmplifierSet, offsets: readonly number[], faults: CameraFaults): AmplifierSet {
  const now = (name: Amplifier, index: number): AmplifierProperties => {
    const { gain, readNoise, offset, alive } = built[name];
    if (faults.deadAmplifiers.includes(name)) {
      return { gain, readNoise: FAULT_SIZES.deadNoise, offset: FAULT_SIZES.deadLevel, alive: false };
    }
    return {
      gain,
      readNoise: readNoise * (faults.noisyAmplifiers.includes(name) ? FAULT_SIZES.noise : 1),
      offset: offset + offsets[index]! + (faults.jumpedAmplifiers.includes(name) ? FAULT_SIZES.biasJump : 0),
      alive,
    };
  };
  const [a, b, c, d] = AMPLIFIERS.map(now);
  return { A: a!, B: b!, C: c!, D: d! };
}
