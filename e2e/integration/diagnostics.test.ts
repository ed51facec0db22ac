import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiagnosticsState } from '#shared/domain/diagnostics.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { createDiagnostics } from '../../src-main/diagnostics/handlers.ts';
import { saveDiagnostics } from '../../src-main/open-diagnostics.ts';
import { until } from '../support/wait.ts';

/** Secrets, each of its own kind, and where they are planted. */
const SECRETS = {
  inSource: 'pw-of-the-source-91d7',
  inAddress: 'pw-of-the-address-55aa',
  inEnvironment: 'token-of-the-environment-70c2',
  inLog: 'passphrase-of-the-key-1b3e',
  inJobLog: 'password-in-a-job-log-77f0',
  inSettings: 'token-of-a-pipeline-c0de',
  inArguments: 'argument-of-a-pipeline-f00d',
  otherSetting: 'whatever-else-is-set-abba',
  databaseHost: 'db7.observatory.example',
  dataHost: 'data1.observatory.example',
};
const WORKER = new URL('../../src-main/diagnostics-worker.ts', import.meta.url);

let folder: string;
let root: string;
let db: QlfDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-diagnostics-test-'));
  root = join(folder, 'data');
  db = openDatabase({ file: join(root, 'qlf.db'), origin: 'real', defaultConfiguration: 'science: {}' });
  plant();
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
  delete process.env['QLF_TEST_TOKEN'];
});

const line = (text: string, level = 'info'): string => `${JSON.stringify({ id: 1, source: 'engine', level, text })}\n`;

function plant(): void {
  process.env['QLF_TEST_TOKEN'] = SECRETS.inEnvironment;
  writeFileSync(
    join(folder, 'opsdb.json'),
    JSON.stringify({
      ...{ host: SECRETS.databaseHost, password: SECRETS.inSource, tls: { ca: null } },
      dataHosts: { tower: { host: SECRETS.dataHost, user: 'desi' } },
    }),
  );
  mkdirSync(join(root, 'logs'));
  writeFileSync(
    join(root, 'logs', 'engine-20261121.log'),
    line('good morning') +
      line(`nobody answers at ${SECRETS.databaseHost}:5432`, 'error') +
      line(`postgresql://reader:${SECRETS.inAddress}@db/desi is gone`, 'warning') +
      line(`ssh-add: passphrase: ${SECRETS.inLog}`) +
      line(`started with ${SECRETS.inEnvironment} in it, on ${hostname()}`),
  );
  writeFileSync(join(root, 'logs', 'engine-20261121.2.log'), line('the second part', 'error'));
  db.saveSetting('settings', {
    parallel: 3,
    pipeline: {
      ...{ kind: 'command', argv: ['/opt/run', '--token', SECRETS.inArguments] },
      env: { API_TOKEN: SECRETS.inSettings },
    },
  });
  db.saveSetting('some-vault', SECRETS.otherSetting);
  const e = { expid: 7, night: '20261121', flavor: 'science', program: 'dark', obstype: null, dateObs: null };
  const numbers = { exptime: 900, airmass: 1, seeing: 1, tileid: 1, mjdObs: 1, ra: 1, dec: 1 };
  db.registerExposure(
    { ...e, ...numbers, header: {}, camerasExpected: ['b0'] },
    { state: 'processing', reason: '', camerasExpected: ['b0'], at: 1 },
  );
  const run = db.createRun({
    ...{ expid: 7, night: e.night, configurationId: 1, configuration: '', passwordHash: 'hash', startedAt: 1 },
  });
  const [job] = db.createJobs(run.id, [{ camera: 'b0', state: 'failed', reason: 'exit code 3' }]);
  writeFileSync(
    join(root, 'b0.log'),
    `QLF_PASSWD=${SECRETS.inJobLog}\nsent ${SECRETS.inSettings} away\nthe last words\n`,
  );
  db.updateJob(job?.id ?? 0, { logFile: 'b0.log' });
  db.saveUser('observer', 'digest-of-a-password');
}

/** Unpacks by the system's tar; every file's text by its name. */
function unpack(bundle: string): Map<string, string> {
  const place = mkdtempSync(join(folder, 'unpacked-'));
  execFileSync('tar', ['xzf', bundle, '-C', place]);
  const files = new Map<string, string>();
  const walk = (path: string, name: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const own = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) walk(join(path, entry.name), own);
      else files.set(own, readFileSync(join(path, entry.name), 'utf8'));
    }
  };
  const [top = ''] = readdirSync(place);
  walk(join(place, top), '');
  return files;
}

function expectNoSecret(files: Map<string, string>, secrets: Record<string, string> = SECRETS): void {
  for (const [name, text] of files)
    for (const [kind, secret] of Object.entries(secrets))
      expect([name, kind, text.includes(secret)]).toEqual([name, kind, false]);
  expect([...files.values()].join('')).not.toContain('digest-of-a-password');
}

describe('a bundle of a data folder alone', () => {
  it('has what helps, and no secret wherever one was planted', async () => {
    const target = join(folder, 'elsewhere', 'help.tar.gz');
    await saveDiagnostics(target, { root, source: `opsdb:${join(folder, 'opsdb.json')}` }, '1.2.3');
    const files = unpack(target);
    expectNoSecret(files);
    const json = (name: string) => JSON.parse(files.get(name) ?? '') as Record<string, unknown>;
    expect(json('about.json')).toMatchObject({ qlf: '1.2.3', engine: 'no engine runs in this program' });
    expect(json('about.json')['environment']).toContain('QLF_TEST_TOKEN');
    expect(json('settings.json')).toMatchObject({ source: { kind: 'opsdb', configuration: { tls: { ca: null } } } });
    expect(json('database.json')).toMatchObject({ origin: 'real' });
    const tables = json('database.json')['tables'];
    for (const name of ['exposure', 'job', 'credential']) expect(tables).toContainEqual({ name, rows: 1, check: 'ok' });
    expect(JSON.stringify(json('database.json')['statements'])).toContain('CREATE TABLE exposure');
    expect(json('stored-settings.json')).toEqual({
      settings: {
        parallel: 3,
        pipeline: { kind: 'command', argv: ['/opt/run', '(2 arguments)'], env: { API_TOKEN: '(withheld)' } },
      },
      'some-vault': '(not shown)',
    });
    expect(json('disk.json')).toMatchObject({ freeBytes: expect.any(Number) as number });
    expect(files.get('logs/engine-20261121.log')).toContain('good morning');
    expect(files.get('logs/engine-20261121.log')).toContain('nobody answers at (withheld):5432');
    const errors = (files.get('errors.txt') ?? '').trimEnd().split('\n');
    expect(errors).toHaveLength(3);
    expect(errors[2]).toContain('the second part');
    expect(files.get('jobs/run-1-b0.log')).toContain('the last words');
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['help.tar.gz']);
  });

  it('is made of a damaged database, too, and of none', async () => {
    db.close();
    const file = join(root, 'qlf.db');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 8192);
    writeFileSync(file, bytes);
    rmSync(`${file}-wal`, { force: true });
    const target = join(folder, 'damaged.tar.gz');
    await saveDiagnostics(target, { root, source: null }, '1');
    expect(unpack(target).get('database.json')).toMatch(/malformed|not a database|btree/);
    rmSync(file);
    await saveDiagnostics(target, { root, source: null }, '1');
    expect(unpack(target).get('database.json')).toContain('error');
  });
});

describe('a bundle of a running engine', () => {
  const open = (more: { program?: URL } = {}) => {
    const shown: string[] = [];
    const said: string[] = [];
    const diagnostics = createDiagnostics({
      program: WORKER,
      collected: () => ({
        ...{
          version: '1',
          electron: '45',
          root,
          source: `ssh://desi:${SECRETS.inAddress}@${SECRETS.dataHost}:22/data/raw`,
        },
        ...{ now: Date.now, env: process.env },
        live: { settings: { parallel: 3 }, state: { engine: 'on' }, health: { ready: true }, metrics: 'qlf_ready 1\n' },
      }),
      showFile: (file) => shown.push(file),
      log: (_level, text) => said.push(text),
      now: Date.now,
      ...more,
    });
    const ended = () =>
      until(
        async (): Promise<DiagnosticsState> => diagnostics.handlers['diagnostics.state']({}),
        ({ state }) => state !== 'running',
      );
    return { ...diagnostics, shown, said, ended };
  };

  it('is made aside, says where it lies, and shows it', async () => {
    const { handlers, ended, shown, said, close } = open();
    expect(() => handlers['diagnostics.show']({})).toThrow('no diagnostics');
    expect(await handlers['diagnostics.save']({})).toMatchObject({ state: 'running', error: '' });
    const done = await ended();
    expect(done).toMatchObject({ state: 'done', step: 'archive', share: 1, error: '' });
    expect(done.file).toMatch(/diagnostics\/qlf-diagnostics-\d{8}T\d{6}Z\.tar\.gz$/);
    expect(done.bytes).toBe(statSync(done.file).size);
    const files = unpack(done.file);
    // Of an operations database that it does not read it knows no host.
    const { databaseHost: _databaseHost, ...others } = SECRETS;
    expectNoSecret(files, others);
    expect(files.get('metrics.txt')).toBe('qlf_ready 1\n');
    expect(files.get('settings.json')).toContain('/data/raw');
    await handlers['diagnostics.show']({});
    expect(shown).toEqual([done.file]);
    expect(said).toEqual([`diagnostics saved in ${done.file}`]);
    await close();
    expect(readdirSync(join(root, 'diagnostics'))).toHaveLength(1);
  });

  it('may be cancelled, and leaves nothing', async () => {
    const { handlers, close } = open();
    await handlers['diagnostics.save']({});
    expect(await handlers['diagnostics.cancel']({})).toMatchObject({ state: 'cancelled' });
    expect(readdirSync(join(root, 'diagnostics'))).toEqual([]);
    await close();
  });

  it('says why it could not be made', async () => {
    const { handlers, ended, said, close } = open({ program: new URL('./no-such-worker.ts', import.meta.url) });
    await handlers['diagnostics.save']({});
    const failed = await ended();
    expect(failed.state).toBe('failed');
    expect(failed.error).toMatch(/^The bundle could not be made: /);
    expect(said).toHaveLength(1);
    expect(readdirSync(join(root, 'diagnostics'))).toEqual([]);
    await close();
    expect(existsSync(join(root, 'diagnostics'))).toBe(true);
  });
});
