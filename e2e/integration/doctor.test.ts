import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DoctorReportSchema, type Finding } from '#shared/domain/command-line.ts';
import { openDatabase, type QlfDatabase } from '../../src-main/db/open-database.ts';
import { openDoctor } from '../../src-main/open-doctor.ts';
import { defaultConfiguration } from '../../src-main/pipeline/default-configuration.ts';
import { createNodeLauncher } from '../../src-main/pipeline/node-launcher.ts';
import { CommandLine } from '../support/command-line.ts';

const reference = resolve('e2e/data/desispec-reference');
let folder: string;
let data: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-doctor-'));
  data = join(folder, 'data');
  process.env['XDG_CONFIG_HOME'] = join(folder, 'config');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Any text that looks like this. */
const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** A program that is there. */
const ANY = { kind: 'command', argv: [process.execPath], env: {} };

type Look = Partial<Parameters<typeof openDoctor>[0]>;

/** What the doctor says of each thing. */
async function look(options: Look = {}): Promise<Record<string, Finding>> {
  const findings = await openDoctor({
    ...{ root: data, source: join(reference, 'raw'), calibration: null, secrets: null, env: {}, now: Date.now },
    launcher: createNodeLauncher({ programsDir: resolve('out/main') }),
    ...options,
  });
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

async function finding(check: string, options: Look = {}): Promise<Finding> {
  const found = (await look(options))[check];
  if (!found) throw new Error(`nothing was said of ${check}`);
  // Whatever is wrong, the way to mend it stands beside it.
  if (found.outcome !== 'good') expect(`${found.mend}${found.outcome}`).not.toBe(found.outcome);
  return found;
}

/** A data folder as an engine leaves it. */
function seeded(change: (db: QlfDatabase) => void = () => undefined): void {
  const standard = defaultConfiguration('stock', resolve('resources'));
  const db = openDatabase({ file: join(data, 'qlf.db'), origin: 'real', defaultConfiguration: standard });
  // Any port: whether 8000 is free is the machine's affair; a program that is only looked for.
  db.saveSetting('settings', { ingestPort: 0, pipeline: ANY });
  change(db);
  db.close();
}

async function listening(where: string | number): Promise<Server> {
  const server = createServer();
  servers.push(server);
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test('says of everything that QLF needs that it is there, by the command line as well', async () => {
  seeded((db) => db.saveSetting('settings', { ingestPort: 0 }));
  const found = await look();
  const wrong = Object.values(found).filter(({ outcome }) => outcome === 'fault');
  expect(wrong).toEqual([]);
  for (const check of [
    'data folder',
    'file system',
    'disk space',
    'database',
    'settings',
    'QL configuration',
    'instance',
  ])
    expect(['good', 'warning']).toContain(found[check]?.outcome);
  for (const check of [
    'database',
    'settings',
    'QL configuration',
    'instance',
    'pipeline',
    'calibration',
    'DOS: folder',
  ])
    expect(found[check]).toMatchObject({ outcome: 'good', mend: '' });
  expect(found['runtime']?.found).toMatch(/^Node \d+.*SQLite \d/);
  expect(found['database']?.found).toMatch(/read through and whole, schema \d+/);
  expect(found['DOS: last exposure']?.found).toMatch(/00000110/);
  const qlf = new CommandLine(folder);
  const report = await qlf.value(DoctorReportSchema, 0, 'doctor', '--data', data, '--source', join(reference, 'raw'));
  expect(report).toMatchObject({ healthy: true, data });
});

test('a data folder that cannot be one, and a disk that is too full', async () => {
  writeFileSync(data, 'a file');
  expect(await finding('data folder')).toMatchObject({ outcome: 'fault', found: like(/is a file/) });
  rmSync(data);
  expect(await finding('data folder', { root: '/proc/qlf' })).toMatchObject({ outcome: 'fault' });
  mkdirSync(data);
  chmodSync(data, 0o777);
  expect(await finding('data folder')).toMatchObject({ outcome: 'warning', mend: `chmod go-w ${data}` });
  chmodSync(data, 0o700);
  seeded((db) => db.saveSetting('alarm-settings', { diskWarning: 0.0001, diskFault: 0.001 }));
  const disk = await finding('disk space');
  expect(disk.outcome).not.toBe('good');
  const file = await finding('file system', { root: '/proc/qlf' });
  expect(file.found).toMatch(/^type 0x|^[A-Za-z]/);
});

test('a database that is damaged, of other nights, of another QLF; settings and a configuration that do not fit', async () => {
  expect(await finding('database')).toMatchObject({
    outcome: 'good',
    found: like(/at the first start/),
  });
  seeded((db) => {
    db.saveSetting('settings', { parallel: 700 });
    db.saveConfiguration({ yaml: 'science: {}', author: 'Ada', reason: 'none', createdAt: 1 });
  });
  const unfit = await look();
  expect(unfit['settings']).toMatchObject({ outcome: 'fault', found: like(/engine/) });
  expect(unfit['QL configuration']).toMatchObject({ outcome: 'fault' });
  expect(unfit['QL configuration']?.mend).toMatch(/config import/);
  expect((await look({ source: null }))['database']).toMatchObject({
    outcome: 'fault',
    found: like(/real nights/),
  });
  const sql = new Sqlite(join(data, 'qlf.db'));
  const version = Number(sql.pragma('user_version', { simple: true }));
  sql.pragma(`user_version = ${version - 1}`);
  expect(await finding('database')).toMatchObject({ outcome: 'warning', found: like(/older QLF/) });
  sql.pragma(`user_version = ${version + 1}`);
  expect(await finding('database')).toMatchObject({ outcome: 'fault', found: like(/newer QLF/) });
  sql.close();
  truncateSync(join(data, 'qlf.db'), 20_000);
  const damaged = await look();
  expect(damaged['database']).toMatchObject({ outcome: 'fault', mend: like(/qlf restore --newest/) });
  expect(damaged['settings']).toMatchObject({ outcome: 'unchecked' });
  const { status, out } = await new CommandLine(folder).run(
    'doctor',
    '--data',
    data,
    '--source',
    join(reference, 'raw'),
  );
  expect([status, out]).toEqual([1, like(/FAULT {3}database .*\n +→ End QLF, then: qlf restore/)]);
});

test('locks and sockets of the dead, and an instance that lives and does not answer', async () => {
  seeded();
  writeFileSync(join(data, 'engine.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1' }));
  expect(await finding('instance')).toMatchObject({
    outcome: 'warning',
    found: like(/lock of a QLF that was/),
  });
  const living = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  try {
    writeFileSync(join(data, 'engine.lock'), JSON.stringify({ pid: living.pid, startTime: null }));
    const found = await finding('instance');
    expect(found).toMatchObject({ outcome: 'fault', mend: like(new RegExp(`kill ${String(living.pid)}$`)) });
  } finally {
    living.kill('SIGKILL');
    await once(living, 'exit');
  }
});

test('a port that somebody else has, by name; one for any', async () => {
  const server = await listening(0);
  const { port } = server.address() as AddressInfo;
  seeded((db) => db.saveSetting('settings', { ingestPort: port, pipeline: ANY }));
  const found = await finding('ingest port');
  expect(found).toMatchObject({ outcome: 'warning', mend: like(/config set engine\.ingestPort/) });
  if (process.platform === 'linux') expect(found.found).toContain(`pid ${process.pid}`);
  server.close();
  await once(server, 'close');
  expect(await finding('ingest port')).toMatchObject({ outcome: 'good', found: `${port} is free` });
});

test('a pipeline, programs, a calibration folder and a source that are not there', async () => {
  const pipeline = { kind: 'command', argv: [join(folder, 'no-pipeline')], env: {} };
  seeded((db) => db.saveSetting('settings', { ingestPort: 0, pipeline }));
  const calibration = join(folder, 'no-calibration');
  const found = await look({ calibration, source: join(folder, 'no-source') });
  expect(found['pipeline']).toMatchObject({
    outcome: 'fault',
    found: like(/no-pipeline is not there/),
  });
  expect(found['calibration']).toMatchObject({ outcome: 'fault', mend: like(/--calibration/) });
  expect(found['DOS: folder']).toMatchObject({ outcome: 'fault' });
  const empty = join(folder, 'empty', 'raw');
  mkdirSync(empty, { recursive: true });
  expect(await finding('calibration', { source: empty })).toMatchObject({ outcome: 'warning' });
  expect(await finding('calibration', { source: empty, env: { DESI_SPECTRO_CALIB: folder } })).toMatchObject({
    ...{ outcome: 'good', found: folder },
  });
  const noPrograms = new CommandLine(folder, { PATH: empty });
  const closed = await listening(0);
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const source = `ssh://observer@127.0.0.1:${port}/raw`;
  const report = await noPrograms.value(DoctorReportSchema, 1, 'doctor', '--data', data, '--source', source);
  const remote = Object.fromEntries(report.findings.map((one) => [one.check, one]));
  expect(remote['ssh']).toMatchObject({ outcome: 'fault', mend: like(/apt install openssh-client/) });
  expect(remote['rsync']).toMatchObject({ outcome: 'warning', found: like(/SFTP/) });
  expect(remote['DOS: reach']).toMatchObject({
    outcome: 'fault',
    found: like(/nobody answers|Nobody answers/),
  });
  const opsdb = await look({ source: `opsdb:${join(folder, 'no-opsdb.json')}` });
  expect(opsdb['DOS: configuration']).toMatchObject({
    outcome: 'fault',
    found: like(/no-opsdb\.json/),
  });
});

test('a keyring that answers, one that does not, and none; a clock and a time zone that are wrong', async () => {
  seeded();
  const socket = join(folder, 'agent');
  expect(await finding('keyring')).toMatchObject({ outcome: 'unchecked' });
  expect(await finding('keyring', { env: { SSH_AUTH_SOCK: socket } })).toMatchObject({ outcome: 'warning' });
  await listening(socket);
  expect(await finding('keyring', { env: { SSH_AUTH_SOCK: socket } })).toMatchObject({ outcome: 'good' });
  const { PATH = '' } = process.env;
  expect(await finding('clock', { env: { PATH, TZ: 'America/Phoenix' } })).not.toMatchObject({ outcome: 'fault' });
  const zone = await finding('clock', { env: { PATH, TZ: 'Mars/Olympus' } });
  expect(zone).toMatchObject({ outcome: 'warning', found: like(/TZ=Mars\/Olympus is no time zone/) });
  const early = await finding('clock', { now: () => Date.UTC(1970, 0, 2) });
  expect(early).toMatchObject({ outcome: 'fault', mend: like(/set-ntp/) });
  const off = await finding('clock', { now: () => Date.now() + 3_600_000 });
  expect(off).toMatchObject({ outcome: 'warning', found: like(/s off/) });
});
