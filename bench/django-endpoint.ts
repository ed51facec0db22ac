import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../e2e/support/free-port.ts';

export interface DjangoEndpoint {
  port: number;
  stop(): Promise<void>;
}

const FOLDER = fileURLToPath(new URL('django/', import.meta.url));
/** Two processes on two cores, four threads each, connections kept open. */
const SERVING = ['--worker-class', 'gthread', '--workers', '2', '--threads', '4', '--keep-alive', '60'];

/**
 * Starts `django/endpoint.py` under gunicorn with Debian's Python; it answers when this resolves.
 * @throws Error where Debian's packages are missing
 */
export async function startDjango(folder: string, authorization: string): Promise<DjangoEndpoint> {
  const port = await freePort();
  const args = ['-m', 'gunicorn', '--preload', '--bind', `127.0.0.1:${String(port)}`, '--log-level', 'warning'];
  const server = spawn('/usr/bin/python3', [...args, ...SERVING, 'endpoint:application'], {
    cwd: FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      PATH: '/usr/bin:/bin',
      PYTHONDONTWRITEBYTECODE: '1',
      QLF_BENCH_DATABASE: join(folder, 'django.db'),
      QLF_BENCH_CREDENTIAL: authorization,
    },
  });
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  while (!(await answers())) {
    if (server.exitCode !== null)
      throw new Error('gunicorn ended: apt-get install python3-djangorestframework python3-gunicorn');
    await pause(100);
  }
  return {
    port,
    stop: async () => {
      server.kill('SIGTERM');
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}
