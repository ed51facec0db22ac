import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../src-main/dos/test-environment/random.ts';
import { alive, killAll, type ProcessIdentity } from '../fixtures/process-tree.ts';
import { freePort } from '../support/free-port.ts';
import { HeadlessLife, VICTIMS, type LifeOptions } from './headless-life.ts';
import {
  look,
  lostOf,
  measurementsAfter,
  processedExposure,
  stuck,
  uneven,
  unsound,
  type StoredMeasurement,
} from './look-at-database.ts';
import { Sender } from './sender.ts';

export interface KillOptions {
  kills: number;
  seed: number;
  /** An empty folder. */
  folder: string;
  /** ms after which no further kill is begun. */
  longestMs: number;
  say: (text: string) => void;
}

/** What came of it; every list is empty where nothing was lost. */
export interface KillReport {
  seed: number;
  kills: number;
  /** Kills by what the engine was doing. */
  moments: Record<string, number>;
  exposures: number;
  runs: number;
  jobs: number;
  measurements: number;
  acknowledged: number;
  lost: string[];
  changed: string[];
  uneven: string[];
  stuck: string[];
  orphans: string[];
  unsound: string[];
  refused: string[];
}

/** What the engine says when it is so far; it is killed a random time after one of these. */
const MOMENTS: readonly (readonly [string, RegExp])[] = [
  ['at its start', /^/],
  ['started', /engine started/],
  ['registering', / registered: /],
  ['transferring', /: transfer$|taken up again/m],
  ['splitting', /: split$|taken up again in (split|process)/m],
  ['processing', /: process$|taken up again in process/m],
  ['processing', /: process$|taken up again in process/m],
  ['ending', / done after /],
];
/** ms that such a moment is waited for; it is killed then in any case. */
const PATIENCE_MS = 90_000;
/** ms that the last life is given to come to the end of its work. */
const SETTLING_MS = 600_000;
const USER = 'elsewhere';

/** Lets the real engine observe a night, kills it at random instants, starts it again, and looks at what is left. */
export class KillNight {
  readonly #options: KillOptions;
  readonly #random: Random;
  readonly #life: Omit<LifeOptions, 'cadence'>;
  readonly #database: string;
  readonly #sender: Sender;
  /** What was on the disk after a kill; none of it may ever change again. */
  readonly #seen: StoredMeasurement[] = [];
  #killed: ProcessIdentity[] = [];
  readonly #orphans: string[] = [];
  readonly #unsound: string[] = [];
  readonly #moments: Record<string, number> = {};

  private constructor(options: KillOptions, port: number) {
    this.#options = options;
    this.#random = new Random('kills', options.seed);
    const credential = { user: USER, password: randomBytes(9).toString('base64url') };
    const data = join(options.folder, 'data');
    this.#life = { data, home: join(options.folder, 'home'), port, seed: options.seed, ...credential };
    this.#database = join(data, 'qlf.db');
    this.#sender = new Sender(port, credential, () => look(this.#database, processedExposure));
  }

  static async run(options: KillOptions): Promise<KillReport> {
    mkdirSync(options.folder, { recursive: true });
    const night = new KillNight(options, await freePort());
    try {
      return await night.#run();
    } finally {
      killAll(night.#killed);
    }
  }

  async #run(): Promise<KillReport> {
    const { kills, longestMs, say } = this.#options;
    const begun = performance.now();
    this.#sender.start();
    let done = 0;
    try {
      while (done < kills && performance.now() - begun < longestMs) {
        const moment = await this.#liveAndDie();
        done += 1;
        this.#moments[moment] = (this.#moments[moment] ?? 0) + 1;
        const last = this.#seen.at(-1)?.id ?? 0;
        const stored = look(this.#database, (db) => measurementsAfter(db, last)) ?? [];
        this.#seen.push(...stored);
        if (done % 20 === 0) this.#unsound.push(...(look(this.#database, unsound) ?? []));
        say(`kill ${String(done)} ${moment}: ${String(this.#seen.length)} measurements`);
      }
    } finally {
      await this.#sender.stop();
    }
    await this.#settle();
    return this.#report(done);
  }

  async #liveAndDie(): Promise<string> {
    const random = this.#random;
    const [moment, sign] = MOMENTS[random.integer(MOMENTS.length)] ?? ['at its start', /^/];
    const victim = VICTIMS[random.integer(VICTIMS.length)] ?? 'process';
    const waitMs = random.between(0, random.uniform() < 0.5 ? 300 : 2500);
    const life = new HeadlessLife({ ...this.#life, cadence: 'accelerated' });
    try {
      const reached = await life.says(sign, PATIENCE_MS);
      await pause(waitMs);
      this.#lookForOrphans(life);
      return reached ? moment : `waiting for ${moment}`;
    } finally {
      this.#killed.push(...(await life.kill(victim)));
      this.#killed = alive(this.#killed);
    }
  }

  /** A life that says that it has started has ended what those before it left. */
  #lookForOrphans(life: HeadlessLife): void {
    if (!life.said.includes('engine started')) return;
    for (const { pid } of alive(this.#killed)) this.#orphans.push(`process ${String(pid)} outlived the next start`);
    killAll(this.#killed);
    this.#killed = [];
  }

  /** One last life, in which no exposure comes any more, until nothing is left to do. */
  async #settle(): Promise<void> {
    const life = new HeadlessLife({ ...this.#life, cadence: 'manual' });
    try {
      if (!(await life.says(/engine started/, PATIENCE_MS))) throw new Error(`it does not start: ${life.said}`);
      this.#lookForOrphans(life);
      const begun = performance.now();
      let left = 1;
      while (left > 0 && performance.now() - begun < SETTLING_MS && !life.hasEnded) {
        await pause(200);
        left =
          look(this.#database, (db) => stuck(db).filter((what) => /waiting|processing|running/.test(what)).length) ?? 1;
      }
    } finally {
      const status = await life.end();
      if (status !== 0) this.#orphans.push(`the last life ended with ${String(status)}: ${life.said.slice(-500)}`);
    }
  }

  #report(kills: number): KillReport {
    const report = look(this.#database, (db): KillReport => {
      const count = (table: string): number =>
        db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
      const now = new Map(measurementsAfter(db, 0).map((one) => [one.id, JSON.stringify(one)]));
      return {
        seed: this.#options.seed,
        kills,
        moments: this.#moments,
        exposures: count('exposure WHERE expid < 9000000'),
        runs: count("run WHERE kind = 'qlf'"),
        jobs: count("job JOIN run ON run.id = run_id WHERE kind = 'qlf' AND job.state = 'done'"),
        measurements: count('measurement'),
        acknowledged: this.#sender.acknowledged.length,
        lost: lostOf(db, this.#sender.acknowledged).map(({ expid, metric }) => `${String(expid)} ${metric}`),
        changed: this.#seen.filter((one) => now.get(one.id) !== JSON.stringify(one)).map(({ id }) => String(id)),
        uneven: uneven(db),
        stuck: stuck(db),
        orphans: this.#orphans,
        unsound: [...this.#unsound, ...unsound(db), ...tornLines(join(this.#life.data, 'logs'))],
        refused: this.#sender.refused,
      };
    });
    if (!report) throw new Error('there is no database');
    return report;
  }
}

/** Lines of the engine's logs that nobody can read any more. */
function tornLines(folder: string): string[] {
  if (!existsSync(folder)) return ['there is no log'];
  const isWhole = (line: string): boolean => {
    try {
      return typeof JSON.parse(line) === 'object';
    } catch {
      return false;
    }
  };
  return readdirSync(folder)
    .filter((name) => /^engine-.*\.log$/.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .filter((line) => !isWhole(line));
}

/** What went wrong, a line each; empty where nothing did. */
export function complaints(report: KillReport): string[] {
  const kinds = ['lost', 'changed', 'uneven', 'stuck', 'orphans', 'unsound', 'refused'] as const;
  return kinds.flatMap((kind) => report[kind].map((what) => `${kind}: ${what}`));
}
