import { ARMS, CAMERAS, type Arm } from '#shared/domain/camera.ts';
import {
  cameraOfFiber,
  FIBER_CLASSES,
  FIBERS,
  FIBERS_EACH,
  type ArmSpectrum,
  type Fibermap,
} from '#shared/domain/fiber.ts';
import type { FiberAnswer, FiberHistory, FiberMetricAnswer } from '#shared/ipc/fibers-contract.ts';
import { FIBER_METRICS, fiberMetric, type FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import { SKY_LINES } from '../model/lines.ts';
import { seeded } from './scenario.ts';

/** A field of 5000 fibers as in the design's pictures: petals of 36°, a dim patch on petals 6 and 7, some dead fibers. */
const MAP: Fibermap = (() => {
  const random = seeded(5000);
  const map: Fibermap = {
    file: 'fibermap-00298417.fits',
    x: new Float32Array(FIBERS),
    y: new Float32Array(FIBERS),
    ra: new Float64Array(FIBERS),
    dec: new Float64Array(FIBERS),
    magnitude: { b: new Float32Array(FIBERS), r: new Float32Array(FIBERS), z: new Float32Array(FIBERS) },
    classes: new Uint8Array(FIBERS),
    targets: Array.from({ length: FIBERS }, (_, i) => `39627${String(84_021_175 + 7919 * i).slice(0, 8)}${i}`),
    status: new Int32Array(FIBERS),
    placed: true,
  };
  const names = ['ELG', 'ELG', 'LRG', 'QSO', 'STAR', 'SKY'] as const;
  for (let fiber = 0; fiber < FIBERS; fiber++) {
    const petal = Math.floor(fiber / FIBERS_EACH);
    const order = fiber % FIBERS_EACH;
    const angle = ((270 + 36 * petal + (random() - 0.5) * 34) * Math.PI) / 180;
    const radius = 30 + 376 * Math.sqrt((order + random()) / FIBERS_EACH);
    map.x[fiber] = radius * Math.cos(angle);
    map.y[fiber] = radius * Math.sin(angle);
    map.ra[fiber] = 55.8 - radius * Math.cos(angle) * 0.00394;
    map.dec[fiber] = 7.9 + radius * Math.sin(angle) * 0.00394;
    const name = names[Math.floor(random() * names.length)] ?? 'ELG';
    map.classes[fiber] = FIBER_CLASSES.indexOf(name);
    const magnitude = name === 'SKY' ? NaN : 19 + 4 * random();
    map.magnitude.b[fiber] = magnitude + 0.6;
    map.magnitude.r[fiber] = magnitude;
    map.magnitude.z[fiber] = magnitude - 0.4;
    map.status[fiber] = fiber % 1250 === 617 ? 1 << 16 : 0;
  }
  return map;
})();

const isSky = (fiber: number): boolean => MAP.classes[fiber] === FIBER_CLASSES.indexOf('SKY');
const isDead = (fiber: number): boolean => fiber % 1003 === 411;
/** 1 in the middle of the dim patch, 0 far from it. */
function patch(fiber: number): number {
  const distance = Math.hypot((MAP.x[fiber] ?? 0) + 240, (MAP.y[fiber] ?? 0) - 190);
  return Math.exp(-((distance / 70) ** 2));
}

const LEVELS: Readonly<Partial<Record<FiberMetricName, readonly [number, number]>>> = {
  'x-width': [1.12, 0.05],
  'w-width': [1.95, 0.12],
  'peak-counts': [81, 9],
  'sky-continuum': [188, 11],
  'sky-r': [20.9, 0.06],
};

function valueOf(name: FiberMetricName, arm: Arm, fiber: number, noise: number): number {
  const level = LEVELS[name];
  const flux = 10 ** (-0.4 * ((MAP.magnitude[arm][fiber] ?? 22.5) - 22.5));
  const dim = 1 - 0.35 * patch(fiber) * (arm === 'b' ? 0.3 : 1);
  switch (name) {
    case 'good':
      return isDead(fiber) ? 0 : 1;
    case 'counts':
      return isDead(fiber) ? 40 : 90_000 * (1 + flux) * dim * (1 + 0.08 * noise);
    case 'snr':
      return isSky(fiber) ? 0.1 * noise : 0.9 * flux * dim * (1 + 0.1 * noise);
    case 'snr-residual':
      return isSky(fiber) || isDead(fiber) ? NaN : dim - 1 + 0.08 * noise;
    case 'delta-mag':
      return isSky(fiber) || isDead(fiber) ? NaN : 0.4 - 2.5 * Math.log10(dim) + 0.1 * noise;
    case 'magnitude':
      return isSky(fiber) || isDead(fiber) ? NaN : (MAP.magnitude[arm][fiber] ?? NaN) + 0.4;
    case 'sky-continuum':
    case 'sky-r':
      return isSky(fiber) && (name !== 'sky-r' || arm === 'r') ? (level?.[0] ?? 0) + (level?.[1] ?? 0) * noise : NaN;
    default:
      return level ? level[0] + level[1] * noise : NaN;
  }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
}

function metricAnswer(name: FiberMetricName): FiberMetricAnswer {
  const random = seeded(FIBER_METRICS.indexOf(name) + 1);
  const values = Object.fromEntries(
    ARMS.map((arm) => [
      arm,
      Float64Array.from({ length: FIBERS }, (_, fiber) => valueOf(name, arm, fiber, normal(random))),
    ]),
  ) as Record<Arm, Float64Array>;
  const { key } = fiberMetric(name);
  const [level = 0, width = 1] = LEVELS[name] ?? [];
  const posted = CAMERAS.filter((camera) => camera !== 'b9' && camera !== 'r6').map((camera) => ({
    camera,
    key: key && {
      key: key.name,
      normalRange: [-5 * width, 5 * width] as [number, number],
      warnRange: [-7 * width, 7 * width] as [number, number],
      elements: [0, 1].map(() => ({ label: '', value: level, reference: level, status: 'normal' as const })),
      status: 'normal' as const,
    },
  }));
  for (const camera of ['b9', 'r6'] as const)
    values[camera[0] as Arm].fill(NaN, Number(camera[1]) * FIBERS_EACH, (Number(camera[1]) + 1) * FIBERS_EACH);
  return { metric: name, values, posted };
}

function oneAnswer(fiber: number): FiberAnswer {
  const random = seeded(fiber + 1);
  const values = FIBER_METRICS.flatMap((metric) =>
    ARMS.map((arm) => ({ metric, arm, value: valueOf(metric, arm, fiber, normal(random)) })),
  );
  return { fiber, values: values.filter(({ value }) => !Number.isNaN(value)) };
}

function historyAnswer(fiber: number, metric: FiberMetricName, arm: Arm, limit: number): FiberHistory {
  const random = seeded(fiber + 7);
  return Array.from({ length: limit }, (_, i) => {
    const value = valueOf(metric, arm, fiber, normal(random));
    return { expid: 298_398 + i, value: Number.isNaN(value) ? null : value };
  });
}

const WAVES: Readonly<Record<Arm, readonly [number, number]>> = { b: [3560, 5980], r: [5600, 7790], z: [7410, 9900] };
const BINS = 1024;

function spectrumOf(arm: Arm, fiber: number, fibers: number): ArmSpectrum {
  const random = seeded(fiber * 3 + ARMS.indexOf(arm));
  const [from, to] = WAVES[arm];
  const wavelength = Float64Array.from({ length: BINS }, (_, i) => from + ((i + 0.5) * (to - from)) / BINS);
  const level = isSky(fiber) ? 0 : 10 ** (-0.4 * ((MAP.magnitude.r[fiber] ?? 22.5) - 21.5));
  const noise = Float32Array.from(wavelength, (wave) => {
    const lines = SKY_LINES.reduce((sum, line) => sum + Math.exp(-(((wave - line.wavelength) / 4) ** 2)), 0);
    const edge = Math.exp(-(wave - 3560) / 160);
    return (0.28 + 1.1 * lines + 1.6 * edge) / Math.sqrt(fibers);
  });
  const flux = Float32Array.from(wavelength, (wave, i) => {
    const bumps = [3800, 4830, 5950, 8720].reduce((sum, line) => sum + 1.6 * Math.exp(-(((wave - line) / 55) ** 2)), 0);
    return (
      level * (1 + 0.9 * bumps * (MAP.classes[fiber] === 2 ? 1 : 0)) * (5500 / wave) ** 0.6 +
      (noise[i] ?? 0) * normal(random)
    );
  });
  return {
    arm,
    camera: cameraOfFiber(arm, fiber),
    unit: '1e-17 erg/(s cm2 Angstrom)',
    wavelength,
    flux,
    error: fibers > 1 ? new Float32Array(0) : noise,
    fibers,
    missing: '',
  };
}

/** Answers of the fibers' and spectra's channels; undefined for any other. */
export function fiberAnswer(channel: string, request: Record<string, unknown>): unknown {
  const fiber = Number(request['fiber']);
  const metric = request['metric'] as FiberMetricName;
  switch (channel) {
    case 'fibers.map':
      return MAP;
    case 'fibers.metric':
      return metricAnswer(metric);
    case 'fibers.one':
      return oneAnswer(fiber);
    case 'fibers.history':
      return historyAnswer(fiber, metric, request['arm'] as Arm, Number(request['limit']));
    case 'spectra.fiber':
      return ARMS.map((arm) => spectrumOf(arm, fiber, 1));
    case 'spectra.median':
      return ARMS.map((arm) => spectrumOf(arm, request['of'] === 'SKY' ? 11 : fiber, 40));
    default:
      return undefined;
  }
}
