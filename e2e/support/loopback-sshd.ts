import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A real sshd on a free port of this machine, with its own keys and configuration in a folder of its own. */
export interface LoopbackSshd {
  host: string;
  port: number;
  user: string;
  /** Of the daemon; its sessions descend from it. */
  pid: number;
  /** A key that gets a shell, and one that gets rsync only. */
  identityFile: string;
  rsyncOnlyIdentityFile: string;
  knownHostsFile: string;
  /** SHA256:… of the host's key */
  fingerprint: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
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

export async function startLoopbackSshd(): Promise<LoopbackSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-sshd-'));
  const file = (name: string): string => join(folder, name);
  const host = '127.0.0.1';
  const port = await freePort();
  const hostKey = makeKey(file('host-key'));
  const key = makeKey(file('key'));
  const rsyncKey = makeKey(file('rsync-key'));
  writeFileSync(file('known_hosts'), `[${host}]:${String(port)} ${hostKey.split(' ').slice(0, 2).join(' ')}\n`);
  writeFileSync(file('authorized_keys'), `${key}\ncommand="/usr/bin/rrsync -ro /",restrict ${rsyncKey}\n`);
  writeFileSync(
    file('sshd_config'),
    [
      `ListenAddress ${host}:${String(port)}`,
      `HostKey ${file('host-key')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'MaxStartups 100',
      '',
    ].join('\n'),
  );
  // sshd as root insists on this empty folder, which its service would make.
  if (userInfo().uid === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { mode: 0o755 });
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => sshd.once('exit', resolve));
  await listening(port, sshd);
  return {
    host,
    port,
    user: userInfo().username,
    pid: sshd.pid ?? 0,
    identityFile: file('key'),
    rsyncOnlyIdentityFile: file('rsync-key'),
    knownHostsFile: file('known_hosts'),
    fingerprint: execFileSync('ssh-keygen', ['-lf', file('host-key.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '',
    async stop() {
      sshd.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
