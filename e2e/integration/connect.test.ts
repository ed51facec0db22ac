import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keySecret, type CheckResult, type ConnectionCheck, type Questions } from '#shared/domain/connection.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts';
import { folder, insert, PASSWORD, postgres, sql } from '../support/opsdb-rig.ts';
import { filesWith, processesWith } from '../support/secret-hunt.ts';
import { until } from '../support/wait.ts';
import { endedRuns, EngineRig, jobOf } from './engine-rig.ts';

const PASSPHRASE = 'a passphrase of the test, with \u00e4 and "quotes"';

let sshd: LoopbackSshd;
let rig: EngineRig;
const agent = process.env['SSH_AUTH_SOCK'];
beforeAll(async () => {
  sshd = await startLoopbackSshd();
  delete process.env['SSH_AUTH_SOCK'];
});
afterAll(async () => {
  if (agent !== undefined) process.env['SSH_AUTH_SOCK'] = agent;
  await sshd.stop();
});
beforeEach(() => {
  rig = new EngineRig();
});
afterEach(() => rig.dispose());

const questions = async (engine: RunningEngine): Promise<Questions> =>
  (await engine.handlers['control-room.snapshot']({})).questions;

/** The private key of the account, locked by the passphrase. */
function lockedKey(): string {
  const file = join(rig.folder, 'locked key');
  copyFileSync(sshd.identityFile, file);
  chmodSync(file, 0o600);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', file]);
  return file;
}

/** Folders of sockets and helpers of ssh that this process has made. */
const sshFolders = (): string[] =>
  readdirSync(tmpdir()).flatMap((name) => (name.startsWith(`qlf-ssh-${process.pid}-`) ? [join(tmpdir(), name)] : []));

describe('a data host that QLF has not met, by a locked key', () => {
  it('is asked about, and gives its exposures once a person has answered; the passphrase is nowhere', async () => {
    rig.deliver(102);
    const key = lockedKey();
    const engine = await rig.open({
      source: `ssh://${sshd.user}@${sshd.host}:${sshd.port}${rig.source}?${new URLSearchParams({ identity: key })}`,
    });
    const runs = endedRuns(engine);
    await engine.start();
    const { handlers } = engine;
    const { hostKeys } = await until(
      () => questions(engine),
      (asked) => asked.hostKeys.length > 0,
    );
    const [question] = hostKeys;
    expect(question).toMatchObject({ host: sshd.host, port: sshd.port, type: 'ssh-ed25519', verdict: 'unknown' });
    expect(question?.fingerprint).toBe(sshd.fingerprint);
    const shown = { host: sshd.host, port: sshd.port, fingerprint: sshd.fingerprint, by: 'A. Observer' };
    // Only the very key that was shown can be accepted.
    await expect(
      (async () => handlers['host-key.accept']({ ...shown, fingerprint: 'SHA256:another' }))(),
    ).rejects.toMatchObject({ code: 'conflict' });
    await handlers['host-key.accept'](shown);
    const { secrets } = await until(
      () => questions(engine),
      (asked) => asked.secrets.length > 0,
    );
    expect(secrets.map(({ name }) => name)).toEqual([keySecret(key)]);
    expect(await handlers['secret.state']({ names: [keySecret(key)] })).toMatchObject({ keeping: 'memory', known: [] });
    await handlers['secret.set']({ name: keySecret(key), secret: PASSPHRASE });
    const run = await runs.of(102);
    expect(jobOf(run, 'r0').state).toBe('done');
    expect(await questions(engine)).toEqual({ hostKeys: [], secrets: [] });
    expect(await handlers['secret.state']({ names: [keySecret(key)] })).toMatchObject({ known: [keySecret(key)] });
    expect(processesWith(process.pid, [PASSPHRASE])).toEqual([]);
    expect(filesWith([rig.folder, ...sshFolders()], [PASSPHRASE])).toEqual([]);
    await engine.close();
    const database = new Database(engine.databaseFile, { readonly: true });
    const texts = database.prepare('SELECT text FROM event').pluck().all() as string[];
    database.close();
    expect(texts.join('\n')).toContain(`${sshd.fingerprint} (ssh-ed25519) of 127.0.0.1`);
    expect(texts.join('\n')).toContain('accepted by A. Observer');
  });
});

describe('every part of a connection is tried by itself', () => {
  const results = async (
    engine: RunningEngine,
    source: string,
  ): Promise<Map<string, Pick<CheckResult, 'outcome' | 'found' | 'advice'>>> => {
    const { handlers } = engine;
    const plan: ConnectionCheck[] = await handlers['connection.plan']({ source });
    const found = new Map<string, CheckResult>();
    for (const check of plan)
      found.set(
        `${check.part}${check.dataHost === null ? '' : ` ${check.dataHost}`}`,
        await handlers['connection.try']({ source, data: rig.data, check }),
      );
    return found;
  };

  it('of an operations database and its data hosts, with what to do about what is wrong', async () => {
    await insert(102);
    const file = join(folder, 'opsdb.json');
    const { host, port, user, identityFile, knownHostsFile } = sshd;
    const base = { host: postgres.host, port: postgres.port, tls: { ca: postgres.caFile } };
    const hosts = {
      tower: { host, port, user, identityFile, knownHostsFile },
      closet: { host, port, user, identityFile: sshd.sftpOnlyIdentityFile, knownHostsFile },
      attic: { host, port: 1, user, identityFile, knownHostsFile },
    };
    const write = (more: object): void => writeFileSync(file, JSON.stringify({ ...base, ...more }));
    const engine = await rig.open();
    const source = `opsdb:${file}`;
    write({ dataHosts: hosts });
    const blank = await results(engine, source);
    expect(blank.get('tls')).toMatchObject({ outcome: 'good' });
    expect(blank.get('sign-in')).toMatchObject({ outcome: 'failed', advice: 'Give the password above.' });
    const name = `database qlf_reader@${postgres.host}:${postgres.port}/desi`;
    await engine.handlers['secret.set']({ name, secret: PASSWORD });
    const good = await results(engine, source);
    for (const part of ['configuration', 'database', 'tls', 'sign-in', 'role', 'columns', 'last-exposure', 'ingest'])
      expect([part, good.get(part)]).toMatchObject([part, { outcome: 'good' }]);
    expect(good.get('last-exposure')?.found).toContain('00000102');
    expect(good.get('rsync tower')).toMatchObject({ outcome: 'good' });
    expect(good.get('log-in closet')).toMatchObject({ outcome: 'good' });
    expect(good.get('rsync closet')).toMatchObject({ outcome: 'doubt' });
    expect(good.get('reach attic')).toMatchObject({
      outcome: 'failed',
      found: expect.stringContaining('port 1') as string,
    });
    expect(good.get('data-folder')?.found).toContain('can be written');

    write({ tls: { mode: 'off' }, user: 'postgres' });
    await engine.handlers['secret.set']({
      name: `database postgres@${postgres.host}:${postgres.port}/desi`,
      secret: 'admin of the test',
    });
    const unsafe = await results(engine, source);
    expect(unsafe.get('tls')).toMatchObject({ outcome: 'doubt' });
    expect(unsafe.get('role')).toMatchObject({
      outcome: 'doubt',
      found: expect.stringContaining('superuser') as string,
    });
    write({ tls: { mode: 'verify-full', ca: null } });
    expect((await results(engine, source)).get('tls')).toMatchObject({ outcome: 'failed' });
    write({ mapping: { exposures: { columns: { seeing: 'seing' } } } });
    expect((await results(engine, source)).get('columns')).toMatchObject({
      outcome: 'failed',
      found: expect.stringContaining('seeing is mapped to column "seing"') as string,
    });
    await sql('SELECT 1');
    expect(filesWith([rig.folder, folder], [PASSWORD])).toEqual([]);
  });

  it('of a folder here that is not there, holds nothing, or holds nights', async () => {
    const engine = await rig.open();
    const absent = await results(engine, join(rig.folder, 'nowhere'));
    expect(absent.get('folder')).toMatchObject({ outcome: 'failed' });
    rig.deliver(103);
    const there = await results(engine, rig.source);
    expect(there.get('folder')).toMatchObject({ outcome: 'good', found: '1 night, newest 20191115 with 1 exposure' });
    expect(there.get('last-exposure')?.found).toContain('00000103, bias');
    rmSync(join(rig.source, '20191115'), { recursive: true });
    expect((await results(engine, rig.source)).get('folder')).toMatchObject({ outcome: 'doubt' });
  });

  it('fills in the configuration of a database without touching what else is in its file', async () => {
    const engine = await rig.open();
    const { handlers } = engine;
    const own = await handlers['opsdb.open']({ file: null });
    expect(own).toMatchObject({ form: null, mapped: false });
    const form = {
      ...{ host: 'db', port: 5432, database: 'desi', user: 'qlf_reader', dataHosts: {} },
      tls: { mode: 'require' as const, ca: null },
    };
    await handlers['opsdb.save']({ file: own.file, form });
    expect(await handlers['opsdb.open']({ file: null })).toEqual({ file: own.file, form, mapped: false });
    const other = join(folder, 'another.json');
    await expect((async () => handlers['opsdb.save']({ file: other, form }))()).rejects.toMatchObject({
      code: 'not-found',
    });
    writeFileSync(other, JSON.stringify({ host: 'old', holdBack: 7, mapping: { etc: null } }));
    await handlers['opsdb.save']({ file: other, form });
    expect(await handlers['opsdb.open']({ file: other })).toEqual({ file: other, form, mapped: true });
    writeFileSync(other, '[]');
    await expect((async () => handlers['opsdb.save']({ file: other, form }))()).rejects.toMatchObject({
      code: 'invalid-configuration',
    });
  });
});
