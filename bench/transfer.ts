/**
 * Throughput of one file over SSH on loopback: QLF's transfer against plain `ssh cat` and scp of the same file,
 * interleaved in one run, with a resumed transfer and variants that were tried. All of them use aes128-gcm. Files lie in
 * the page cache; the figures that hold are the ratios of the medians, and on a machine that others use, those of the
 * processor time that both sides take together. Arguments: megabytes (1000), rounds (5), part of the names of the ways that
 * are measured beside those of the goals (all).
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteHost } from '../src-main/domain/ports/dos-client.ts';
import { createFileTransfer } from '../src-main/transfer/file-transfer.ts';
import { createHostKeys } from '../src-main/transfer/host-keys.ts';
import { GROWING as OPTIONS } from '../src-main/transfer/remote.ts';
import { rsyncShell, SILENT, sshArguments } from '../src-main/transfer/ssh-arguments.ts';
import { startLoopbackSshd } from '../e2e/support/loopback-sshd.ts';

const megabytes = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 5);
const wanted = process.argv[4] ?? '';
const BYTES = megabytes * 1_000_000;

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-bench-transfer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const source = path.join(folder, 'desi-00000101.fits.fz');
const part = path.join(folder, 'half');
const out = path.join(folder, 'out');

/** Random bytes: nothing on the way can make them shorter. */
function writeSource(): void {
  const file = openSync(source, 'w');
  const chunk = Buffer.allocUnsafe(1_000_000);
  for (let i = 0; i < megabytes; i++) writeSync(file, randomFillSync(chunk));
  closeSync(file);
  copyFileSync(source, part);
  truncateSync(part, Math.floor(BYTES / 2));
}

const sshd = await startLoopbackSshd();
const { host, port, user, identityFile, knownHostsFile } = sshd;
const account: RemoteHost = { host, port, user, identityFile, knownHostsFile };
const hostKeys = createHostKeys(path.join(folder, 'known_hosts'), []);
const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' };
const transfer = createFileTransfer({ environment, hostKeys });
const ssh = [...sshArguments(account, 30, hostKeys.file), ...SILENT];

/** Runs a program with its output in a file; rejects when it fails. */
function run(program: string, args: string[], input = '', output: string | null = null): Promise<void> {
  const target = output === null ? 'ignore' : openSync(output, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', target, 'inherit'] });
    child.stdin?.end(input);
    child.once('close', (code) => {
      if (typeof target === 'number') closeSync(target);
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${String(code)}`));
    });
  });
}

const rsync = (...options: string[]) => {
  const args = ['--files-from=-', '--from0', '--no-relative', '--copy-links', '--times', `--rsh=${rsyncShell(ssh)}`];
  return () => run('rsync', [...args, ...options, '--', `${host}:/`, `${out}/`], `.${source}\0`);
};
const other = (cipher: string) => ssh.map((word) => (word.startsWith('Ciphers=') ? `Ciphers=${cipher}` : word));
const fetchOf = (account: RemoteHost, checksum: string | null) => async () => {
  const location = { host: account, path: source, bytes: BYTES, sha256: checksum };
  await transfer.fetch(location, path.join(out, 'desi-00000101.fits.fz'), { signal: new AbortController().signal });
};
const resumed = (way: () => Promise<void>) => ({
  prepare: () => copyFileSync(part, path.join(out, path.basename(source))),
  way,
});

/** What the goals compare. */
const ALWAYS = ['ssh cat', 'rsync, as QLF runs it', 'rsync, resumed at half'] as const;

interface Way {
  way: () => Promise<void>;
  prepare?: () => void;
}
const ways: Record<string, Way> = {
  'ssh cat': { way: () => run('ssh', [...ssh, '--', host, `cat ${source}`], '', path.join(out, 'cat')) },
  scp: { way: () => run('scp', ['-q', ...ssh, '--', `${user}@${host}:${source}`, `${out}/scp`]) },
  'scp -O': { way: () => run('scp', ['-O', '-q', ...ssh, '--', `${user}@${host}:${source}`, `${out}/scp`]) },
  'rsync, as QLF runs it': { way: rsync(...OPTIONS) },
  'rsync, resumed at half': resumed(rsync(...OPTIONS)),
  'rsync --inplace --whole-file': { way: rsync('--inplace', '--whole-file') },
  'same, no checksum': { way: rsync('--inplace', '--whole-file', '--checksum-choice=none') },
  'rsync, smaller reads': { way: rsync('--append-verify') },
  'rsync, chacha20': {
    way: () =>
      run(
        'rsync',
        [
          '--files-from=-',
          '--from0',
          '--no-relative',
          `--rsh=${rsyncShell(other('chacha20-poly1305@openssh.com'))}`,
        ].concat([...OPTIONS, '--', `${host}:/`, `${out}/`]),
        `.${source}\0`,
      ),
  },
  'QLF, whole: rsync, SHA-256, fsync': { way: fetchOf(account, null) },
  'QLF, rsync only: no SHA-256': { way: fetchOf({ ...account, identityFile: sshd.rsyncOnlyIdentityFile }, null) },
  'QLF, SFTP only': { way: fetchOf({ ...account, identityFile: sshd.sftpOnlyIdentityFile }, null) },
};

/** ms of processor time that a process and the children that it has waited for have taken, to a hundredth of a second. */
function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // After the name in brackets: state is the 3rd field; utime, stime, cutime and cstime are the 14th to the 17th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}
const bothSides = (): number => processorMs(process.pid) + processorMs(sshd.pid);
/** Waits until sessions that have ended are counted with their daemon; one that is shared stays open. */
async function settled(): Promise<void> {
  const children = `/proc/${String(sshd.pid)}/task/${String(sshd.pid)}/children`;
  for (let i = 0; i < 100 && readFileSync(children, 'utf8').trim() !== ''; i++) await pause(20);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

writeSource();
execFileSync('sync');
const times: Record<string, number[]> = {};
const costs: Record<string, number[]> = {};
for (let round = 0; round <= rounds; round++) {
  const turn = Object.entries(ways).filter(([name]) => ALWAYS.some((one) => one === name) || name.includes(wanted));
  for (const [name, { way, prepare }] of [...turn.slice(round % turn.length), ...turn.slice(0, round % turn.length)]) {
    mkdirSync(out);
    prepare?.();
    const before = bothSides();
    const start = performance.now();
    await way();
    const time = performance.now() - start;
    await settled();
    // The first round warms caches and code, and is not counted.
    if (round > 0 || rounds === 0) {
      (times[name] ??= []).push(time);
      (costs[name] ??= []).push(bothSides() - before);
    }
    for (const file of [path.join(out, path.basename(source))])
      if (statSync(file, { throwIfNoEntry: false }) && statSync(file).size !== BYTES)
        throw new Error(`${name} is short`);
    rmSync(out, { recursive: true });
  }
}
await transfer.close();
await sshd.stop();

const timeOf = (name: string): number => median(times[name] ?? []);
const costOf = (name: string): number => median(costs[name] ?? []);
const [cat, full, half] = ALWAYS;
const ratio = (one: string, other: string): string =>
  `${(timeOf(one) / timeOf(other)).toFixed(2)} by time, ${(costOf(one) / costOf(other)).toFixed(2)} by processor time`;
console.log(`${String(megabytes)} MB over loopback SSH; medians of ${String(rounds)} interleaved rounds`);
for (const [name, values] of Object.entries(times)) {
  const rate = `${(BYTES / timeOf(name) / 1000).toFixed(0)} MB/s`.padStart(9);
  const best = (BYTES / Math.min(...values) / 1000).toFixed(0);
  const cost = `${costOf(name).toFixed(0)} ms of processors`.padStart(21);
  console.log(
    `${name.padEnd(34)} ${rate}   ${(timeOf(cat) / timeOf(name)).toFixed(2)} × ssh cat   best ${best} MB/s ${cost}`,
  );
}
console.log(`rsync / ssh cat = ${ratio(cat, full)} (target: at least 0.8, wanted 0.9)`);
console.log(`resume / full copy = ${ratio(half, full)} (target: at most 0.75)`);
