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
/** By gunicorn: two processes on two cores, four threads each, connections kept open. */
const GUNICORN = ['--worker-class', 'gthread', '--workers', '2', '--threads', '4', '--keep-alive', '60'];

/**
 * `fast`: as fast as Django goes without being something else, under gunicorn · `original`: as the original was run when its
 * founding document was written, by `manage.py runserver` (without its reloader)
 */
export type DjangoWay = 'fast' | 'original';

/**
 * Starts `django/endpoint.py` with Debian's Python; it answers when this resolves.
 * @throws Error where Debian's packages are missing
 */
export async function startDjango(folder: string, authorization: string, way: DjangoWay): Promise<DjangoEndpoint> {
  const port = await freePort();
  const address = `127.0.0.1:${String(port)}`;
  const gunicorn = ['-m', 'gunicorn', '--preload', '--bind', address, '--log-level', 'warning', ...GUNICORN];
  const args =
    way === 'fast' ? [...gunicorn, 'endpoint:application'] : ['endpoint.py', 'runserver', '--noreload', address];
  const server = spawn('/usr/bin/python3', args, {
    cwd: FOLDER,
    // The development server writes a line a request.
    stdio: ['ignore', 'ignore', way === 'fast' ? 'inherit' : 'ignore'],
    env: {
      PATH: '/usr/bin:/bin',
      PYTHONDONTWRITEBYTECODE: '1',
      QLF_BENCH_AS: way,
      QLF_BENCH_DATABASE: join(folder, `django-${way}.db`),
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
      throw new Error('Django ended: apt-get install python3-djangorestframework python3-gunicorn');
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
