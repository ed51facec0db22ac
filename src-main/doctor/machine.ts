import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import type { Finding } from '#shared/domain/command-line.ts';
import { fault, good, unchecked, warning } from './finding.ts';

type Words = Omit<Finding, 'check'>;

/** ms that a program may take to say its version. */
const PATIENCE_MS = 10_000;
/** ms by which clocks may differ without harm */
const SKEW_MS = 5000;
/** The oldest Node and Electron that QLF works with, and the oldest Electron that still gets security fixes. */
const LEAST_NODE = [18, 15] as const;
const LEAST_ELECTRON = 25;
const SAFE_ELECTRON = 40;

const numbers = (version: string): number[] => version.split('.').map(Number);

/** The runtime that this is. @param sqlite version of the database module, which had to load for this */
export function lookAtRuntime(versions: NodeJS.ProcessVersions, sqlite: string): Words {
  const [major = 0, minor = 0] = numbers(versions.node);
  const words = `Node ${versions.node}${versions.electron ? `, Electron ${versions.electron}` : ''}, SQLite ${sqlite}`;
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]))
    return fault(words, `QLF needs Node ${LEAST_NODE.join('.')} or later.`);
  const [electron = 0] = versions.electron ? numbers(versions.electron) : [SAFE_ELECTRON];
  if (electron < LEAST_ELECTRON) return fault(words, `QLF needs Electron ${LEAST_ELECTRON} or later.`);
  if (electron < SAFE_ELECTRON)
    return warning(words, 'This Electron is too old for real use: install the official package.');
  return good(words);
}

/** What a program says of its version; null where it is not there, or does not run. */
function firstLine(program: string, args: readonly string[], env: Record<string, string>): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: PATIENCE_MS, windowsHide: true }, (error, stdout, stderr) => {
      const [line = ''] = `${stdout}${stderr}`.trim().split('\n');
      resolve(error && (error as NodeJS.ErrnoException).code !== undefined && line === '' ? null : line || null);
    });
  });
}

/** @param needed whether the source is on a data host */
export async function lookAtProgram(
  name: 'rsync' | 'ssh',
  needed: boolean,
  env: Record<string, string>,
): Promise<Words> {
  const said = await firstLine(name, [name === 'ssh' ? '-V' : '--version'], env);
  if (said !== null) return good(said);
  const install = `Install it: apt install ${name === 'ssh' ? 'openssh-client' : 'rsync'}`;
  if (!needed) return warning('not there; only sources on a data host need it', install);
  return name === 'rsync'
    ? warning('not there: files come by SFTP, which is slower', install)
    : fault('not there, and the source is on a data host', install);
}

/** Inodes of the sockets that listen at a port of this machine (Linux). */
function listeners(port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text = '';
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      continue;
    }
    for (const row of text.split('\n').slice(1)) {
      const columns = row.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${wanted}`) && columns[3] === '0A' && columns[9]) inodes.add(columns[9]);
    }
  }
  return inodes;
}

/** Who listens at a port; null where that cannot be seen. */
function holderOf(port: number): { pid: number; command: string } | null {
  const inodes = listeners(port);
  if (inodes.size === 0) return null;
  for (const name of readdirSync('/proc').filter((one) => /^[0-9]+$/.test(one))) {
    try {
      for (const fd of readdirSync(`/proc/${name}/fd`)) {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${name}/fd/${fd}`)) ?? [];
        if (inode === undefined || !inodes.has(inode)) continue;
        return { pid: Number(name), command: readFileSync(`/proc/${name}/comm`, 'utf8').trim() };
      }
    } catch {
      // It has ended, or is another account's.
    }
  }
  return null;
}

/** Null: the port can be had; else why not. */
function whyTaken(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)));
  });
}

/** @param engineUrl where the running engine is posted to; null: none runs */
export async function lookAtPort(port: number, engineUrl: string | null): Promise<Words> {
  if (engineUrl !== null) {
    if (port === 0 || new URL(engineUrl).port === String(port)) return good(`the engine has it: ${engineUrl}`);
    return warning(
      `the engine was not given ${port}, pipelines post to ${engineUrl}`,
      'End who has it, or choose another: qlf config set engine.ingestPort',
    );
  }
  if (port === 0) return good('any port will do');
  const why = await whyTaken(port);
  if (why === null) return good(`${port} is free`);
  const advice = 'End it, or choose another port: qlf config set engine.ingestPort; else QLF takes the next free one.';
  if (why === 'EACCES') return warning(`this account may not listen at ${port}`, advice);
  const holder = holderOf(port);
  const who = holder ? `${holder.command} (pid ${holder.pid})` : 'a program of another account';
  return warning(`${port} is held by ${who}`, advice);
}

/** Whether the SSH agent that the environment names answers. */
export function lookAtAgent(socket: string | undefined): Promise<Words> | Words {
  const advice = 'Start one and add the key: eval "$(ssh-agent)" && ssh-add; only keys with a passphrase need it.';
  if (!socket) return unchecked('no SSH agent; the desktop application keeps secrets in the system’s keyring', advice);
  return new Promise((resolve) => {
    const link = connect(socket);
    link.once('connect', () => {
      link.destroy();
      resolve(good('an SSH agent answers'));
    });
    link.once('error', ({ message }) => resolve(warning(`the SSH agent does not answer (${message})`, advice)));
  });
}

export interface ClockParts {
  /** A folder of the data folder's disk, as near as there is one. */
  folder: string;
  now: () => number;
  env: Record<string, string | undefined>;
  /** The newest time in the database, ms; null where there is none. */
  newest: number | null;
  /** The first release of this program: a clock before it is wrong. */
  earliest: number;
}

async function skewOf(folder: string, now: () => number): Promise<number | null> {
  try {
    const own = await mkdtemp(join(folder, '.qlf-clock-'));
    try {
      await writeFile(join(own, 'now'), '');
      return (await stat(join(own, 'now'))).mtimeMs - now();
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  } catch {
    return null;
  }
}

function zoneProblem(env: ClockParts['env']): string | null {
  const zone = env['TZ']?.replace(/^:/, '');
  if (zone === undefined || zone === '' || zone.startsWith('/')) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `TZ=${zone} is no time zone, local times are those of UTC`;
  }
}

/** The machine's clock and time zone: times on record are the clock's. */
export async function lookAtClock({ folder, now, env, newest, earliest }: ClockParts): Promise<Words> {
  const at = now();
  const words = `${new Date(at).toISOString().slice(0, 19)} UTC, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  const set = 'Set the clock, and let it be kept: timedatectl set-ntp true';
  if (at < earliest) return fault(`${words}: before this QLF was made`, set);
  if (newest !== null && newest > at + SKEW_MS)
    return warning(
      `${words}, but the database has times until ${new Date(newest).toISOString().slice(0, 19)} UTC: the clock was set back`,
      set,
    );
  const skew = await skewOf(folder, now);
  if (skew !== null && Math.abs(skew) > SKEW_MS)
    return warning(
      `${words}; files in the data folder are ${(skew / 1000).toFixed(0)} s off`,
      'The file server’s clock differs: keep both by NTP.',
    );
  const zone = zoneProblem(env);
  if (zone !== null)
    return warning(`${words}; ${zone}`, 'Set TZ to a name such as America/Phoenix, or leave it unset.');
  const kept = await firstLine('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    PATH: env['PATH'] ?? '',
  });
  if (kept === 'no') return warning(`${words}; nobody keeps the clock right`, set);
  return good(`${words}${kept === 'yes' ? ', kept by NTP' : ''}`);
}
