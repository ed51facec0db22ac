import { expect, it } from 'vitest';
import { Random } from './random.ts';

it('gives the same numbers for the same keys, and others for other keys', () => {
  const draw = (...keys: (string | number)[]): number[] => {
    const random = new Random(...keys);
    return Array.from({ length: 5 }, () => random.next());
  };
  expect(draw('a', 1)).toEqual(draw('a', 1));
  const others = [draw('a', 1), draw('a', 2), draw('a', '1'), draw('b', 1), draw(1, 'a'), draw('a 1')];
  expect(new Set(others.map(String)).size).toBe(others.length);
});

it('keeps its numbers from version to version', () => {
  const random = new Random('fixed', 42);
  expect([random.next(), random.next(), random.uniform(), random.normal()]).toMatchInlineSnapshot(`
    [
      -473656536,
      1633497821,
      0.8578589169774204,
      -0.3665820296743208,
    ]
  `);
});

it('draws normal deviates: moments, symmetry and the share in each tail', () => {
  const random = new Random('normal');
  const n = 1_000_000;
  let [sum, square, fourth, above1, above3, above4] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    sum += x;
    square += x * x;
    fourth += x ** 4;
    if (x > 1) above1 += 1;
    if (Math.abs(x) > 3) above3 += 1;
    // Beyond 3.44 the tail's own algorithm takes over.
    if (Math.abs(x) > 4) above4 += 1;
  }
  // Limits are five standard errors.
  expect(Math.abs(sum / n)).toBeLessThan(0.005);
  expect(Math.abs(square / n - 1)).toBeLessThan(0.007);
  expect(Math.abs(fourth / n - 3)).toBeLessThan(0.05);
  expect(Math.abs(above1 / n - 0.158655)).toBeLessThan(0.0018);
  expect(Math.abs(above3 / n - 0.0026998)).toBeLessThan(0.00026);
  expect(Math.abs(above4 / n - 6.334e-5)).toBeLessThan(4e-5);
});

it('draws uniform and Poisson numbers with the right means', () => {
  const random = new Random('others');
  const mean = (draw: () => number, n: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += draw();
    return sum / n;
  };
  expect(mean(() => random.uniform(), 200_000)).toBeCloseTo(0.5, 2);
  expect(mean(() => random.poisson(3.5), 100_000)).toBeCloseTo(3.5, 1);
  expect(Math.abs(mean(() => random.poisson(400), 20_000) - 400)).toBeLessThan(1);
  expect(mean(() => random.integer(6), 100_000)).toBeCloseTo(2.5, 1);
});

it('shuffles without losing anything', () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const shuffled = new Random('shuffle').shuffle([...values]);
  expect(shuffled).not.toEqual(values);
  expect(shuffled.sort((a, b) => a - b)).toEqual(values);
});
