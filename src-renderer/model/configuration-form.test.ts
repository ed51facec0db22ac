import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '#shared/domain/measurement.ts';
import { configurationForm, fieldText, isOwn, parseField, pipelineWith } from './configuration-form.ts';

const science = parse(readFileSync('resources/qlconfig/science.yaml', 'utf8')) as Json;
const form = configurationForm(science)!;
const fields = form.groups.flatMap((group) => group.fields);
const field = (name: string) => fields.find(({ path }) => path.at(-1) === name)!;

test('has every step with those who can do it, and leaves out by order', () => {
  expect(form.steps.map(({ step, algorithm }) => [step, algorithm])).toEqual([
    ['initialize', 'Initialize'],
    ['preproc', 'Preproc'],
    ['flexure', 'Flexure'],
    ['extract', 'Extract_QP'],
    ['fiberflat', 'ApplyFiberFlat_QP'],
    ['sky', 'SkySub_QP'],
    ['fluxcal', 'ApplyFluxCalibration'],
  ]);
  expect(form.steps[3]?.algorithms).toEqual(['Extract_QP', 'BoxcarExtract']);
  expect(pipelineWith(form.steps, 'flexure', null)).not.toContain('Flexure');
  expect(pipelineWith(form.steps, 'extract', 'BoxcarExtract').slice(2, 4)).toEqual(['Flexure', 'BoxcarExtract']);
});

test('takes kinds from the schema and from the values, and names parameters in words', () => {
  expect(field('WritePreprocfile')).toMatchObject({ kind: 'boolean', label: 'Keep preprocessed images' });
  expect(field('Debuglevel').kind).toBe('integer');
  expect(field('NOISE_AMP_NORMAL_RANGE')).toMatchObject({
    kind: 'numbers',
    label: 'Noise normal within',
    unit: 'e\u207b',
  });
  expect(field('NOISE_AMP_GRAY_REF').label).toBe('Noise reference, gray');
  expect(field('b')).toMatchObject({ label: 'Wavelengths, b', value: [3570, 5730, 0.8] });
  expect(field('B_CONT').kind).toBe('texts');
  expect(form.groups.map(({ title }) => title)).toContain('Read noise');
  expect(form.groups.some(({ id }) => id.startsWith('BoxcarExtract'))).toBe(false);
});

test('reads back what it writes', () => {
  for (const item of fields) {
    if (item.kind === 'boolean' || item.kind === 'choice') continue;
    expect([item.path, parseField(item, fieldText(item))]).toEqual([item.path, { value: item.value }]);
  }
  expect(parseField({ kind: 'numbers' }, '1, x')).toEqual({ problem: 'must be numbers with commas between' });
  expect(parseField({ kind: 'integer' }, '1.5')).toEqual({ problem: 'must be a whole number' });
  expect(parseField({ kind: 'number' }, '\u22122')).toEqual({ value: -2 });
});

test('knows what is its own', () => {
  expect(isOwn({ Algorithms: { Preproc: { QA: {} } } }, ['Algorithms', 'Preproc'])).toBe(true);
  expect(isOwn({ Algorithms: {} }, ['Algorithms', 'Preproc'])).toBe(false);
  expect(configurationForm({ Pipeline: [] })).toBeNull();
});
