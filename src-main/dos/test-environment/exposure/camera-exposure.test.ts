import { describe, expect, it } from 'vitest';
import type { Fault } from '#shared/domain/test-environment.ts';
import { type Amplifier, AMPLIFIERS, type Section } from '../instrument/ccd-layout.ts';
import { traceX, traceY } from '../instrument/traces.ts';
import { drawTargets } from '../sky/targets.ts';
import { skyContinuum } from '../sky/sky-spectrum.ts';
import { buildCamera, type CameraExposure, exposeCamera } from './camera-exposure.ts';
import { DEFAULT_FORMAT, makeExposure } from './exposure.ts';
import { FAULT_SIZES, faultsOf } from './faults.ts';
import { EXPOSURE_KINDS } from './schedule.ts';

const CAMERA = 'r3';
const built = buildCamera(CAMERA, 'compact');
const { layout, traces, design, flat } = built;
const FIBERS = design.fibers;

type KindName = keyof typeof EXPOSURE_KINDS;

function shoot(kind: KindName, faults: Fault[] = [], seed = 11): CameraExposure & { sky: number[]; stars: number[] } {
  const exposure = makeExposure(
    { seed, night: '20191115', expid: 5 },
    EXPOSURE_KINDS[kind],
    'compact',
    Date.parse('2019-11-16T03:00:00Z'),
    faults,
    DEFAULT_FORMAT,
  );
  const targets = kind.startsWith('science') ? drawTargets('dark', [seed, 1], 3, FIBERS) : [];
  const of = (wanted: string): number[] => targets.flatMap(({ kind: found }, i) => (found === wanted ? [i] : []));
  const result = exposeCamera(built, exposure, targets, faultsOf(faults, CAMERA, FIBERS, [seed, '20191115']));
  return { ...result, sky: of('SKY'), stars: of('STAR') };
}

function pixels(raw: Uint16Array, { x0, x1, y0, y1 }: Section): number[] {
  const values: number[] = [];
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) values.push(raw[y * layout.rawColumns + x]!);
  return values;
}

function statistics(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** Electrons on the trimmed CCD, by the measured overscan and the known gain. */
function electrons({ raw }: CameraExposure): (x: number, y: number) => number {
  const bias = Object.fromEntries(
    AMPLIFIERS.map((name) => [name, statistics(pixels(raw, layout.sections[name].overscan)).mean]),
  );
  return (x, y) => {
    const name = AMPLIFIERS.find((amplifier) => {
      const { ccd } = layout.sections[amplifier];
      return x >= ccd.x0 && x < ccd.x1 && y >= ccd.y0 && y < ccd.y1;
    })!;
    const { ccd, data } = layout.sections[name];
    const adu = raw[(data.y0 + y - ccd.y0) * layout.rawColumns + data.x0 + x - ccd.x0]!;
    return (adu - bias[name]!) * built.amplifiers[name].gain;
  };
}

/** Mean electrons per row in a box of 7 columns around a fiber, between two wavelengths without lines. */
function boxFlux(result: CameraExposure, fiber: number, from = 5980, to = 6180): number {
  const at = electrons(result);
  let sum = 0;
  let rows = 0;
  const first = Math.ceil(traceY(traces, fiber, from));
  const last = Math.floor(traceY(traces, fiber, to));
  for (let y = first; y <= last; y++) {
    const x = Math.round(traceX(traces, fiber, from + ((to - from) * (y - first)) / (last - first)));
    for (let column = x - 3; column <= x + 3; column++) sum += at(column, y);
    rows += 1;
  }
  return sum / rows;
}

/** Centre and width, along x and y, of the light of an arc line in a fiber, by moments in ± 6 pixels. */
function lineShape(result: CameraExposure, fiber: number, wave: number) {
  const at = electrons(result);
  const cx = Math.round(traceX(traces, fiber, wave));
  const cy = Math.round(traceY(traces, fiber, wave));
  const moments = (cut: number[]) => {
    const total = cut.reduce((sum, value) => sum + value, 0);
    const centre = cut.reduce((sum, value, i) => sum + value * (i - 4), 0) / total;
    return { centre, width: Math.sqrt(cut.reduce((sum, value, i) => sum + value * (i - 4 - centre) ** 2, 0) / total) };
  };
  const offsets = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
  const x = moments(offsets.map((d) => offsets.slice(2, 7).reduce((sum, e) => sum + at(cx + d, cy + e), 0)));
  const y = moments(offsets.map((d) => offsets.slice(2, 7).reduce((sum, e) => sum + at(cx + e, cy + d), 0)));
  return {
    dx: cx + x.centre - traceX(traces, fiber, wave),
    dy: cy + y.centre - traceY(traces, fiber, wave),
    widthX: x.width,
    widthY: y.width,
  };
}

function medianOf(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const everyFiber = Array.from({ length: FIBERS }, (_, fiber) => fiber);
const ARC = [6404.0, 6508.3, 7034.3];

describe('a clean camera', () => {
  const clean = shoot('science-dark');

  it('has each amplifier’s bias and read noise in its overscans', () => {
    for (const name of AMPLIFIERS) {
      const { offset, readNoise, gain } = clean.amplifiers[name];
      for (const section of ['overscan', 'rowOverscan', 'prescan'] as const) {
        const { mean, deviation } = statistics(pixels(clean.raw, layout.sections[name][section]));
        expect(Math.abs(mean - offset)).toBeLessThan(0.2);
        // Rounding to whole ADU adds 1/12 of variance.
        const expected = Math.sqrt((readNoise / gain) ** 2 + 1 / 12);
        expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.03);
      }
    }
  });

  it('has the sky’s electrons in sky fibers, by throughput and dispersion', () => {
    const { conditions } = makeExposure(
      { seed: 11, night: '20191115', expid: 5 },
      EXPOSURE_KINDS['science-dark'],
      'compact',
      0,
      [],
      DEFAULT_FORMAT,
    );
    for (const fiber of clean.sky) {
      const dispersion = 200 / (traceY(traces, fiber, 6180) - traceY(traces, fiber, 5980));
      const expected = 900 * conditions.skyContinuum * skyContinuum('r', 6080) * flat.at(fiber, 6080) * dispersion;
      // A box of 7 pixels leaves out a little, neighbours and dark current put a little in.
      expect(boxFlux(clean, fiber) / expected).toBeGreaterThan(0.97);
      expect(boxFlux(clean, fiber) / expected).toBeLessThan(1.06);
    }
  });

  it('shows targets above the sky', () => {
    const sky = medianOf(clean.sky.map((fiber) => boxFlux(clean, fiber)));
    for (const fiber of clean.stars) expect(boxFlux(clean, fiber)).toBeGreaterThan(1.4 * sky);
  });

  it('is the same again with the same seed, and another with another', () => {
    expect(shoot('science-dark').raw).toEqual(clean.raw);
    expect(shoot('science-dark', [], 12).raw).not.toEqual(clean.raw);
  });

  it('has cosmic rays', () => {
    expect(clean.cosmics).toBeGreaterThan(10);
    expect(clean.cosmics).toBeLessThan(80);
  });

  it('has arc lines where the calibration says, as wide as it says', () => {
    const arc = shoot('arc');
    const shapes = ARC.flatMap((wave) => everyFiber.map((fiber) => lineShape(arc, fiber, wave)));
    expect(Math.abs(medianOf(shapes.map(({ dx }) => dx)) - arc.displacement.x)).toBeLessThan(0.02);
    expect(Math.abs(medianOf(shapes.map(({ dy }) => dy)) - arc.displacement.y)).toBeLessThan(0.02);
    expect(Math.abs(medianOf(shapes.map(({ widthX }) => widthX)) - Math.hypot(1.06, 0.29))).toBeLessThan(0.06);
    expect(Math.abs(medianOf(shapes.map(({ widthY }) => widthY)) - Math.hypot(1.12, 0.29))).toBeLessThan(0.06);
  });

  it('sees nothing in a bias, and lamps in every fiber of a flat', () => {
    const { mean } = statistics(pixels(shoot('bias').raw, layout.sections.A.data));
    expect(Math.abs(mean - shoot('bias').amplifiers.A.offset)).toBeLessThan(0.5);
    const lamp = shoot('flat');
    const levels = everyFiber.map((fiber) => boxFlux(lamp, fiber) / flat.level[fiber]!);
    expect(Math.min(...levels)).toBeGreaterThan(0.95 * medianOf(levels));
    expect(Math.max(...levels)).toBeLessThan(1.05 * medianOf(levels));
  });
});

describe('faults, measured back', () => {
  const clean = shoot('science-dark');
  const of = (fault: Fault, kind: KindName = 'science-dark'): ReturnType<typeof shoot> => shoot(kind, [fault]);
  const overscan = (result: CameraExposure, name: Amplifier) =>
    statistics(pixels(result.raw, layout.sections[name].overscan));

  it('a dead amplifier: no light, hardly any noise, and the others untouched', () => {
    const dead = of({ name: 'dead-amplifier', amplifier: 'B' });
    const { mean, deviation } = statistics(pixels(dead.raw, layout.sections.B.data));
    expect(mean).toBeCloseTo(FAULT_SIZES.deadLevel, 0);
    expect(deviation).toBeLessThan(1);
    expect(dead.amplifiers.B.alive).toBe(false);
    expect(overscan(dead, 'A').mean).toBeCloseTo(dead.amplifiers.A.offset, 0);
    expect(statistics(pixels(dead.raw, layout.sections.A.data)).mean).toBeGreaterThan(1030);
  });

  it('a noisy amplifier: C where none is named', () => {
    const noisy = of({ name: 'noisy-amplifier' });
    expect(overscan(noisy, 'C').deviation / overscan(clean, 'C').deviation).toBeCloseTo(FAULT_SIZES.noise, 0);
    expect(overscan(noisy, 'D').deviation / overscan(clean, 'D').deviation).toBeCloseTo(1, 1);
  });

  it('a bias jump', () => {
    const jumped = of({ name: 'bias-jump', camera: CAMERA, amplifier: 'D' });
    expect(overscan(jumped, 'D').mean - overscan(clean, 'D').mean).toBeCloseTo(FAULT_SIZES.biasJump, 0);
    expect(overscan(jumped, 'A').mean - overscan(clean, 'A').mean).toBeCloseTo(0, 0);
  });

  it('saturation: full wells on the CCD, not in the overscan', () => {
    const saturated = of({ name: 'saturated', amplifier: 'B' });
    const full = (name: Amplifier): number =>
      pixels(saturated.raw, layout.sections[name].data).filter((adu) => adu === 65_535).length;
    expect(full('B')).toBe(320 * 800);
    expect(overscan(saturated, 'B').mean).toBeCloseTo(saturated.amplifiers.B.offset, 0);
    expect(full('A')).toBe(0);
  });

  it('defocus: both widths', () => {
    const blurred = of({ name: 'defocus' }, 'arc');
    const shapes = ARC.flatMap((wave) => everyFiber.map((fiber) => lineShape(blurred, fiber, wave)));
    expect(medianOf(shapes.map(({ widthY }) => widthY))).toBeGreaterThan(1.8);
    expect(blurred.displacement.blur).toBe(FAULT_SIZES.defocus);
  });

  it('shifted traces', () => {
    const before = shoot('arc');
    const after = of({ name: 'shifted-traces' }, 'arc');
    const moved = ARC.flatMap((wave) =>
      everyFiber.map((fiber) => {
        const [a, b] = [lineShape(before, fiber, wave), lineShape(after, fiber, wave)];
        return { x: b.dx - a.dx, y: b.dy - a.dy };
      }),
    );
    expect(medianOf(moved.map(({ x }) => x))).toBeCloseTo(FAULT_SIZES.shiftX, 1);
    expect(medianOf(moved.map(({ y }) => y))).toBeCloseTo(FAULT_SIZES.shiftY, 1);
    expect(after.displacement.x - before.displacement.x).toBeCloseTo(FAULT_SIZES.shiftX, 10);
  });

  it('a bright sky', () => {
    const bright = of({ name: 'bright-sky' });
    const ratios = clean.sky.map((fiber) => boxFlux(bright, fiber) / boxFlux(clean, fiber));
    expect(medianOf(ratios)).toBeCloseTo(FAULT_SIZES.sky, 0);
  });

  it('clouds: targets dimmed, the sky a little brighter', () => {
    const cloudy = of({ name: 'cloud' });
    const sky = (result: CameraExposure): number => medianOf(clean.sky.map((fiber) => boxFlux(result, fiber)));
    expect(sky(cloudy) / sky(clean)).toBeCloseTo(FAULT_SIZES.cloudSky, 1);
    const ratios = clean.stars.map(
      (fiber) => (boxFlux(cloudy, fiber) - sky(cloudy)) / (boxFlux(clean, fiber) - sky(clean)),
    );
    expect(medianOf(ratios)).toBeCloseTo(FAULT_SIZES.cloud, 1);
  });

  it('dead fibers: a fifth of them, the same in the three arms', () => {
    const broken = of({ name: 'dead-fibers' });
    expect(broken.deadFibers).toHaveLength(0.2 * FIBERS);
    const dark = everyFiber.filter((fiber) => boxFlux(broken, fiber) < 0.2 * boxFlux(clean, fiber));
    expect(dark).toEqual(broken.deadFibers);
    const faults: Fault[] = [{ name: 'dead-fibers' }];
    expect(faultsOf(faults, 'b3', FIBERS, [11, '20191115']).deadFibers).toEqual(broken.deadFibers);
  });

  it('touches no camera that is not named', () => {
    const elsewhere = shoot('science-dark', [
      { name: 'dead-amplifier', camera: 'r4' },
      { name: 'bright-sky', camera: 'b3' },
      { name: 'dead-fibers', camera: 'z3' },
      { name: 'missing-camera', camera: 'r2' },
    ]);
    expect(elsewhere.raw).toEqual(clean.raw);
  });
});
