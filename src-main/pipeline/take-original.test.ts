import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { giveOriginal } from './give-original.ts';
import { defaultConfiguration } from './default-configuration.ts';
import { withPart } from './configuration-text.ts';
import { parseSavedConfiguration } from './ql-yaml.ts';
import { takeOriginal } from './take-original.ts';

const configs = resolve('e2e/data/desispec-reference/configs');
const stock = defaultConfiguration('stock', resolve('resources'));

it.each(readdirSync(configs))('%s of the original is taken over whole and saved as it is', (name) => {
  const text = readFileSync(join(configs, name), 'utf8');
  const taken = takeOriginal(text);
  expect(taken.flavor).toBe(name.includes('bias') ? 'bias' : 'science');
  expect(taken.lines.filter(({ outcome }) => outcome === 'not taken')).toEqual([]);
  // Each top-level key, and each QA, is answered by its line.
  const keys = text.split('\n').flatMap((line, at) => {
    const [, key] = /^(\w+):/.exec(line) ?? [];
    return key === undefined || key === 'Algorithms' ? [] : [[key, at + 1]];
  });
  for (const [key, line] of keys) expect(taken.lines).toContainEqual(expect.objectContaining({ key, line }));
  const saved = parseSavedConfiguration(withPart(stock, [taken.flavor!], taken.text!));
  expect(Object.keys(saved[taken.flavor!].Algorithms).length).toBeGreaterThan(1);
});

const SMALL = `Flavor: science
WritePixfile: True
Debuglevel: 20
Period: 5.0
Timeout: 120.0
PSFType: psfboot
Pipeline: [Initialize, Preproc]
Algorithms:
  Initialize: {QA: {}}
  Preproc:
    QuickOption: 3
    QA:
      Count_Pixels: {PARAMS: {CUTPIX: 5, LITFRAC_AMP_ALARM_RANGE: [-1, 1]}}
      Sky_Residual: {PARAMS: {BIN_SZ: 0.1}}
  Flexure: {QA: {Trace_Shifts: {PARAMS: {}}}}
`;

it('says by line what is renamed, kept unread, not run, and left out', () => {
  const { text, lines } = takeOriginal(SMALL);
  const at = Object.fromEntries(lines.map((line) => [line.key, line]));
  expect(at['WritePixfile']).toMatchObject({ line: 2, outcome: 'taken', words: 'as WritePreprocfile' });
  expect(at['PSFType']).toMatchObject({ line: 6, outcome: 'kept' });
  expect(at['Preproc.QuickOption']).toMatchObject({ line: 11, outcome: 'kept' });
  expect(at['Preproc.QA.Count_Pixels']).toMatchObject({ line: 13, outcome: 'taken' });
  expect(at['Preproc.QA.Count_Pixels.LITFRAC_AMP_ALARM_RANGE']).toMatchObject({ line: 13, outcome: 'kept' });
  expect(at['Preproc.QA.Sky_Residual']).toMatchObject({ line: 14, outcome: 'not taken' });
  expect(at['Flexure.QA.Trace_Shifts']).toMatchObject({ line: 15, outcome: 'kept' });
  expect(text).toMatch(/WritePreprocfile: true/);
  expect(text).not.toContain('Sky_Residual');
  expect(text).toContain('PSFType: psfboot');
});

it.each([
  ['no YAML', 'Flavor: [', /not taken/],
  ['no mapping', '- 1\n', /no mapping/],
  ['no flavor', 'Pipeline: [Preproc]\n', /must say Flavor/],
  ['a flavor of its own', SMALL.replace('science', 'twilight'), /must say Flavor/],
  ['an unknown algorithm in the chain', SMALL.replace('Preproc]', 'Preproc, Magic]'), /not a known algorithm/],
  ['limits the wrong way round', SMALL.replace('_ALARM_RANGE: [-1, 1]', '_NORMAL_RANGE: [1, -1]'), /lower first/],
  ['a missing key', SMALL.replace('Period: 5.0\n', ''), /Period is missing/],
  ['a custom tag', SMALL.replace('5.0', '!!python/object:os.system x'), /not taken|tag/i],
])('refuses %s as a whole, with the line', (_what, text, why) => {
  const taken = takeOriginal(text);
  expect(taken.text).toBeNull();
  expect(taken.lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(taken.lines)).toMatch(why);
});

it('gives a flavor back as the original reads it, so that taking it again changes nothing', () => {
  const { text, lines } = giveOriginal(stock, 'science', undefined, 600);
  expect(lines).toContainEqual(expect.objectContaining({ key: 'Timeout', outcome: 'not taken' }));
  const again = takeOriginal(text);
  expect(again.lines.filter(({ outcome }) => outcome === 'not taken')).toEqual([]);
  const saved = withPart(stock, ['science'], again.text!);
  expect(giveOriginal(saved, 'science', undefined, 600).text).toBe(text);
  expect(giveOriginal(stock, 'arc', undefined, 600).text).toMatch(/^Flavor: arcs$/m);
});
