import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { treeOf, type ProcessIdentity } from '../fixtures/process-tree.ts';

/** What of the application is killed: its own process, its process group, or it and all that descends from it. */
export const VICTIMS = ['process', 'group', 'tree'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface LifeOptions {
  data: string;
  /** Home of its own settings. */
  home: string;
  port: number;
  seed: number;
  cadence: 'accelerated' | 'manual';
  /** The ingest user that a sender from elsewhere has. */
  user: string;
  password: string;
  /** Added to its environment. */
  env?: Record<string, string>;
}

/** One life of the real headless engine, from its start to its death. */
export class HeadlessLife {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor({ data, home, port, seed, cadence, user, password, env = {} }: LifeOptions) {
    const night = ['--seed', String(seed), '--cadence', cadence, '--period', '1'];
    const args = [resolve('out/main/headless.cjs'), '--data', data, '--ingest-port', String(port), ...night];
    this.#child = spawn(process.execPath, [...args, '--no-catch-up'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A process group of its own, so that all of the group can be killed at once.
      detached: true,
      env: { ...process.env, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, QLF_USER: user, QLF_PASSWD: password, ...env },
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.#ended = once(this.#child, 'exit');
  }

  /** Everything that it said. */
  get said(): string {
    return this.#said;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves to true when it has said something, to false when it ended or that took longer. */
  async says(what: RegExp, patienceMs: number): Promise<boolean> {
    const begun = performance.now();
    while (!what.test(this.#said)) {
      if (this.hasEnded || performance.now() - begun > patienceMs) return false;
      await pause(10);
    }
    return true;
  }

  /** Kills it without warning; returns all that belonged to it in that moment. */
  async kill(victim: Victim): Promise<ProcessIdentity[]> {
    const { pid } = this.#child;
    if (pid === undefined || this.hasEnded) throw new Error(`it ended by itself: ${this.#said.slice(-2000)}`);
    const tree = treeOf(pid);
    const others = victim === 'tree' ? tree.filter((member) => member.pid !== pid) : [];
    // All in one instant: it must not live to see its children die, which would be another failure.
    if (others.length > 0) signal(pid, 'SIGSTOP');
    for (const other of others) signal(other.pid, 'SIGKILL');
    signal(victim === 'group' ? -pid : pid, 'SIGKILL');
    await this.#ended;
    return tree;
  }

  /** Asks it to end and waits until it has; resolves to its exit status, null after a signal. */
  async end(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    return this.#child.exitCode;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended by itself.
  }
}
