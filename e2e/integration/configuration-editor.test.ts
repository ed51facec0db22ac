import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { QlConfiguration } from '#shared/domain/ql-configuration.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { createConfigurationEditor, type ConfigurationEditor } from '../../src-main/pipeline/configuration-editor.ts';
import { defaultConfiguration } from '../../src-main/pipeline/default-configuration.ts';
import type { InstrumentSize } from '../../src-main/pipeline/follow-size.ts';
import { freezeConfiguration } from '../../src-main/pipeline/freeze-configuration.ts';

let folder = '';
let db: QlfDatabase;
let size: InstrumentSize | null;
let editor: ConfigurationEditor;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-editor-'));
  size = 'compact';
  db = openDatabase({
    file: join(folder, 'qlf.db'),
    origin: 'emulated',
    defaultConfiguration: defaultConfiguration('test-environment', 'resources'),
  });
  editor = createConfigurationEditor({ store: db, resourcesDir: 'resources', size: () => size, now: () => 5 });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const NOISE = ['Algorithms', 'Preproc', 'QA', 'Get_RMS', 'PARAMS', 'NOISE_AMP_NORMAL_RANGE'];
const save = (scope: 'science' | 'science/bright' | 'arc', text: string) =>
  editor.save({ scope, text, author: 'A. Observer', reason: 'a test', basedOn: db.currentConfiguration().id });
const frozen = (flavor: string, program: string | null, simsize?: string): QlConfiguration => {
  const header = simsize === undefined ? {} : { SIMSIZE: simsize };
  const text = freezeConfiguration(db.currentConfiguration().yaml, { flavor, program, header }, 'resources');
  const value = parse(text) as Record<string, QlConfiguration>;
  expect(Object.keys(value)).toHaveLength(1);
  return Object.values(value)[0]!;
};
const param = (block: QlConfiguration, algorithm: string, qa: string, key: string) =>
  block.Algorithms[algorithm]?.QA[qa]?.PARAMS[key];

describe('a part of the configuration', () => {
  test('is opened with its default, changed in one place and saved as a version that says what it changed', () => {
    const opened = editor.open('science', null);
    expect(opened).toMatchObject({ version: 1, newest: 1, base: null, size: 'compact' });
    expect(opened.text).toContain('# s between heartbeats in the log');
    const text = editor.setValue('science', opened.text, NOISE, [-1, 1.25]);
    const changed = text.split('\n').filter((line, i) => line !== opened.text.split('\n')[i]);
    expect(changed).toEqual([expect.stringContaining('NOISE_AMP_NORMAL_RANGE: [-1, 1.25]')]);
    expect(save('science', text)).toMatchObject({ id: 2, author: 'A. Observer' });
    const { versions } = db.listConfigurations({ limit: 10, offset: 0 });
    expect(versions.map(({ id, scopes }) => [id, scopes])).toEqual([
      [2, ['science']],
      [1, null],
    ]);
    expect(editor.open('science', null).text).toBe(text);
    expect(editor.open('science', 1).text).toBe(opened.text);
    expect(editor.open('arc', null).text).toBe(editor.open('arc', 1).text);
  });

  test('says where it is wrong, by line and key', () => {
    const { text } = editor.open('science', null);
    const wrong = editor.setValue('science', text, NOISE, [3, -3]);
    const line = wrong.split('\n').findIndex((row) => row.includes('NOISE_AMP_NORMAL_RANGE')) + 1;
    expect(editor.check('science', wrong).problems).toEqual([
      { path: NOISE, message: 'must be two numbers, the lower first', line, elsewhere: null },
    ]);
    expect(editor.check('science', 'Pipeline: [').problems[0]).toMatchObject({ line: 1, path: [] });
    expect(editor.check('science', text)).toMatchObject({ problems: [], resolved: { Flavor: 'science' } });
    expect(() => save('science', wrong)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
    expect(db.currentConfiguration().id).toBe(1);
  });

  test('is not saved over what somebody else has saved meanwhile', () => {
    const { text } = editor.open('arc', null);
    save('arc', editor.setValue('arc', text, ['Debuglevel'], 10));
    expect(() => editor.save({ scope: 'arc', text, author: 'B', reason: 'late', basedOn: 1 })).toThrow(
      /saved version 2 .* meanwhile/,
    );
  });
});

describe("a program's own part", () => {
  test('holds what differs, is laid over science, and may be taken away again', () => {
    const opened = editor.open('science/bright', null);
    expect(opened.text).toBe('');
    expect(opened.base).toContain('Flavor: science');
    const text = editor.setValue('science/bright', '', NOISE, [-3, 3]);
    expect(editor.check('science/bright', text).problems).toMatchObject([
      { path: NOISE, message: 'must lie inside the warning range' },
    ]);
    const mended = editor.setValue('science/bright', text, [...NOISE.slice(0, -1), 'NOISE_AMP_WARN_RANGE'], [-4, 4]);
    save('science/bright', mended);
    expect(param(frozen('science', 'bright'), 'Preproc', 'Get_RMS', 'NOISE_AMP_NORMAL_RANGE')).toEqual([-3, 3]);
    expect(param(frozen('science', 'dark'), 'Preproc', 'Get_RMS', 'NOISE_AMP_NORMAL_RANGE')).toEqual([-1.5, 1.5]);
    expect(frozen('science', 'bright').Flavor).toBe('science');
    expect(db.listConfigurations({ limit: 1, offset: 0 }).versions[0]?.scopes).toEqual(['science/bright']);

    const less = editor.setValue('science/bright', mended, NOISE, null);
    const none = editor.setValue('science/bright', less, [...NOISE.slice(0, -1), 'NOISE_AMP_WARN_RANGE'], null);
    expect(none).toBe('');
    save('science/bright', none);
    expect(db.currentConfiguration().yaml).not.toContain('programs');
  });

  test('cannot change which exposures it is for', () => {
    expect(editor.check('science/dark', 'Flavor: arc\n').problems).toEqual([
      { path: ['Flavor'], line: 1, message: 'a program cannot have this of its own', elsewhere: null },
    ]);
  });

  test('is told where it is when a change of science breaks it', () => {
    save('science/bright', editor.setValue('science/bright', '', NOISE, [-1.9, 1.9]));
    const { text } = editor.open('science', null);
    const tighter = editor.setValue('science', text, [...NOISE.slice(0, -1), 'NOISE_AMP_WARN_RANGE'], [-1.6, 1.6]);
    expect(editor.check('science', tighter).problems).toMatchObject([
      { line: null, elsewhere: 'programs, bright', message: 'must lie inside the warning range' },
    ]);
  });
});

describe('references of the emulated instrument', () => {
  test('follow the size of each exposure, whatever the folder began with; what was set by hand stays', () => {
    const { text } = editor.open('science', null);
    const SNR = ['Algorithms', 'SkySub_QP', 'QA', 'Calculate_SNR', 'PARAMS', 'FIDSNR_TGT_GRAY_REF'];
    save('science', editor.setValue('science', text, SNR, [0.9, 0.9]));
    const good = (simsize: string) =>
      param(frozen('science', 'dark', simsize), 'Extract_QP', 'CountSpectralBins', 'NGOODFIB_DARK_REF');
    expect(good('compact')).toEqual([50]);
    expect(good('full')).toEqual([500]);
    expect(param(frozen('science', 'gray', 'full'), 'SkySub_QP', 'Calculate_SNR', 'FIDSNR_TGT_GRAY_REF')).toEqual([
      0.9, 0.9,
    ]);
  });

  test('are shown and saved in the size of now, and still follow afterwards', () => {
    size = 'full';
    const { text, standard } = editor.open('science', null);
    expect(text).toContain('NGOODFIB_DARK_REF: [500]');
    expect(parse(text)).toEqual(parse(standard));
    save('science', editor.setValue('science', text, ['Debuglevel'], 10));
    expect(param(frozen('science', 'dark', 'compact'), 'Extract_QP', 'CountSpectralBins', 'NGOODFIB_DARK_REF')).toEqual(
      [50],
    );
  });
});
