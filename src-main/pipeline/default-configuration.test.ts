import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { QlConfiguration } from '#shared/domain/ql-configuration.ts';
import { QL_FLAVORS, type QlFlavor } from '#shared/domain/ql-flavor.ts';
import type { Json } from '#shared/domain/measurement.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { parseSavedConfiguration } from './ql-yaml.ts';

const stock = parseSavedConfiguration(defaultConfiguration('stock', 'resources'));

/** Every PARAMS entry of a configuration: 'Preproc/Get_RMS/NOISE_AMP_REF' → value. */
function parameters({ Algorithms }: QlConfiguration): Map<string, Json> {
  const all = new Map<string, Json>();
  for (const [algorithm, { QA }] of Object.entries(Algorithms))
    for (const [qa, { PARAMS }] of Object.entries(QA))
      for (const [key, value] of Object.entries(PARAMS)) all.set(`${algorithm}/${qa}/${key}`, value);
  return all;
}

describe('the stock configuration', () => {
  test('is complete for every flavor', () => {
    for (const flavor of QL_FLAVORS) expect(parameters(stock[flavor]).size).toBeGreaterThan(8);
  });

  // The reference set changed these of the original's values for its instrument, and nothing else.
  const otherInstrument = /BIAS_AMP_.*REF$|NGOODFIB_.*REF$/;
  const ownOptions = ['QA', 'Nspec', 'PSFFile', 'Bias', 'Pixflat', 'Mask'];
  const folder = 'e2e/data/desispec-reference/configs';
  test.each(readdirSync(folder))('has the values and the chain of the original’s %s', (name) => {
    const original = parse(readFileSync(`${folder}/${name}`, 'utf8')) as QlConfiguration;
    const flavor = original.Flavor as QlFlavor;
    const ours = parameters(stock[flavor]);
    for (const [key, value] of parameters(original))
      if (!otherInstrument.test(key)) expect([key, ours.get(key)]).toEqual([key, value]);
    for (const algorithm of original.Pipeline) {
      const own: Record<string, unknown> = stock[flavor].Algorithms[algorithm] ?? {};
      for (const [option, value] of Object.entries(original.Algorithms[algorithm] ?? {}))
        if (!ownOptions.includes(option)) expect([option, own[option]]).toEqual([option, value]);
    }
  });

  test('keeps the explanations', () => {
    expect(defaultConfiguration('stock', 'resources')).toMatch(
      /# The founding chain instead: \[Initialize, Preproc, Box/,
    );
  });
});

describe('the configuration of the test environment', () => {
  test.each([
    ['test-environment', 'references.yaml'],
    ['test-environment-full', 'references-full.yaml'],
  ] as const)('%s has its instrument’s references and the stock’s everything else', (kind, file) => {
    const emulated = parseSavedConfiguration(defaultConfiguration(kind, 'resources'));
    const text = readFileSync(`resources/test-environment/${file}`, 'utf8');
    const references = parse(text) as Record<string, QlConfiguration>;
    let laid = 0;
    for (const flavor of QL_FLAVORS) {
      const wanted = references[flavor] ? parameters(references[flavor]) : new Map<string, Json>();
      laid += wanted.size;
      expect(Object.fromEntries(parameters(emulated[flavor]))).toEqual(
        Object.fromEntries([...parameters(stock[flavor]), ...wanted]),
      );
      expect(emulated[flavor].Pipeline).toEqual(references[flavor]?.Pipeline ?? stock[flavor].Pipeline);
    }
    expect(laid).toBeGreaterThan(20);
  });

  test('keeps the explanations', () => {
    expect(defaultConfiguration('test-environment', 'resources')).toContain('# s between heartbeats in the log');
  });
});
