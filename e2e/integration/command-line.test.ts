import { spawn, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import Type from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExchangedConfigurationSchema, ProcessedSchema, StatusSchema } from '#shared/domain/command-line.ts';
import { NightReportSchema } from '#shared/domain/night-report.ts';
import { EngineSettingsSchema } from '#shared/domain/settings.ts';
import { killAll, treeOf } from '../fixtures/process-tree.ts';
import { CommandLine } from '../support/command-line.ts';

const reference = resolve('e2e/data/desispec-reference');
const source = join(reference, 'raw');
const NIGHT = '20191115';
let home: string;
let data: string;
let qlf: CommandLine;
let engine: ChildProcess | undefined;

/** Any text that looks like this. */
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** The folders as a person has chosen them, so that commands need no options. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'qlf-command-line-'));
  data = join(home, 'data');
  qlf = new CommandLine(home);
  mkdirSync(join(home, 'config', 'qlf'), { recursive: true });
  mkdirSync(join(home, 'script'));
  writeFileSync(join(home, 'config', 'qlf', 'folders.json'), JSON.stringify({ source, data }));
  const argv = [process.execPath, resolve('e2e/integration/scripted-pipeline.mjs'), '--config', '{config}'];
  writeFileSync(
    join(home, 'pipeline.json'),
    JSON.stringify({ kind: 'command', argv, env: { SCRIPT: join(home, 'script') } }),
  );
  writeFileSync(
    join(home, 'one-qa.yaml'),
    'Flavor: science\nWritePreprocfile: false\nDebuglevel: 20\nPeriod: 5\nTimeout: 120\nPipeline: [Preproc]\n' +
      'Algorithms: {Preproc: {QA: {Count_Pixels: {PARAMS: {CUTPIX: 5}}}}}\n',
  );
  copyFileSync(join(reference, 'configs/qlconfig_science_full.yaml'), join(home, 'qlconfig_science.yaml'));
  writeFileSync(join(home, 'qlf.cfg'), '[main]\nmax_workers=3\nloglevel=INFO\n[data]\narms=b,r\nspectrographs=0,1\n');
});
afterAll(() => {
  if (engine?.pid !== undefined) killAll(treeOf(engine.pid));
  rmSync(home, { recursive: true, force: true });
});

/** The real engine without a window, until a command line reaches it. */
async function startEngine(): Promise<void> {
  engine = spawn(
    process.execPath,
    [
      resolve('out/main/headless.cjs'),
      '--ingest-port',
      '0',
      '--no-catch-up',
      '--pipeline',
      join(home, 'pipeline.json'),
    ],
    { env: qlf.env, stdio: 'ignore' },
  );
  for (;;) {
    const { status, out } = await qlf.run('status', '--json');
    if (status === 0 && (JSON.parse(out) as { value: { engine: unknown } }).value.engine !== null) return;
    if (engine.exitCode !== null) throw new Error(`the engine ended with ${engine.exitCode}`);
    await pause(100);
  }
}

async function killEngine(): Promise<void> {
  const ended = new Promise((done) => engine?.once('exit', done));
  killAll(treeOf(engine?.pid ?? 0));
  await ended;
}

/** `cut 5`: what the pipeline does for a camera from now on. */
const script = (camera: string, behaviour: string): void => writeFileSync(join(home, 'script', camera), behaviour);

function ask<Row>(sql: string): Row[] {
  const db = new Sqlite(join(data, 'qlf.db'), { readonly: true });
  try {
    return db.prepare<[], Row>(sql).all();
  } finally {
    db.close();
  }
}

/** Commands of the documentation, in their order; those of blocks that say `no-engine` apart. */
function documented(): { running: string[]; alone: string[] } {
  const found = { running: [] as string[], alone: [] as string[] };
  for (const file of ['README.md', 'docs/commands.md']) {
    for (const [, info = '', body = ''] of readFileSync(file, 'utf8').matchAll(
      /^ *```sh( [\w-]+)?\n([\s\S]*?)^ *```/gm,
    ))
      for (const line of body.split('\n').map((text) => text.replace(/ # .*$/, '').trim())) {
        const [, words] = /^(?:qlf|npm run -s qlf --) (.+)$/.exec(line) ?? [];
        if (words !== undefined) (info.trim() === 'no-engine' ? found.alone : found.running).push(words);
      }
  }
  return found;
}

/** Words of a line, those in quotes as one. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? '');

test('without an engine: what needs one says how to start it, the rest works on the folder itself', async () => {
  await qlf.ends(4, 'status');
  const { err } = await qlf.ends(3, 'process', '110');
  expect(err).toMatch(/no engine runs in .*npm start.*--headless/s);
  for (const args of [['retry', '110', 'r0'], ['clean']]) await qlf.ends(3, ...args);
  expect(existsSync(join(data, 'qlf.db'))).toBe(false);
  await qlf.ends(0, 'config', 'set', 'engine.parallel', '2');
  expect(existsSync(join(data, 'engine.lock'))).toBe(false);
  const taken = await qlf.value(ExchangedConfigurationSchema, 0, 'config', 'import', 'one-qa.yaml', '--by', 'Ada');
  expect(taken).toMatchObject({ format: 'qlconfig', version: 2 });
  expect(ask('SELECT author, reason FROM configuration WHERE id = 2')).toEqual([
    { author: 'Ada', reason: 'taken over from one-qa.yaml' },
  ]);
  await qlf.ends(5, 'config', 'import', 'pipeline.json');
  await qlf.ends(4, 'config', 'get', 'engine.nothing');
  await qlf.ends(2, 'config', 'set', 'engine.parallel', '700');
  expect((await qlf.value(EngineSettingsSchema, 0, 'config', 'get', 'engine')).parallel).toBe(2);
  expect(await qlf.value(StatusSchema, 0, 'status')).toMatchObject({ engine: null, data, exposures: [] });
});

test('with a running engine: commands go through it, and every documented one does what it says', async () => {
  await startEngine();
  expect(statSync(join(data, 'engine.sock')).mode & 0o777).toBe(0o600);
  // It begins with the newest by itself.
  for (;;) {
    const { engine: now, exposures } = await qlf.value(StatusSchema, 0, 'status');
    const newest = exposures.find(({ expid }) => expid === 110);
    if (now?.activity === 'idle' && newest?.state === 'processed') break;
    await pause(100);
  }
  script('r0', 'exit 3');
  const failed = await qlf.value(ProcessedSchema, 1, 'process', '110', '--wait');
  expect(failed).toMatchObject({ expid: 110, run: { done: 0, failed: [{ camera: 'r0' }] } });
  await qlf.ends(4, 'process', '4711');
  await qlf.ends(5, 'retry', '110', 'b7');
  await qlf.ends(4, 'retry', '103', 'b0');
  script('r0', 'good');
  const status = await qlf.value(StatusSchema, 0, 'status');
  expect(status).toMatchObject({ engine: { pid: engine?.pid, mode: 'auto', parallel: 2 } });
  expect(status.exposures.map(({ expid }) => expid)).toContain(110);

  const { running } = documented();
  expect(running.length).toBeGreaterThan(20);
  for (const line of running) await qlf.ends(0, ...wordsOf(line));
  expect(readFileSync(join(home, 'night.html'), 'utf8')).toMatch(/<html/);
  expect(readFileSync(join(home, 'exported.yaml'), 'utf8')).toMatch(/^Flavor: science$/m);
  const settings = await qlf.value(EngineSettingsSchema, 0, 'config', 'get', 'engine');
  expect(settings).toMatchObject({ parallel: 3, camerasExpected: ['b0', 'b1', 'r0', 'r1'] });
  expect(ask('SELECT author, reason FROM configuration ORDER BY id DESC LIMIT 1')).toEqual([
    { author: 'Ada', reason: 'as at the telescope' },
  ]);
  expect(ask("SELECT state FROM job WHERE expid = 110 AND camera = 'r0' ORDER BY id DESC LIMIT 1")).toEqual([
    { state: 'done' },
  ]);
  const report = await qlf.value(NightReportSchema, 0, 'report', NIGHT);
  expect(report.exposures.map(({ expid }) => expid)).toContain(110);
  // What would overwrite or come between is refused.
  await qlf.ends(5, 'report', NIGHT, '--output', 'night.html');
  await qlf.ends(5, 'export', NIGHT);
  await qlf.ends(5, 'backup', 'copy.db');
  const { err } = await qlf.ends(5, 'restore', '--newest');
  expect(err).toContain(`pid ${String(engine?.pid)}`);
  await qlf.ends(1, 'import', 'config');
});

test('a killed engine leaves a socket that nobody is fooled by, and the next one takes its place', async () => {
  await killEngine();
  expect(existsSync(join(data, 'engine.sock'))).toBe(true);
  expect(await qlf.value(StatusSchema, 0, 'status')).toMatchObject({ engine: null });
  await qlf.ends(3, 'process', '110');
  const { findings } = await qlf.value(
    Type.Object({
      findings: Type.Array(Type.Object({ check: Type.String(), outcome: Type.String(), found: Type.String() })),
    }),
    0,
    'doctor',
  );
  expect(findings.find(({ check }) => check === 'instance')).toMatchObject({
    ...{ outcome: 'warning', found: like(/lock and socket of a QLF that was killed/) },
  });
  for (const line of documented().alone) await qlf.ends(0, ...wordsOf(line));
  const { words } = await qlf.value(Type.Object({ words: Type.String() }), 0, 'import', `qlf-night-${NIGHT}`);
  expect(words).toContain(NIGHT);
  await startEngine();
  expect(await qlf.value(StatusSchema, 0, 'status')).toMatchObject({ engine: { pid: engine?.pid } });
});
