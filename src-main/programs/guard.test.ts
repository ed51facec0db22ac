import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineSettings, ExternalPipeline, PipelineSetting } from '#shared/domain/settings.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { createAllowedPrograms, withStarted } from './allowed-programs.ts';
import { guardJobs, guardPrograms } from './guard.ts';

const program = (...argv: string[]): ExternalPipeline => ({ kind: 'command', argv, env: { A: '1', B: '2' } });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-programs-'));
  file = join(folder, 'settings', 'programs.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('programs that may run', () => {
  it('are those that were allowed, argument by argument, for every engine of this computer', () => {
    const programs = createAllowedPrograms(file);
    expect(programs.allows(program('/opt/run', '--fast'))).toBe(false);
    programs.allow(program('/opt/run', '--fast'));
    const others = createAllowedPrograms(file);
    expect(others.allows(program('/opt/run', '--fast'))).toBe(true);
    expect(others.allows({ ...program('/opt/run', '--fast'), env: { B: '2', A: '1' } })).toBe(true);
    for (const other of [
      program('/opt/run'),
      program('/opt/run', '--fast', '--evil'),
      program('/opt/run --fast'),
      { ...program('/opt/run', '--fast'), env: { A: '1', B: '2', LD_PRELOAD: '/tmp/evil.so' } },
      { ...program('/opt/run', '--fast'), kind: 'desi_quicklook' as const },
    ])
      expect(others.allows(other)).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // The environment may hold secrets.
    expect(readFileSync(file, 'utf8')).not.toContain('"A"');
  });

  it.each(['', 'nonsense', '[]', '{"allowed": "all"}', '{"__proto__": {"allowed": []}}'])(
    'are none where the list says %j',
    (text) => {
      createAllowedPrograms(file).allow(program('/opt/run'));
      writeFileSync(file, text);
      expect(createAllowedPrograms(file).allows(program('/opt/run'))).toBe(false);
    },
  );

  it('include the one that QLF was started with, for this start', () => {
    const started = withStarted(createAllowedPrograms(file), program('/opt/started'));
    expect(started.allows(program('/opt/started'))).toBe(true);
    expect(createAllowedPrograms(file).allows(program('/opt/started'))).toBe(false);
  });
});

describe('an interface that names a program', () => {
  const saved: PipelineSetting[] = [];
  const handlers = {
    'settings.set': ({ settings }: { settings: EngineSettings }) => {
      saved.push(settings.pipeline);
      return settings;
    },
  } as unknown as Handlers;
  const set = (guarded: Handlers, pipeline: PipelineSetting) =>
    guarded['settings.set']({ settings: { pipeline } as EngineSettings });
  beforeEach(() => saved.splice(0));

  it('is heard only when a person says so, and that person is not asked again', async () => {
    const asked: string[] = [];
    const answers = [false, true];
    const guarded = guardPrograms(handlers, createAllowedPrograms(file), async ({ argv }) => {
      asked.push(argv.join(' '));
      return answers.shift() ?? false;
    });
    await expect(set(guarded, program('/opt/run'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(saved).toEqual([]);
    await set(guarded, program('/opt/run'));
    await set(guarded, program('/opt/run'));
    await set(guarded, { kind: 'built-in' });
    expect(asked).toEqual(['/opt/run', '/opt/run']);
    expect(saved).toEqual([program('/opt/run'), program('/opt/run'), { kind: 'built-in' }]);
  });

  it('is refused where there is nobody to ask', async () => {
    const guarded = guardPrograms(handlers, createAllowedPrograms(file), null);
    await expect(set(guarded, program('/opt/run'))).rejects.toMatchObject({ code: 'forbidden' });
    await set(guarded, { kind: 'built-in' });
    expect(saved).toEqual([{ kind: 'built-in' }]);
  });
});

it('a job whose program nobody here has allowed is not begun, wherever its setting came from', async () => {
  const programs = createAllowedPrograms(file);
  const begun: unknown[] = [];
  const prepare = guardJobs(async (request) => {
    begun.push(request.pipeline);
    return undefined as never;
  }, programs);
  const job = (pipeline: PipelineSetting) => prepare({ pipeline } as Parameters<typeof prepare>[0]);
  await expect(job(program('/opt/run'))).rejects.toThrow(/nobody of this computer has allowed \/opt\/run to run/);
  await job({ kind: 'built-in' });
  programs.allow(program('/opt/run'));
  await job(program('/opt/run'));
  expect(begun).toEqual([{ kind: 'built-in' }, program('/opt/run')]);
});
