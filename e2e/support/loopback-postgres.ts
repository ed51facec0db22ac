import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';

export const ADMIN = { user: 'postgres', password: 'admin of the test' };

/** A real PostgreSQL on a free port of this machine, with a cluster of its own that is thrown away at the end. */
export interface LoopbackPostgres {
  host: string;
  port: number;
  /** Certificate of the authority that signed the server's (for 127.0.0.1). */
  caFile: string;
  /** The administrator's connection, for one use. */
  admin<T>(database: string, use: (client: Client) => Promise<T>): Promise<T>;
  /** Ends it as a power cut would, with all its connections. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  /** What it has written to its log. */
  log(): string;
  stop(): Promise<void>;
}

/** Debian keeps the server's programs by version. */
function programs(): string {
  const root = '/usr/lib/postgresql';
  const newest = readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
    .at(-1);
  if (newest === undefined) throw new Error('PostgreSQL is not installed (Debian package postgresql)');
  return join(root, newest, 'bin');
}

/** PostgreSQL refuses to run as root: then it runs as the account that its package made. */
function account(): { uid: number; gid: number } {
  const { uid, gid } = userInfo();
  if (uid !== 0) return { uid, gid };
  const number = (what: string): number => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

/** An authority and a certificate for 127.0.0.1 signed by it: `ca.pem`, `server.pem`, `server.key`. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=authority of the test',
  );
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=database of the test');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed);
}

export async function startLoopbackPostgres(): Promise<LoopbackPostgres> {
  const bin = programs();
  const owner = account();
  const folder = mkdtempSync(join(tmpdir(), 'qlf-postgres-'));
  const file = (name: string): string => join(folder, name);
  const host = '127.0.0.1';
  const port = await freePort();
  makeCertificates(folder);
  writeFileSync(file('password'), ADMIN.password);
  for (const name of readdirSync(folder)) chownSync(file(name), owner.uid, owner.gid);
  chmodSync(file('server.key'), 0o600);
  chownSync(folder, owner.uid, owner.gid);
  const cluster = [
    '-D',
    file('data'),
    '-U',
    ADMIN.user,
    '-A',
    'scram-sha-256',
    '--pwfile',
    file('password'),
    '--no-sync',
  ];
  execFileSync(join(bin, 'initdb'), [...cluster, '-E', 'UTF8', '--locale=C'], {
    cwd: folder,
    stdio: 'ignore',
    ...owner,
  });
  const settings = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: folder,
    ssl: 'on',
    ssl_cert_file: file('server.pem'),
    ssl_key_file: file('server.key'),
    fsync: 'off',
    shared_buffers: '16MB',
    max_connections: '20',
    autovacuum: 'off',
    log_connections: 'on',
    log_statement: 'all',
  };
  let server: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();

  const admin: LoopbackPostgres['admin'] = async (database, use) => {
    const client = new Client({ host, port, database, ...ADMIN });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };

  async function start(): Promise<void> {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // Right after a kill the processes of the one before may still be ending; then it refuses and is tried again.
    for (let attempts = 0; attempts < 100; attempts++) {
      const log = openSync(file('log'), 'a');
      const started = spawn(join(bin, 'postgres'), ['-D', file('data'), ...args], {
        cwd: folder,
        stdio: ['ignore', log, log],
        ...owner,
      });
      closeSync(log);
      server = started;
      ended = new Promise((resolve) => started.once('exit', resolve));
      while (started.exitCode === null) {
        const up = await admin('postgres', (client) => client.query('SELECT 1')).catch(() => undefined);
        if (up) return;
        await pause(50);
      }
      await pause(100);
    }
    throw new Error(`PostgreSQL does not start:\n${readFileSync(file('log'), 'utf8').slice(-2000)}`);
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server?.kill(signal);
    await ended;
  };

  await start();
  return {
    host,
    port,
    caFile: file('ca.pem'),
    admin,
    kill: () => end('SIGKILL'),
    start,
    log: () => readFileSync(file('log'), 'utf8'),
    async stop() {
      // At once: its connections are cut, its files are thrown away.
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
