import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A real sshd on a free port of this machine, with its own keys and configuration in a folder of its own. */
export interface LoopbackSshd {
  host: string;
  port: number;
  user: string;
  /** Of the daemon; its sessions descend from it. */
  readonly pid: number;
  /** A key that gets a shell (and SFTP), one that gets rsync only, and one that gets SFTP only. */
  identityFile: string;
  rsyncOnlyIdentityFile: string;
  sftpOnlyIdentityFile: string;
  knownHostsFile: string;
  /** SHA256:… of the host's key */
  fingerprint: string;
  /** Ends the daemon and its sessions as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, with the same keys. */
  start(): Promise<void>;
  /** Gives it another host key, as an installation anew would, while it is not running. */
  renewHostKey(): void;
  stop(): Promise<void>;
}

function makeKey(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

async function listening(port: number, sshd: ChildProcess): Promise<void> {
  while (sshd.exitCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      setTimeout(() => socket.destroy(), 500).unref();
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`sshd ended with ${String(sshd.exitCode)}`);
}

/** Processes that descend from one, itself not among them. */
function descendants(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  const children = stdout.split('\n').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

export async function startLoopbackSshd(): Promise<LoopbackSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-sshd-'));
  const file = (name: string): string => join(folder, name);
  const host = '127.0.0.1';
  const port = await freePort();
  const hostKey = makeKey(file('host-key'));
  const key = makeKey(file('key'));
  const rsyncKey = makeKey(file('rsync-key'));
  const sftpKey = makeKey(file('sftp-key'));
  writeFileSync(file('known_hosts'), `[${host}]:${String(port)} ${hostKey.split(' ').slice(0, 2).join(' ')}\n`);
  const restricted = [
    `command="/usr/bin/rrsync -ro /",restrict ${rsyncKey}`,
    `command="internal-sftp -R",restrict ${sftpKey}`,
  ];
  writeFileSync(file('authorized_keys'), [key, ...restricted, ''].join('\n'));
  writeFileSync(
    file('sshd_config'),
    [
      `ListenAddress ${host}:${String(port)}`,
      `HostKey ${file('host-key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'PidFile none',
      'Subsystem sftp internal-sftp',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'MaxStartups 100',
      // Nobody's start-up files run in the sessions that tests kill: what those leave behind would stop the sessions after them.
      `SetEnv HOME=${folder}`,
      '',
    ].join('\n'),
  );
  // sshd as root insists on this empty folder, which its service would make.
  if (userInfo().uid === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  const launch = (): { daemon: ChildProcess; ended: Promise<unknown> } => {
    const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
    return { daemon, ended: new Promise((resolve) => daemon.once('exit', resolve)) };
  };
  let sshd = launch();
  await listening(port, sshd.daemon);
  return {
    host,
    port,
    user: userInfo().username,
    get pid() {
      return sshd.daemon.pid ?? 0;
    },
    identityFile: file('key'),
    rsyncOnlyIdentityFile: file('rsync-key'),
    sftpOnlyIdentityFile: file('sftp-key'),
    knownHostsFile: file('known_hosts'),
    fingerprint: execFileSync('ssh-keygen', ['-lf', file('host-key.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '',
    async kill() {
      const sessions = descendants(sshd.daemon.pid ?? 0);
      sshd.daemon.kill('SIGKILL');
      for (const pid of sessions) endProcess(pid);
      await sshd.ended;
    },
    async start() {
      sshd = launch();
      await listening(port, sshd.daemon);
    },
    renewHostKey() {
      rmSync(file('host-key'));
      rmSync(file('host-key.pub'));
      makeKey(file('host-key'));
    },
    async stop() {
      sshd.daemon.kill('SIGTERM');
      await sshd.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
