import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { astropy } from '../../e2e/fits-tools.ts';
import { zscale, zscaleSample } from './zscale.ts';

const folder = mkdtempSync(join(tmpdir(), 'qlf-zscale-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same noise every time, about 100, every n-th pixel bright. */
function image(size: number, bright: number): Float64Array {
  let state = 12345;
  const uniform = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  return Float64Array.from({ length: size }, (_, i) => {
    const noise = uniform() + uniform() + uniform() + uniform() - 2;
    return 100 + 3 * noise + (i % bright === 0 ? 5000 * uniform() : 0);
  });
}

const noise = image(40_000, 97);
const CASES: readonly (readonly [string, Float64Array])[] = [
  ['a noisy image with bright pixels', noise],
  ['an image with undefined pixels', noise.map((value, i) => (i % 7 === 3 ? NaN : value))],
  ['an image smaller than the sample', image(313, 11)],
  ['a ramp', Float64Array.from({ length: 5000 }, (_, i) => i)],
  ['a step, which is rejected', Float64Array.from({ length: 5000 }, (_, i) => (i < 2400 ? 0 : 1000))],
  ['many bright pixels', image(9000, 3)],
  ['one value', Float64Array.of(7)],
  ['a constant', new Float64Array(4000).fill(3)],
  ['an even number of samples', image(1000, 13)],
];

const PROGRAM = `
from astropy.visualization import ZScaleInterval
cases = [np.array([np.nan if v is None else v for v in values]) for values in json.load(open(args[0]))]
print(json.dumps([[float(v) for v in ZScaleInterval().get_limits(values)] for values in cases]))
`;

describe('zscale', () => {
  const file = join(folder, 'cases.json');
  writeFileSync(file, JSON.stringify(CASES.map(([, values]) => [...values])));
  const wanted = astropy(PROGRAM, file) as [number, number][];

  it.each(CASES.map(([what, values], i) => [what, values, i] as const))('of %s is that of astropy', (_, values, i) => {
    const [low, high] = zscale(zscaleSample(values, values.filter(Number.isFinite).length));
    const scale = Math.max(1, Math.abs(wanted[i]![1]));
    expect(Math.abs(low - wanted[i]![0]) / scale).toBeLessThan(1e-9);
    expect(Math.abs(high - wanted[i]![1]) / scale).toBeLessThan(1e-9);
  });
});
