import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLoopbackSshd, type LoopbackSshd } from '../../e2e/support/loopback-sshd.ts';
import type { FileLocation } from '../domain/ports/dos-client.ts';
import { createFileTransfer, type FileTransferOptions, type FileTransferService } from './file-transfer.ts';
import { createHostKeys } from './host-keys.ts';
import type { Patience } from './retry.ts';

const BYTES = 15_000_000;
/** Kills of each account; the soak asks for more. */
const KILLS = Number(process.env['QLF_TRANSFER_KILLS'] ?? 2);
/** A transfer takes about five seconds, so that there is a middle to be interrupted in. */
const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
const hostKeys = createHostKeys('/nonexistent/known_hosts', []);
const patience: Patience = { firstMs: 10, longestMs: 10, fileAttempts: 1, linkMs: 0, slowMs: 10 };
const options = { environment, hostKeys, patience, maxRate: 3_000_000 };
const ever = new AbortController().signal;

let sshd: LoopbackSshd;
let folder = '';
let content = Buffer.alloc(0);
let source: FileLocation;
let destination = '';
beforeAll(async () => {
  sshd = await startLoopbackSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-interrupted-'));
  content = randomBytes(BYTES);
  const path = join(folder, 'desi-00000101.fits.fz');
  await writeFile(path, content);
  const { host, port, user, identityFile, knownHostsFile } = sshd;
  source = { host: { host, port, user, identityFile, knownHostsFile }, path, bytes: BYTES, sha256: null };
  destination = join(folder, 'raw', 'desi-00000101.fits.fz');
});
afterEach(() => rm(folder, { recursive: true }));

const staged = (): string => join(folder, 'raw', '.incoming-desi-00000101.fits.fz', 'part', 'desi-00000101.fits.fz');

/** Resolves when a part of the file has come. */
async function underWay(): Promise<void> {
  for (;;) {
    const size = await stat(staged()).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) return;
    await pause(10);
  }
}

function pids(...args: string[]): number[] {
  try {
    return execFileSync('pgrep', args, { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
/** This test's rsync processes on this side; the first one leads their group. */
const rsyncs = (): number[] => pids('-f', '--', `^rsync .* ${join(folder, 'raw')}`);
/** Processes of the data host that serve its sessions. */
function servers(parent = sshd.pid): number[] {
  return pids('-P', String(parent)).flatMap((pid) => [pid, ...servers(pid)]);
}

/** Ends somebody who may have ended already, because another of them has. */
function hit(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function oneOf<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)]!;
}

/** What a power cut or a failing disk may do to a part. */
const DAMAGES = [
  async function nothing() {
    // The kill alone.
  },
  async function cutShort(path: string) {
    await truncate(path, Math.floor(Math.random() * (await stat(path)).size));
  },
  async function zeroed(path: string) {
    const { size } = await stat(path);
    const handle = await open(path, 'r+');
    await handle.write(Buffer.alloc(4096), 0, 4096, Math.floor(Math.random() * size));
    await handle.close();
  },
  async function garbageBehind(path: string) {
    await appendFile(path, randomBytes(1_000_000));
  },
  async function asLongAsTheWhole(path: string) {
    await truncate(path, BYTES);
  },
];

const opened: FileTransferService[] = [];
/** A transfer of this process, whose connections end with the test. */
function transferWith(changes: Partial<FileTransferOptions> = {}): FileTransferService {
  const transfer = createFileTransfer({ ...options, ...changes });
  opened.push(transfer);
  return transfer;
}
afterEach(async () => {
  for (const transfer of opened.splice(0)) await transfer.close();
});

async function arrives(after = ''): Promise<void> {
  const done = await transferWith({ maxRate: null }).fetch(source, destination, { signal: ever });
  expect(done).toEqual({ path: destination, bytes: BYTES, existed: false });
  expect((await readFile(destination)).equals(content), after).toBe(true);
}

/** Another QLF that fetches the same file, as a process that can be killed. */
function otherEngine(): { pid: number; ended: Promise<void> } {
  const program = `
    import { createFileTransfer } from ${JSON.stringify(resolve('src-main/transfer/file-transfer.ts'))};
    import { createHostKeys } from ${JSON.stringify(resolve('src-main/transfer/host-keys.ts'))};
    const hostKeys = createHostKeys('/nonexistent/known_hosts', []);
    const signal = new AbortController().signal;
    await createFileTransfer({ ...${JSON.stringify({ environment, patience, maxRate: options.maxRate })}, hostKeys }).fetch(${JSON.stringify(source)}, ${JSON.stringify(destination)}, { signal });
  `;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'ignore' });
  return { pid: child.pid ?? 0, ended: new Promise((done) => child.once('exit', () => done())) };
}

describe('a transfer interrupted in its middle is made whole by the next', () => {
  test.each([
    ['a shell', () => sshd.identityFile],
    ['rsync only', () => sshd.rsyncOnlyIdentityFile],
    ['SFTP only', () => sshd.sftpOnlyIdentityFile],
  ])('when QLF is killed at any instant and its part is damaged; the account has %s', async (_what, key) => {
    source = { ...source, host: { ...source.host!, identityFile: key() } };
    for (let round = 0; round < KILLS; round++) {
      const other = otherEngine();
      await underWay();
      await pause(Math.random() * 1000);
      const signal = oneOf(['SIGTERM', 'SIGKILL'] as const);
      const victims = oneOf([
        // What it started may still be writing: the new transfer has to cope with that, too.
        () => [other.pid],
        () => [other.pid, ...rsyncs()],
        () => [...rsyncs(), other.pid],
      ])();
      for (const pid of victims) hit(pid, signal);
      if (victims.length === 1) await other.ended;
      else hit(other.pid, 'SIGKILL');
      await other.ended;
      const damage = oneOf(DAMAGES);
      await damage(staged()).catch(() => undefined);
      await arrives(`${signal} to ${String(victims.length)}, ${damage.name}`);
      expect(rsyncs()).toEqual([]);
      await rm(destination);
    }
  });

  test.each([
    ['SIGTERM', 'its leader'],
    ['SIGKILL', 'its leader'],
    ['SIGTERM', 'its group'],
    ['SIGKILL', 'its group'],
    ['SIGKILL', 'the host’s side'],
  ] as const)('when %s hits %s', async (signal, whom) => {
    const fetching = transferWith().fetch(source, destination, { signal: ever });
    const failed = expect(fetching).rejects.toMatchObject({ code: 'unavailable' });
    await underWay();
    const leader = rsyncs()[0]!;
    if (whom === 'the host’s side') for (const pid of servers()) hit(pid, signal);
    else process.kill(whom === 'its group' ? -leader : leader, signal);
    await failed;
    expect(rsyncs()).toEqual([]);
    await expect(stat(destination)).rejects.toThrow('ENOENT');
    expect((await stat(staged())).size).toBeGreaterThan(0);
    await arrives();
  });

  test('when it is aborted; nobody of it is left', async () => {
    const controller = new AbortController();
    const fetching = transferWith().fetch(source, destination, { signal: controller.signal });
    const failed = expect(fetching).rejects.toThrow('enough');
    await underWay();
    controller.abort(new Error('enough'));
    await failed;
    expect(rsyncs()).toEqual([]);
    await arrives();
  });

  test('when the host falls silent', async () => {
    const fetching = transferWith({ stallSeconds: 2 }).fetch(source, destination, { signal: ever });
    const failed = expect(fetching).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/sends nothing any more|connection to 127.0.0.1 was lost/) as string,
    });
    await underWay();
    const stopped = servers();
    for (const pid of stopped) hit(pid, 'SIGSTOP');
    await failed;
    for (const pid of stopped) hit(pid, 'SIGKILL');
    await arrives();
  });
});
