import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { BIAS_LEVEL } from './instrument/amplifiers.ts';
import { cameraDesign } from './instrument/camera-design.ts';

/** All references of a key in a file, whatever their flavor and program. */
function references(text: string, key: string): number[][] {
  const found: number[][] = [];
  const search = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, content] of Object.entries(value)) {
      if (new RegExp(`^${key}(_[A-Z]+)?_REF$`).test(name)) found.push(content as number[]);
      else search(content);
    }
  };
  search(parse(text));
  return found;
}

it.each([
  ['compact', 'references.yaml'],
  ['full', 'references-full.yaml'],
] as const)('references of the %s instrument are what is simulated', (size, file) => {
  const text = readFileSync(`resources/test-environment/${file}`, 'utf8');
  const designs = (['b', 'r', 'z'] as const).map((arm) => cameraDesign(arm, size));
  for (const levels of references(text, 'BIAS_AMP')) expect(levels).toEqual([1, 1, 1, 1].map(() => BIAS_LEVEL));
  for (const [count] of references(text, 'NGOODFIB')) expect(count).toBe(designs[0]!.fibers);
  expect(references(text, 'CHECKARC')).toEqual([[designs[0]!.fibers]]);
  for (const [x = 0, w = 0] of references(text, 'XWSIGMA')) {
    for (const { sigmaX, sigmaY } of designs) {
      // Pixels of width 1 add 1/12 of variance.
      expect(Math.abs(x - Math.hypot(sigmaX, Math.sqrt(1 / 12)))).toBeLessThan(0.1);
      expect(Math.abs(w - Math.hypot(sigmaY, Math.sqrt(1 / 12)))).toBeLessThan(0.1);
    }
  }
  for (const key of ['BIAS_AMP', 'NOISE_AMP', 'LITFRAC_AMP']) expect(references(text, key)).toHaveLength(7);
  for (const key of ['SKYCONT', 'PEAKCOUNT', 'FIDSNR_TGT']) expect(references(text, key)).toHaveLength(6);
});
