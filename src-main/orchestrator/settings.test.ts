import { Value } from 'typebox/value';
import { expect, it } from 'vitest';
import { EngineSettingsSchema } from '#shared/domain/settings.ts';
import { defaultSettings, settingsFrom } from './settings.ts';

const defaults = defaultSettings(4);
const withPipeline = (pipeline: unknown): boolean => Value.Check(EngineSettingsSchema, { ...defaults, pipeline });

it('keeps settings that were stored before pipelines could be chosen', () => {
  const { flavors, catchUp, camerasExpected } = defaults;
  const older = { flavors, catchUp, camerasExpected, parallel: 7, jobTimeout: 90 };
  expect(settingsFrom(older, defaults)).toEqual({ ...defaults, ...older });
});

it('takes a program with arguments and an environment, and nothing that is none', () => {
  const argv = ['desi_quicklook', '--loglvl', '10'];
  expect(withPipeline({ kind: 'built-in' })).toBe(true);
  expect(withPipeline({ kind: 'desi_quicklook', argv, env: { PYTHONPATH: '/opt/desi' } })).toBe(true);
  expect(withPipeline({ kind: 'command', argv: [], env: {} })).toBe(false);
  expect(withPipeline({ kind: 'command', argv: [''], env: {} })).toBe(false);
  expect(withPipeline({ kind: 'command', argv: ['a\0b'], env: {} })).toBe(false);
  expect(withPipeline({ kind: 'command', argv, env: { 'A=B': 'x' } })).toBe(false);
  expect(withPipeline({ kind: 'command', argv: 'rm -rf', env: {} })).toBe(false);
  expect(withPipeline({ kind: 'pyro', argv, env: {} })).toBe(false);
});
