import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { connect, createServer, Socket, type AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startLoopbackSshd, type LoopbackSshd } from '../../e2e/support/loopback-sshd.ts';
import { HostKeyError } from '../domain/host-key-error.ts';
import type { FileLocation, RemoteHost } from '../domain/ports/dos-client.ts';
import { createFileTransfer, type FileTransferOptions, type FileTransferService } from './file-transfer.ts';
import { createHostKeys } from './host-keys.ts';
import type { Patience } from './retry.ts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
const once: Patience = { firstMs: 10, longestMs: 10, fileAttempts: 1, linkMs: 0, slowMs: 10 };
const ever = new AbortController().signal;

let sshd: LoopbackSshd;
let folder = '';
let source = '';
let content = Buffer.alloc(0);
const opened: FileTransferService[] = [];
beforeAll(async () => {
  sshd = await startLoopbackSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-connections-'));
  source = join(folder, 'source.fits');
  content = randomBytes(300_000);
  await writeFile(source, content);
});
afterEach(async () => {
  for (const transfer of opened.splice(0)) await transfer.close();
  await rm(folder, { recursive: true });
});

function transferWith(changes: Partial<FileTransferOptions> = {}): FileTransferService {
  const hostKeys = createHostKeys(join(folder, 'known_hosts'), []);
  const transfer = createFileTransfer({ environment, hostKeys, patience: once, ...changes });
  opened.push(transfer);
  return transfer;
}
const account = (changes: Partial<RemoteHost> = {}): RemoteHost => {
  const { host, port, user, identityFile, knownHostsFile } = sshd;
  return { host, port, user, identityFile, knownHostsFile, ...changes };
};
const at = (host: RemoteHost, known: Partial<FileLocation> = {}): FileLocation => ({
  host,
  path: source,
  bytes: null,
  sha256: null,
  ...known,
});
const fetchFrom = (transfer: FileTransferService, host: RemoteHost, name = 'a.fits') =>
  transfer.fetch(at(host), join(folder, 'raw', name), { signal: ever });
const sameAsSource = async (name = 'a.fits') => (await readFile(join(folder, 'raw', name))).equals(content);

test('small requests over SFTP leave at once: the connection to the host does not delay them', async () => {
  const asked: { port: number | undefined; connected: boolean; noDelay: boolean | undefined }[] = [];
  const setNoDelay = vi.spyOn(Socket.prototype, 'setNoDelay').mockImplementation(function (this: Socket, noDelay) {
    asked.push({ port: this.remotePort, connected: !this.connecting && !this.destroyed, noDelay });
    return this;
  });
  try {
    await fetchFrom(transferWith(), account({ identityFile: sshd.sftpOnlyIdentityFile }));
  } finally {
    setNoDelay.mockRestore();
  }
  expect(await sameAsSource()).toBe(true);
  expect(asked.filter(({ port }) => port === sshd.port)).toContainEqual({
    port: sshd.port,
    connected: true,
    noDelay: true,
  });
});

describe.each([
  ['by ssh itself', () => sshd.identityFile],
  ['by SFTP', () => sshd.sftpOnlyIdentityFile],
])('the key of a host, %s', (_way, identity) => {
  test('is refused at first, accepted by a person, and known from then on', async () => {
    const host = account({ identityFile: identity(), knownHostsFile: '/dev/null' });
    const hostKeys = createHostKeys(join(folder, 'own', 'known_hosts'), []);
    const transfer = transferWith({ hostKeys });
    const error: unknown = await fetchFrom(transfer, host).catch((reason: unknown) => reason);
    if (!(error instanceof HostKeyError)) throw error;
    expect(error).toMatchObject({
      code: 'unavailable',
      verdict: 'unknown',
      presented: { host: sshd.host, port: sshd.port, type: 'ssh-ed25519', fingerprint: sshd.fingerprint },
    });
    expect(error.message).toContain(sshd.fingerprint);
    await hostKeys.accept(error.presented);
    expect((await stat(hostKeys.file)).mode & 0o777).toBe(0o600);
    await fetchFrom(transfer, host);
    expect(await sameAsSource()).toBe(true);
  });

  test('that has changed is refused in plain words, and cannot be accepted by a click', async () => {
    const other = (await readFile(`${sshd.rsyncOnlyIdentityFile}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
    const line = `[${sshd.host}]:${String(sshd.port)} ${other}\n`;
    const hostKeys = createHostKeys(join(folder, 'known_hosts'), []);
    await writeFile(hostKeys.file, line);
    const host = account({ identityFile: identity(), knownHostsFile: '/dev/null' });
    const error: unknown = await fetchFrom(transferWith({ hostKeys }), host).catch((reason: unknown) => reason);
    if (!(error instanceof HostKeyError)) throw error;
    expect(error).toMatchObject({ code: 'conflict', verdict: 'changed' });
    expect(error.message).toContain('somebody may be in between');
    await expect(hostKeys.accept(error.presented)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(hostKeys.file, 'utf8')).toBe(line);
  });
});

describe.each([
  ['by ssh itself', () => sshd.identityFile],
  ['by SFTP', () => sshd.sftpOnlyIdentityFile],
])('a key with a passphrase, %s', (_way, identity) => {
  const SECRET = `it's "a" $(secret) \\ ü`;
  let identityFile = '';
  beforeEach(async () => {
    identityFile = join(folder, 'locked');
    await writeFile(identityFile, await readFile(identity()), { mode: 0o600 });
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', SECRET, '-f', identityFile]);
  });

  test('opens with what the caller gives, which nobody else sees', async () => {
    const asked: RemoteHost[] = [];
    const passphrase = async (host: RemoteHost): Promise<string> => {
      asked.push(host);
      return SECRET;
    };
    const transfer = transferWith({ passphrase });
    const host = account({ identityFile });
    await fetchFrom(transfer, host);
    await fetchFrom(transfer, host, 'b.fits');
    expect([await sameAsSource(), await sameAsSource('b.fits')]).toEqual([true, true]);
    expect(asked.length).toBeGreaterThan(0);
    const seen = execFileSync('ps', ['axeww', '-o', 'args'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(seen).not.toContain('$(secret)');
  });

  test.each([
    ['is wrong', async () => 'something else'],
    ['is not given', async () => null],
  ])('does not when it %s', async (_what, passphrase) => {
    const fetching = fetchFrom(transferWith({ passphrase }), account({ identityFile }));
    await expect(fetching).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not let') as string,
    });
  });
});

test('many files of one host share a connection, whose socket nobody else can reach', async () => {
  const logins = (): number =>
    execFileSync('pgrep', ['-c', '-P', String(sshd.pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number)[0]!;
  const transfer = transferWith();
  for (const name of ['a.fits', 'b.fits', 'c.fits']) await fetchFrom(transfer, account(), name);
  const sockets = (await readdir(tmpdir())).filter((name) => name.startsWith(`qlf-ssh-${String(process.pid)}-`));
  const modes = await Promise.all(sockets.map(async (name) => (await stat(join(tmpdir(), name))).mode & 0o777));
  expect(modes).toContain(0o700);
  expect(new Set(modes).size).toBe(1);
  expect(logins()).toBe(1);
  await transfer.close();
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(`qlf-ssh-${String(process.pid)}-`));
  expect(left).toEqual([]);
});

test('a shared connection that ends is opened again', async () => {
  const transfer = transferWith();
  await fetchFrom(transfer, account());
  for (const pid of execFileSync('pgrep', ['-P', String(sshd.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean))
    process.kill(Number(pid), 'SIGKILL');
  await fetchFrom(transfer, account(), 'b.fits');
  expect(await sameAsSource('b.fits')).toBe(true);
});

test('a link that is lost is waited for, and what goes wrong is told', async () => {
  const network = createServer((near) => {
    const far = connect(sshd.port, sshd.host);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => near.destroy());
  });
  const listen = (port: number): Promise<number> =>
    new Promise((resolve) => network.listen(port, '127.0.0.1', () => resolve((network.address() as AddressInfo).port)));
  const port = await listen(0);
  await new Promise((resolve) => network.close(resolve));
  const knownHostsFile = join(folder, 'known');
  const record = await readFile(sshd.knownHostsFile, 'utf8');
  await writeFile(knownHostsFile, record.replace(`:${String(sshd.port)}`, `:${String(port)}`));

  const patience: Patience = { firstMs: 20, longestMs: 100, fileAttempts: 1, linkMs: 60_000, slowMs: 100 };
  const transfer = transferWith({ patience });
  const troubles: string[] = [];
  await transfer.fetch(at(account({ port, knownHostsFile })), join(folder, 'raw', 'a.fits'), {
    signal: ever,
    onTrouble: (text) => {
      if (troubles.push(text) === 3) void listen(port);
    },
  });
  expect(await sameAsSource()).toBe(true);
  expect(troubles[0]).toMatch(/refused.*tried again in/s);
  await transfer.close();
  await new Promise((resolve) => network.close(resolve));
});

test('limits are asked for again at every file', async () => {
  const asked: (number | null)[] = [];
  let maxRate: number | null = 150_000;
  const limits = () => {
    asked.push(maxRate);
    return { stallSeconds: 20, maxRate, patience: once };
  };
  const transfer = transferWith({ limits });
  await fetchFrom(transfer, account());
  expect(new Set(asked.splice(0))).toEqual(new Set([150_000]));
  maxRate = null;
  await fetchFrom(transfer, account(), 'b.fits');
  expect(new Set(asked)).toEqual(new Set([null]));
  expect(await sameAsSource('b.fits')).toBe(true);
});

describe('what interrupted transfers have left', () => {
  const staged = (name: string, file = name) => join(folder, 'raw', '1', `.incoming-${name}`, 'part', file);
  const put = async (path: string, days: number): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'x');
    const then = new Date(Date.now() - days * 24 * 3600_000);
    await utimes(path, then, then);
  };
  const ownedBy = (name: string, pid: number, startTime: string | null) =>
    writeFile(join(folder, 'raw', '1', `.incoming-${name}`, 'owner'), JSON.stringify({ pid, startTime, mark: 'x' }));

  test('is swept: what is old, what nobody goes on with, and never what is being filled', async () => {
    await put(staged('old.fits'), 30);
    await put(staged('young.fits'), 1);
    await put(staged('young.fits', '.young.fits.aB3xYz'), 1);
    await put(staged('living.fits'), 30);
    const parent = (await readFile(`/proc/${String(process.ppid)}/stat`, 'latin1')).split(') ')[1]?.split(' ')[19];
    await ownedBy('living.fits', process.ppid, parent ?? null);
    await put(staged('dead.fits'), 30);
    await ownedBy('dead.fits', process.ppid, '1');
    await mkdir(dirname(staged('empty.fits')), { recursive: true });
    await put(join(folder, 'raw', '1', 'desi.fits'), 300);
    expect(await transferWith().sweep(join(folder, 'raw'))).toBe(4);
    expect((await readdir(join(folder, 'raw', '1'))).sort()).toEqual([
      '.incoming-living.fits',
      '.incoming-young.fits',
      'desi.fits',
    ]);
    expect(await readdir(dirname(staged('young.fits')))).toEqual(['young.fits']);
  });

  test('of a folder that is not there is nothing', async () => {
    expect(await transferWith().sweep(join(folder, 'nothing'))).toBe(0);
  });
});
