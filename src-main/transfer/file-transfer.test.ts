import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLoopbackSshd, type LoopbackSshd } from '../../e2e/support/loopback-sshd.ts';
import type { FileLocation, RemoteHost } from '../domain/ports/dos-client.ts';
import type { TransferUpdate } from '../domain/ports/transfer.ts';
import { createFileTransfer } from './file-transfer.ts';
import { createHostKeys } from './host-keys.ts';
import type { Patience } from './retry.ts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let sshd: LoopbackSshd;
let account: RemoteHost;
let folder = '';
beforeAll(async () => {
  sshd = await startLoopbackSshd();
  const { host, port, user, identityFile, knownHostsFile } = sshd;
  account = { host, port, user, identityFile, knownHostsFile };
});
afterAll(async () => {
  await transfer.close();
  await sshd.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf transfer-'));
});
afterEach(() => rm(folder, { recursive: true }));

const once: Patience = { firstMs: 10, longestMs: 10, fileAttempts: 1, linkMs: 0, slowMs: 10 };
const transfer = createFileTransfer({
  environment,
  hostKeys: createHostKeys('/nonexistent/known_hosts', []),
  patience: once,
});
const ever = new AbortController().signal;

/** A file at the source, with that many random bytes. */
async function offered(name: string, bytes: number): Promise<{ path: string; content: Buffer }> {
  const path = join(folder, 'source', name);
  await mkdir(dirname(path), { recursive: true });
  const content = randomBytes(bytes);
  await writeFile(path, content);
  return { path, content };
}

const places = [
  { where: 'this machine', host: (): RemoteHost | null => null },
  { where: 'a data host', host: (): RemoteHost | null => account },
  {
    where: 'a data host that allows SFTP only',
    host: (): RemoteHost | null => ({ ...account, identityFile: sshd.sftpOnlyIdentityFile }),
  },
];
const location = (host: RemoteHost | null, path: string, known: Partial<FileLocation> = {}): FileLocation => ({
  host,
  path,
  bytes: null,
  sha256: null,
  ...known,
});
const destination = (name = 'desi-00000101.fits.fz'): string => join(folder, 'raw', '20191115', name);

const staged = (): string =>
  join(dirname(destination()), '.incoming-desi-00000101.fits.fz', 'part', 'desi-00000101.fits.fz');

const NAMES = [
  'with a space and two  more.fits',
  'it\'s “quoted” "twice".fits',
  '-leading --dash.fits',
  '$(touch pwned) `id` ;rm -rf x & | > y.fits',
  'wild*card?[1].fits',
  '#comment.fits',
  'back\\slash.fits',
  'new\nline.fits',
  'ünïcödé ☄ 星.fits',
  '~tilde %h%%.fits',
];

describe.each(places)('from $where', ({ host }) => {
  test('a file arrives with its bytes and its time, and nothing else is left', async () => {
    const { path, content } = await offered('desi-00000101.fits.fz', 3_000_001);
    const updates: TransferUpdate[] = [];
    const done = await transfer.fetch(location(host(), path), destination(), {
      signal: ever,
      onProgress: (update) => updates.push(update),
    });
    expect(done).toEqual({ path: destination(), bytes: 3_000_001, existed: false });
    expect((await readFile(destination())).equals(content)).toBe(true);
    expect(Math.trunc((await stat(destination())).mtimeMs / 1000)).toBe(Math.trunc((await stat(path)).mtimeMs / 1000));
    expect(await readdir(dirname(destination()))).toEqual(['desi-00000101.fits.fz']);
    expect(updates.at(-1)).toMatchObject({ bytes: 3_000_001, totalBytes: 3_000_001 });
  });

  test('a file of any name is only that file', async () => {
    await offered('wildXcardY1.fits', 10);
    for (const name of NAMES) {
      const { path, content } = await offered(name, 1000);
      const known = { bytes: 1000, sha256: sha256(content) };
      await transfer.fetch(location(host(), path, known), destination(name), { signal: ever });
      expect((await readFile(destination(name))).equals(content)).toBe(true);
    }
    expect((await readdir(dirname(destination()))).sort()).toEqual([...NAMES].sort());
  });

  test('its size and checksum are found whatever its name', async () => {
    const name = 'it\'s "all" $(touch pwned) `id`; * ? [1] \\ \n ü.fits';
    const { path, content } = await offered(name, 1000);
    await transfer.fetch(location(host(), path), destination(), { signal: ever });
    expect((await readFile(destination())).equals(content)).toBe(true);
  });

  test('an empty file', async () => {
    const { path } = await offered('etc.json', 0);
    expect(await transfer.fetch(location(host(), path), destination(), { signal: ever })).toMatchObject({ bytes: 0 });
  });

  test('what a link leads to', async () => {
    const { path, content } = await offered('real.fits', 100);
    await symlink(path, join(folder, 'source', 'link.fits'));
    await transfer.fetch(location(host(), join(folder, 'source', 'link.fits')), destination(), { signal: ever });
    expect((await readFile(destination())).equals(content)).toBe(true);
  });

  test('a file that is here is kept, also when the source is gone', async () => {
    const { path, content } = await offered('desi-00000101.fits.fz', 1000);
    const known = { bytes: 1000, sha256: sha256(content) };
    await transfer.fetch(location(host(), path, known), destination(), { signal: ever });
    const { ino, mtimeMs } = await stat(destination());
    await rm(path);
    const again = await transfer.fetch(location(host(), path, known), destination(), { signal: ever });
    expect(again).toEqual({ path: destination(), bytes: 1000, existed: true });
    expect(await stat(destination())).toMatchObject({ ino, mtimeMs });
  });

  test.each([
    ['another size', 999],
    ['other bytes', 1000],
  ])('a file of the same name with %s is a conflict and stays as it is', async (_what, bytes) => {
    const { path, content } = await offered('desi-00000101.fits.fz', 1000);
    await mkdir(dirname(destination()), { recursive: true });
    const other = randomBytes(bytes);
    await writeFile(destination(), other);
    const known = { bytes: 1000, sha256: sha256(content) };
    await expect(transfer.fetch(location(host(), path, known), destination(), { signal: ever })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('already here') as string,
    });
    expect((await readFile(destination())).equals(other)).toBe(true);
  });

  test.each([
    ['size', { bytes: 1001 }],
    ['checksum', { sha256: 'ab'.repeat(32) }],
  ])('a file whose %s is not as told is thrown away', async (_what, known) => {
    const { path } = await offered('desi-00000101.fits.fz', 1000);
    await expect(transfer.fetch(location(host(), path, known), destination(), { signal: ever })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await readdir(dirname(destination()))).toEqual([]);
  });

  test('a part from before is made whole, also when it is damaged or too long', async () => {
    const { path, content } = await offered('desi-00000101.fits.fz', 2_000_000);
    for (const part of [
      content.subarray(0, 777_777),
      randomBytes(777_777),
      randomBytes(2_000_000),
      randomBytes(2_000_001),
    ]) {
      await mkdir(dirname(staged()), { recursive: true });
      await writeFile(staged(), part);
      await transfer.fetch(location(host(), path, { sha256: sha256(content) }), destination(), { signal: ever });
      expect((await readFile(destination())).equals(content)).toBe(true);
      await rm(destination());
    }
  });

  test('a missing source is unavailable, with its name', async () => {
    const path = join(folder, 'source', 'nothing.fits');
    await expect(
      transfer.fetch(location(host(), path, { bytes: 5 }), destination(), { signal: ever }),
    ).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/nothing\.fits.*No such file|ENOENT.*nothing\.fits/) as string,
    });
    expect(await readdir(dirname(destination()))).toEqual([]);
  });

  test('a folder is no file', async () => {
    await offered('inner/file', 1);
    await expect(
      transfer.fetch(location(host(), join(folder, 'source', 'inner')), destination(), { signal: ever }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    await expect(stat(destination())).rejects.toThrow('ENOENT');
  });

  test('two that want the same file get it once', async () => {
    const { path } = await offered('desi-00000101.fits.fz', 100_000);
    const both = await Promise.all(
      [1, 2].map(() => transfer.fetch(location(host(), path), destination(), { signal: ever })),
    );
    expect(both.map((one) => one.existed)).toEqual([false, true]);
  });

  test('an abort leaves no final file', async () => {
    const { path } = await offered('desi-00000101.fits.fz', 1000);
    const controller = new AbortController();
    const fetching = transfer.fetch(location(host(), path), destination(), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(fetching).rejects.toThrow('enough');
    await expect(stat(destination())).rejects.toThrow('ENOENT');
  });
});

describe('from a data host that allows rsync only', () => {
  const host = (): RemoteHost => ({ ...account, identityFile: sshd.rsyncOnlyIdentityFile });

  test('a file arrives, its size being all that can be known', async () => {
    const { path, content } = await offered("it's only rsync *.fits", 1_000_001);
    await transfer.fetch(location(host(), path), destination(), { signal: ever });
    expect((await readFile(destination())).equals(content)).toBe(true);
  });

  test('a damaged part from before is made whole', async () => {
    const { path, content } = await offered('desi-00000101.fits.fz', 1_000_001);
    await mkdir(dirname(staged()), { recursive: true });
    await writeFile(staged(), randomBytes(777_777));
    await transfer.fetch(location(host(), path), destination(), { signal: ever });
    expect((await readFile(destination())).equals(content)).toBe(true);
  });
});

test('a source on this machine that is cut short while it is read is not taken', async () => {
  const { path } = await offered('desi-00000101.fits.fz', 50_000_000);
  const fetching = transfer.fetch(location(null, path), destination(), {
    signal: ever,
    onProgress: () => void truncate(path, 10),
  });
  await expect(fetching).rejects.toMatchObject({ code: 'unavailable' });
  await expect(stat(destination())).rejects.toThrow('ENOENT');
});

describe('a data host', () => {
  const refused = (host: Partial<RemoteHost>, path = join(folder, 'x.fits')) =>
    expect(transfer.fetch(location({ ...account, ...host }, path), destination(), { signal: ever })).rejects;

  test('whose key is unknown is refused, with its fingerprint', async () => {
    const knownHostsFile = join(folder, 'known hosts');
    await writeFile(knownHostsFile, '');
    await refused({ knownHostsFile }).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(sshd.fingerprint) as string,
    });
    expect(await readFile(knownHostsFile, 'utf8')).toBe('');
  });

  test('whose key has changed is refused, with words of warning', async () => {
    const knownHostsFile = join(folder, 'known_hosts');
    const other = (await readFile(`${sshd.rsyncOnlyIdentityFile}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
    await writeFile(knownHostsFile, `[${sshd.host}]:${String(sshd.port)} ${other}\n`);
    await refused({ knownHostsFile }).toMatchObject({
      message: expect.stringContaining('somebody may be in between') as string,
    });
  });

  test('whose key lies in a folder with an odd name', async () => {
    const odd = join(folder, "it's a %h folder");
    await mkdir(odd);
    const identityFile = join(odd, 'key');
    await writeFile(identityFile, await readFile(account.identityFile!), { mode: 0o600 });
    const { path } = await offered('desi-00000101.fits.fz', 1000);
    const from = location({ ...account, identityFile }, path);
    expect(await transfer.fetch(from, destination(), { signal: ever })).toMatchObject({ bytes: 1000 });
  });

  test('that does not let us in', async () => {
    await refused({ identityFile: `${sshd.identityFile}.pub` }).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not let') as string,
    });
  });

  test('that is not there', async () => {
    await refused({ port: 1 }).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/refused/) as string,
    });
  });

  test.each(['-oProxyCommand=touch pwned', 'a b', 'host;id', '', 'x\nProxyCommand id'])(
    'called %j is refused',
    async (host) => {
      await refused({ host }).toMatchObject({ code: 'bad-request' });
    },
  );

  test.each(['relative/x.fits', '/a/../etc/passwd', '/a/b/', '/nul\0byte', '/a//b'])(
    'with the path %j is refused',
    async (path) => {
      await refused({}, path).toMatchObject({ code: 'bad-request' });
    },
  );

  test.each([
    ['user', { user: '-l' }],
    ['key file', { identityFile: '/a"\nProxyCommand id' }],
    ['known hosts', { knownHostsFile: '/${HOME}/x' }],
  ])('with a %s that would say more is refused', async (_what, host) => {
    await refused(host).toMatchObject({ code: 'bad-request' });
  });
});
