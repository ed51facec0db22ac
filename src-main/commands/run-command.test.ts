import { describe, expect, it } from 'vitest';
import { EXIT_STATUS } from '#shared/domain/command-line.ts';
import { commandOf, runCommand } from './run-command.ts';
import { COMMANDS } from './table.ts';

/** Any text that looks like this. */
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** Runs a command line that must end before anything of QLF's is touched. */
async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await runCommand(args, {
    version: '1.2.3',
    terminal: { out: async (text) => void (out += text), err: async (text) => void (err += text) },
    openWorld: () => ({ close: async () => undefined, cwd: '/', user: 'ada' }) as never,
  });
  return { status, out, err };
}

describe('a command line', () => {
  it.each([
    ...[
      ['process'],
      ['process', '12', '13'],
      ['process', 'abc'],
      ['process', '1e3'],
      ['process', '-5'],
      ['process', ''],
    ],
    ...[
      ['process', '999999999'],
      ['process', '12; rm -rf /'],
      ['process', '٣'],
      ['process', '$(id)'],
      ['process', '0x10'],
    ],
    ...[
      ['retry', '12'],
      ['retry', '12', 'q7'],
      ['retry', '12', 'b10'],
      ['retry', '12', '../b0'],
      ['retry', '--', '-1', 'b0'],
    ],
    ...[['export', '../../etc'], ['export', '2019111'], ['export', '20191341'], ['export', '20191115/..'], ['export']],
    ...[
      ['report', '20191115\n'],
      ['report', '--format=pdf', '20191115'],
      ['report', '--output'],
      ['import'],
      ['import', ''],
    ],
    ...[['import', 'a\0b'], ['config'], ['config', 'steal'], ['config', '__proto__'], ['config', 'constructor']],
    ...[
      ['config', 'get', 'a', 'b'],
      ['config', 'export'],
      ['restore'],
      ['restore', 'a.db', '--newest'],
      ['status', 'now'],
    ],
    ...[
      ['clean', '--by', ''],
      ['clean', '--by', 'a\nb'],
      ['doctor', '--mend'],
      ['status', '--data'],
      ['--inspect'],
      ['STATUS'],
    ],
    ...[['constructor'], ['process', '12', '--exec=/bin/sh'], ['status', '--json=1'], ['help', 'nothing']],
  ])('%j is refused before anything is tried', async (...args) => {
    const { status, out, err } = await run(...args);
    expect([status, err]).toEqual([EXIT_STATUS.usage, like(/^qlf: .+\n$/)]);
    expect(out).toBe('');
  });

  it('says errors as JSON where JSON is wanted, in one line', async () => {
    const { status, out } = await run('process', 'x', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(out)).toEqual({ ok: false, error: { code: 'usage', message: like(/EXPID/) } });
    expect(out.split('\n')).toHaveLength(2);
  });

  it('helps with everything: each command, its options, the exit statuses', async () => {
    const all = await run('help');
    for (const { name, usage, options } of COMMANDS) {
      expect(all.out).toContain(`qlf ${usage}`);
      for (const way of [
        ['help', name],
        [name, '--help'],
        [name, '-h'],
      ]) {
        const { status, out } = await run(...way);
        expect([status, out]).toEqual([0, expect.stringContaining(`qlf ${usage}`)]);
        for (const option of options) expect(out).toContain(`--${option.name}`);
        expect(out).toMatch(/Exit status: 0 done/);
      }
    }
    expect(await run()).toEqual(all);
    expect((await run('--version')).out).toBe('1.2.3\n');
  });
});

describe('the application', () => {
  it('is a command line where its first word is a command, behind Electron’s own switches alone', () => {
    expect(commandOf(['status', '--json'])).toEqual(['status', '--json']);
    expect(commandOf(['--no-sandbox', '--user-data-dir=/tmp/x y', 'doctor'])).toEqual(['doctor']);
    expect(commandOf(['--version'])).toEqual(['--version']);
    for (const window of [
      [],
      ['--data', 'status'],
      ['--no-sandbox'],
      ['/raw/desi-1.fits.fz'],
      ['--seed', '3', 'status'],
    ])
      expect(commandOf(window)).toBeNull();
  });
});
