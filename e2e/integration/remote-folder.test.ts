import { execFileSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBackoff } from '../../src-main/dos/backoff.ts';
import { createExposureFolderClient } from '../../src-main/dos/exposure-folder/client.ts';
import { createRemoteFolderClient, type RemoteFolderOptions } from '../../src-main/dos/remote-folder/client.ts';
import type { DosClient, RemoteHost } from '../../src-main/domain/ports/dos-client.ts';
import type { SftpLinks } from '../../src-main/domain/ports/sftp.ts';
import { createFileTransfer } from '../../src-main/transfer/file-transfer.ts';
import { createHostKeys } from '../../src-main/transfer/host-keys.ts';
import { createSftpLinks } from '../../src-main/transfer/sftp-links.ts';
import { startLoopbackSshd, type LoopbackSshd } from '../support/loopback-sshd.ts';
import { arrive as arriveIn, REFERENCE, REFERENCE_NIGHT } from '../support/reference-exposures.ts';
import { startRelay } from '../support/relay.ts';
import { failure, until } from '../support/wait.ts';

const PROMPT = { whole: 0, short: 0, damaged: 0 };

let sshd: LoopbackSshd;
let root = '';
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  sshd = await startLoopbackSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'qlf-remote-'));
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
  await rm(root, { recursive: true, force: true });
});

const account = (): RemoteHost => ({
  host: sshd.host,
  port: sshd.port,
  user: sshd.user,
  identityFile: sshd.identityFile,
  knownHostsFile: sshd.knownHostsFile,
});

const hostKeys = () => createHostKeys(join(root, 'known_hosts of QLF'), []);

function sessions(passphrase?: string): SftpLinks {
  const links = createSftpLinks({
    environment: {},
    stallSeconds: 5,
    maxRate: null,
    hostKeys: hostKeys(),
    passphrase: () => Promise.resolve(passphrase ?? null),
  });
  open.push(async () => links.close());
  return links;
}

interface Way extends Partial<Omit<RemoteFolderOptions, 'address'>> {
  host?: Partial<RemoteHost>;
  path?: string;
}

function remote({ host, path = root, ...options }: Way = {}): DosClient {
  const client = createRemoteFolderClient({
    address: { host: { ...account(), ...host }, path, calibration: null, nights: 14 },
    links: options.links ?? sessions(),
    patience: PROMPT,
    backoff: createBackoff({ firstMs: 20, longestMs: 100 }),
    ...options,
  });
  open.unshift(() => client.stop());
  return client;
}

/** Into the folder of the test. */
const arrive = (expid: string): Promise<string> => arriveIn(root, expid);

const numbers = async (client: DosClient): Promise<number[]> =>
  (await client.getExposuresSince(null)).map(({ expid }) => expid);

describe('an exposure folder on a data host', () => {
  it('says the same as the same folder here, and its files are those of the host', async () => {
    const directory = join(REFERENCE, 'raw');
    const here = createExposureFolderClient({ directory, patience: PROMPT });
    const there = remote({ path: directory });
    expect(await there.getExposuresSince(null)).toEqual(await here.getExposuresSince(null));
    expect(await there.getLastExposure({ flavors: ['bias'] })).toMatchObject({ expid: 103 });
    expect(await there.getFileLocation(101)).toEqual({ ...(await here.getFileLocation(101)), host: account() });
    expect(await there.getFibermap(101, 0)).toEqual({ ...(await here.getFibermap(101, 0)), host: account() });
    expect(await there.getEtc(101)).toBeNull();
    // Over SFTP times are whole seconds.
    const files = (await here.getCalibrationFiles(101)).map(({ location, ...file }) => {
      const { modified = null } = location;
      const seconds = modified === null ? modified : 1000 * Math.floor(modified / 1000);
      return { ...file, location: { ...location, modified: seconds, host: account() } };
    });
    expect(await there.getCalibrationFiles(101)).toEqual(files);
    expect(await failure(there.getFileLocation(999))).toMatchObject({ code: 'not-found' });
  });

  it('is read by its headers: files stay where they are until they are fetched', async () => {
    const relay = await startRelay(sshd.port);
    open.push(() => relay.close());
    const known = join(root, 'known');
    const line = await readFile(sshd.knownHostsFile, 'utf8');
    await writeFile(known, line.replace(`:${sshd.port}`, `:${relay.port}`));
    const file = await arrive('00000101');
    const { length } = await readFile(file);
    const client = remote({ host: { port: relay.port, knownHostsFile: known } });
    expect(await client.getLastExposure()).toMatchObject({ expid: 101, camerasExpected: expect.any(Array) as unknown });
    expect(relay.passed()).toBeLessThan(length / 4);
    const location = await client.getFileLocation(101);
    const transfer = createFileTransfer({ environment: { PATH: process.env['PATH'] ?? '' }, hostKeys: hostKeys() });
    const { signal } = new AbortController();
    const fetched = await transfer.fetch(location, join(root, 'here.fits.fz'), { signal });
    await transfer.close();
    expect((await readFile(fetched.path)).equals(await readFile(file))).toBe(true);
  });

  it('reports an exposure when its file has stopped growing and is whole', async () => {
    const client = remote({ patience: { whole: 150, short: 150, damaged: 3_600_000 } });
    const file = await arrive('00000103');
    const whole = await readFile(file);
    await truncate(file, 400_000);
    const growing = (async () => {
      for (let at = 400_000; at < whole.length; at += 300_000) {
        expect(await numbers(client)).toEqual([]);
        await appendFile(file, whole.subarray(at, at + 300_000));
      }
    })();
    await growing;
    const found = await until(
      () => client.getLastExposure(),
      (last) => last !== null,
    );
    expect(found).toMatchObject({ expid: 103, camerasExpected: ['b0', 'r0'] });
    expect((await client.getFileLocation(103)).bytes).toBe(whole.length);
  });

  it('takes the folder’s checksums for the sign that it is whole, and hands them on', async () => {
    const client = remote({ patience: { whole: 3_600_000, short: 3_600_000, damaged: 3_600_000 } });
    const file = await arrive('00000103');
    expect(await numbers(client)).toEqual([]);
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    await writeFile(join(file, '..', 'checksum-00000103.sha256sum'), `${sha256}  desi-00000103.fits.fz\n`);
    const found = await until(
      () => numbers(client),
      (list) => list.length > 0,
    );
    expect(found).toEqual([103]);
    expect((await client.getFileLocation(103)).sha256).toBe(sha256);
  });

  it('hints when an exposure has come', async () => {
    const client = remote({ pollInterval: 50 });
    const hint = new Promise<void>((done) => client.onHint(done));
    await client.start();
    await arrive('00000103');
    await hint;
    expect(await client.getLastExposure()).toMatchObject({ expid: 103 });
  });
});

describe('the way to the host', () => {
  it('is not taken while its key is not on record; the error carries the fingerprint', async () => {
    await arrive('00000103');
    const empty = join(root, 'empty');
    await writeFile(empty, '');
    const client = remote({ host: { knownHostsFile: empty } });
    const error = await failure(client.getLastExposure());
    expect(error).toMatchObject({
      name: 'HostKeyError',
      verdict: 'unknown',
      presented: { fingerprint: sshd.fingerprint },
    });
    await hostKeys().accept(
      (error as unknown as { presented: Parameters<ReturnType<typeof hostKeys>['accept']>[0] }).presented,
    );
    const found = await until(
      () => client.getLastExposure().catch(() => null),
      (last) => last !== null,
    );
    expect(found).toMatchObject({ expid: 103 });
  });

  it('knows hashed names of hosts, and never takes a changed key', async () => {
    const hashed = join(root, 'hashed');
    await copyFile(sshd.knownHostsFile, hashed);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', hashed], { stdio: 'ignore' });
    expect(await readFile(hashed, 'utf8')).toMatch(/^\|1\|/);
    expect(await remote({ host: { knownHostsFile: hashed } }).getLastExposure()).toBeNull();
    const other = join(root, 'other');
    const [, type] = (await readFile(sshd.knownHostsFile, 'utf8')).split(' ');
    const key = (await readFile(`${sshd.identityFile}.pub`, 'utf8')).split(' ')[1] ?? '';
    await writeFile(other, `[${sshd.host}]:${sshd.port} ${type ?? ''} ${key}\n`);
    const error = await failure(remote({ host: { knownHostsFile: other } }).getLastExposure());
    expect(error).toMatchObject({ verdict: 'changed', code: 'conflict' });
  });

  it('is opened by a key with a passphrase from the caller, and closed to a stranger’s', async () => {
    const locked = join(root, 'locked');
    await copyFile(sshd.identityFile, locked);
    execFileSync('chmod', ['600', locked]);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'a phrase', '-f', locked]);
    const host = { identityFile: locked };
    expect(await remote({ host, links: sessions('a phrase') }).getLastExposure()).toBeNull();
    const stranger = join(root, 'stranger');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    const error = await failure(remote({ host: { identityFile: stranger } }).getLastExposure());
    expect(error.message).toMatch(/^exposure folder on 127\.0\.0\.1: the last exposure: .*does not let .* in/);
  });

  it('may be cut in mid-work, with the server gone: questions say so, and it is regained', async () => {
    await arrive('00000101');
    await arrive('00000103');
    const client = remote();
    await client.getLastExposure();
    const asking = failure(
      (async () => {
        for (;;) {
          await client.getCalibrationFiles(101).catch(() => undefined);
          await client.getLastExposure();
        }
      })(),
    );
    await sshd.kill();
    const lost = await asking;
    expect(lost).toMatchObject({ code: 'unavailable' });
    expect(lost.message).toMatch(/^exposure folder on 127\.0\.0\.1: the last exposure: /);
    expect((await failure(client.getExposuresSince(null))).message).toMatch(/127\.0\.0\.1/);
    await sshd.start();
    const again = await until(
      () => client.getExposuresSince(null).catch(() => []),
      (list) => list.length > 0,
    );
    expect(again.map(({ expid }) => expid)).toEqual([101, 103]);
  });

  it('may fall silent: that is noticed, and it is regained', async () => {
    const relay = await startRelay(sshd.port);
    open.push(() => relay.close());
    const known = join(root, 'known');
    const line = await readFile(sshd.knownHostsFile, 'utf8');
    await writeFile(known, line.replace(`:${sshd.port}`, `:${relay.port}`));
    await arrive('00000103');
    const client = remote({ host: { port: relay.port, knownHostsFile: known }, stall: 300 });
    await client.getLastExposure();
    relay.freeze();
    expect((await failure(client.getLastExposure())).message).toMatch(/was lost: it has said nothing for/);
    relay.thaw();
    const again = await until(
      () => client.getLastExposure().catch(() => null),
      (last) => last !== null,
    );
    expect(again).toMatchObject({ expid: 103 });
  });

  it('leads to a folder that may be gone', async () => {
    const error = await failure(remote({ path: join(root, 'nowhere') }).getLastExposure());
    expect(error.message).toContain(`${join(root, 'nowhere')} on 127.0.0.1 is not there. Check the path`);
  });
});

describe('hostile names on the host', () => {
  it('are no exposures and no files, and lead nowhere', async () => {
    await arrive('00000103');
    const calib = join(root, 'calib');
    await mkdir(calib);
    await writeFile(join(calib, 'good.yaml'), '');
    await symlink('/', join(root, '20191116'));
    const name = fc
      .oneof(
        fc.constantFrom(
          '-rf',
          '$(touch x)',
          '`x`',
          'a\nb',
          "it's",
          '"',
          '\\..\\x',
          '..x',
          ' ',
          '\u202e',
          '*',
          '00000104\n',
        ),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      )
      .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..' && Buffer.byteLength(text) < 250);
    const names = fc.sample(name, { numRuns: 60, seed: 7 });
    for (const odd of names) {
      await mkdir(join(root, REFERENCE_NIGHT, odd), { recursive: true });
      await writeFile(join(root, REFERENCE_NIGHT, '00000103', odd), 'x');
      await writeFile(join(calib, odd), 'x').catch(() => undefined);
    }
    const client = remote();
    expect(await numbers(client)).toEqual([103]);
    const files = await client.getCalibrationFiles(103);
    expect(files.map(({ relativePath }) => relativePath)).toContain('good.yaml');
    for (const { relativePath, location } of files) {
      // eslint-disable-next-line no-control-regex -- they are what must not be there
      expect(relativePath).not.toMatch(/[\u0000-\u001f\\]|^\/|(^|\/)\.\.(\/|$)/);
      expect(location.path).toBe(join(calib, relativePath));
    }
  });
});
