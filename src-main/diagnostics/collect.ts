import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { arch, availableParallelism, freemem, homedir, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { withoutSecretValues } from '#shared/domain/redact.ts';
import { sourceOf } from '#shared/domain/source.ts';
import type { BundleOrder } from '../domain/ports/diagnostics.ts';
import { secretsOfEnvironment, secretsOfSettings, shownSettings } from './cleaner.ts';

/** What a bundle tells beside what lies in the data folder. */
export interface Collected {
  version: string;
  electron: string;
  root: string;
  source: string | null;
  /** Absent where no engine runs in this program. */
  live?: {
    settings: unknown;
    state: unknown;
    health: unknown;
    metrics: string;
  };
  now: () => number;
  env: NodeJS.ProcessEnv;
}

const json = (value: unknown): string => `${JSON.stringify(withoutSecretValues(value), null, 2)}\n`;

/** Every text under a `host` or `user` of a configuration, at any depth. */
function namesIn(value: unknown, found: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, own] of Object.entries(value)) {
    if (typeof own === 'string' && /host|address|^user$|passw|secret|passphrase/i.test(name)) found.push(own);
    else namesIn(own, found);
  }
  return found;
}

/** The source as it may be shown, and what of it may not. */
async function sourceParts(text: string | null): Promise<{ shown: unknown; hidden: string[] }> {
  if (text === null) return { shown: 'the test environment', hidden: [] };
  const source = sourceOf(text);
  switch (source.kind) {
    case 'folder':
      return { shown: source, hidden: [] };
    case 'ssh': {
      const [, account = '', rest = ''] = /^ssh:\/\/([^/?#]*)(.*)$/is.exec(source.address) ?? [];
      const [, user = '', host = account] = /^([^@]*)@(.*)$/.exec(account) ?? [];
      return {
        shown: { kind: 'ssh', path: rest },
        hidden: [host, host.replace(/:\d+$/, ''), ...user.split(':').slice(1)],
      };
    }
    case 'opsdb': {
      const content = await readFile(source.file, 'utf8').then(
        (words): unknown => JSON.parse(words),
        () => null,
      );
      return { shown: { ...source, configuration: content }, hidden: namesIn(content) };
    }
  }
}

/** QLF's own processes: this one and all that it started; without their arguments. */
function processes(): unknown {
  try {
    const found = readdirSync('/proc').flatMap((pid) => {
      if (!/^\d+$/.test(pid)) return [];
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const rss = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        return [{ pid: Number(pid), parent: Number(parent), name, state, rssKb: Number(rss ?? 0) }];
      } catch {
        return [];
      }
    });
    const own = new Set([process.pid]);
    for (let size = 0; size !== own.size;) {
      size = own.size;
      for (const { pid, parent } of found) if (own.has(parent)) own.add(pid);
    }
    return found.filter(({ pid }) => own.has(pid));
  } catch (error) {
    return { error: String(error) };
  }
}

/**
 * Gathers what must be asked of the running program, and makes the folder in which the bundle grows.
 * @param target absolute path of the archive
 */
export async function collect(target: string, parts: Collected): Promise<BundleOrder> {
  const { version, electron, root, live, env, now } = parts;
  const source = await sourceParts(parts.source);
  await mkdir(dirname(target), { recursive: true });
  const about = {
    made: new Date(now()).toISOString(),
    qlf: version,
    versions: { ...process.versions, electron },
    system: { platform: platform(), release: release(), arch: arch(), processors: availableParallelism() },
    memory: { totalBytes: totalmem(), freeBytes: freemem(), own: process.memoryUsage() },
    load: loadavg(),
    uptime: { computer: uptime(), program: process.uptime() },
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    engine: live === undefined ? 'no engine runs in this program' : 'running',
    environment: Object.keys(env).sort(),
    processes: processes(),
  };
  return {
    target,
    staging: await mkdtemp(join(dirname(target), '.diagnostics-')),
    root,
    documents: {
      'about.json': json(about),
      'settings.json': json({ source: source.shown, data: root, engine: shownSettings(live?.settings ?? null) }),
      ...(live === undefined
        ? {}
        : { 'state.json': json(live.state), 'health.json': json(live.health), 'metrics.txt': live.metrics }),
    },
    hidden: [...source.hidden, ...secretsOfEnvironment(env), ...secretsOfSettings(live?.settings), homedir()],
  };
}
