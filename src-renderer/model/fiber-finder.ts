import { spectrographOf } from '#shared/domain/camera.ts';
import type { AmplifierArea, FiberTraces, PixelArea } from '#shared/domain/image.ts';

/** Traces with their arrays at hand. */
export interface Traces extends Omit<FiberTraces, 'x' | 'wave'> {
  x: Float32Array;
  wave: Float32Array;
}

export function tracesFrom(traces: FiberTraces): Traces {
  return { ...traces, x: new Float32Array(traces.x), wave: new Float32Array(traces.wave) };
}

const isInside = ({ x0, x1, y0, y1 }: PixelArea, x: number, y: number): boolean =>
  x >= x0 && x < x1 && y >= y0 && y < y1;

/** The amplifier whose light, or whose overscan, a place of the image is in. */
export function amplifierAt(
  amplifiers: readonly AmplifierArea[],
  x: number,
  y: number,
): { id: string; part: 'data' | 'overscan' } | null {
  for (const { id, data, bias } of amplifiers) {
    if (isInside(data, x, y)) return { id, part: 'data' };
    if (bias && isInside(bias, x, y)) return { id, part: 'overscan' };
  }
  return null;
}

/** The same place in the trimmed image; null where no light falls (overscan). */
export function toCcd(amplifiers: readonly AmplifierArea[], x: number, y: number): [x: number, y: number] | null {
  if (amplifiers.length === 0) return [x, y];
  const amplifier = amplifiers.find(({ data }) => isInside(data, x, y));
  if (!amplifier) return null;
  const { data, ccd } = amplifier;
  return [x - data.x0 + ccd.x0, y - data.y0 + ccd.y0];
}

/** Where a place of the trimmed image is in this image; null where the amplifiers leave a gap. */
export function fromCcd(amplifiers: readonly AmplifierArea[], x: number, y: number): [x: number, y: number] | null {
  if (amplifiers.length === 0) return [x, y];
  const amplifier = amplifiers.find(({ ccd }) => isInside(ccd, x, y));
  if (!amplifier) return null;
  const { data, ccd } = amplifier;
  return [x - ccd.x0 + data.x0, y - ccd.y0 + data.y0];
}

/** x (pixel edges: the first pixel's middle is 0.5) and λ of a fiber's trace at a place y along the CCD. */
export function traceAt(traces: Traces, fiber: number, y: number): { x: number; wave: number } {
  // In the files 0 is the middle of the first pixel.
  const at = Math.min(traces.rows - 1.000001, Math.max(0, (y - 0.5 - traces.firstRow) / traces.rowStep));
  const row = Math.floor(at);
  const share = at - row;
  const from = fiber * traces.rows + row;
  const between = (values: Float32Array): number => {
    const low = values[from] ?? NaN;
    return low + share * ((values[from + 1] ?? low) - low);
  };
  return { x: between(traces.x) + 0.5, wave: between(traces.wave) };
}

/** Pixels beside a trace that still belong to its fiber, where it has no neighbour to share with. */
const REACH = 4;

/**
 * The fiber whose trace is nearest to a place of the trimmed image, within half the distance to its neighbours.
 * @returns its number from 0 on this camera and the wavelength, Å; null where no fiber is near
 */
export function fiberAt(traces: Traces, x: number, y: number): { fiber: number; wave: number } | null {
  let best = -1;
  let least = REACH;
  for (let fiber = 0; fiber < traces.fibers; fiber++) {
    const off = Math.abs(traceAt(traces, fiber, y).x - x);
    if (off < least) {
      least = off;
      best = fiber;
    }
  }
  return best < 0 ? null : { fiber: best, wave: traceAt(traces, best, y).wave };
}

/** Fibers a spectrograph, of which each camera sees all. */
const FIBERS = 500;

/** Number of a fiber among all (0 to 4999) from its number on a camera. */
export function fiberNumber(traces: Pick<Traces, 'camera'>, fiber: number): number {
  return spectrographOf(traces.camera) * FIBERS + fiber;
}

/** Number on this camera of one among all; null where it is another spectrograph's, or there is no trace of it. */
export function fiberOnCamera(traces: Pick<Traces, 'camera' | 'fibers'>, fiber: number | null): number | null {
  if (fiber === null) return null;
  const own = fiber - spectrographOf(traces.camera) * FIBERS;
  return own >= 0 && own < traces.fibers ? own : null;
}
