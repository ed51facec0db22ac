import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Job, Run } from '#shared/domain/run.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import { createEngine, type EngineOptions, type RunningEngine } from '../../src-main/composition.ts';
import { createNodeLauncher } from '../../src-main/pipeline/node-launcher.ts';

const reference = resolve('e2e/data/desispec-reference');
const NIGHT = '20191115';

/** An engine that nobody has set anything for: its programs are the built ones, its ports any. */
export function engineOptions(source: string, data: string): EngineOptions {
  return {
    source,
    data,
    calibration: null,
    ingestPort: 0,
    parallel: 3,
    catchUp: null,
    compatibility: 'none',
    seed: null,
    size: null,
    period: null,
    cadence: null,
    resourcesDir: resolve('resources'),
    assetsDir: resolve('out/renderer'),
    launcher: createNodeLauncher({ programsDir: resolve('out/main') }),
    version: 'test',
    electron: '',
    documents: null,
  };
}

/** An engine with all its real parts on a folder of reference exposures; only the pipeline is a scripted program. */
export class EngineRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'qlf-engine-'));
  readonly data = join(this.folder, 'data');
  readonly source = join(this.folder, 'raw');
  readonly #script = join(this.folder, 'script');
  #engine: RunningEngine | null = null;

  constructor() {
    for (const folder of [this.#script, join(this.source, NIGHT)]) mkdirSync(folder, { recursive: true });
    process.env['XDG_CONFIG_HOME'] = join(this.folder, 'config');
  }

  /** The telescope delivers one of the reference exposures. */
  deliver(expid: number): void {
    const name = String(expid).padStart(8, '0');
    cpSync(join(reference, 'raw', NIGHT, name), join(this.source, NIGHT, name), { recursive: true });
  }

  /** What the pipeline does for a camera from now on, as scripted-pipeline.mjs knows it: good, exit N, signal, hang … */
  script(camera: CameraName, behaviour: string): void {
    writeFileSync(join(this.#script, camera), behaviour);
  }

  /** Pids of all pipelines that were started. */
  get pids(): number[] {
    return readdirSync(this.#script).flatMap((name) => (name.startsWith('pid-') ? [Number(name.slice(4))] : []));
  }

  async open(options: Partial<EngineOptions> = {}, create = createEngine): Promise<RunningEngine> {
    this.#engine = await create({
      ...engineOptions(this.source, this.data),
      calibration: join(reference, 'calib'),
      parallel: 6,
      ...options,
    });
    const { handlers } = this.#engine;
    const scripted = resolve('e2e/integration/scripted-pipeline.mjs');
    const argv = [process.execPath, scripted, '--config', '{config}'];
    const pipeline = { kind: 'command' as const, argv, env: { SCRIPT: this.#script } };
    await handlers['settings.set']({ settings: { ...(await handlers['settings.get']({})), pipeline } });
    await handlers['configuration.save']({ yaml: this.configuration(5), author: 'test', reason: 'one QA' });
    return this.#engine;
  }

  /** A configuration of one step and one QA, told apart by CUTPIX. */
  configuration(cutpix: number): string {
    const flavor = (name: string): string =>
      `{Flavor: ${name}, WritePreprocfile: false, Debuglevel: 20, Period: 5, Timeout: 120, ` +
      `Pipeline: [Preproc], Algorithms: {Preproc: {QA: {Count_Pixels: {PARAMS: {CUTPIX: ${String(cutpix)}}}}}}}`;
    return ['science', 'arc', 'flat', 'bias', 'dark'].map((name) => `${name}: ${flavor(name)}\n`).join('');
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = null;
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves with what `look` finds; rejects when it never does. */
export async function until<T>(what: string, look: () => T | undefined | null | false): Promise<T> {
  for (let i = 0; i < 4800; i++) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`never came: ${what}`);
}

/** Collects runs as they end; `of(expid)` waits for one. */
export function endedRuns(engine: RunningEngine): {
  all: Run[];
  of: (expid: number, nth?: number) => Promise<RunDetail>;
} {
  const all: Run[] = [];
  engine.onRunEnded((run) => all.push(run));
  return {
    all,
    of: async (expid, nth = 1) => {
      const run = await until(`end of run ${String(nth)} of exposure ${String(expid)}`, () =>
        all.filter((ended) => ended.expid === expid).at(nth - 1),
      );
      const detail = engine.runDetail(run.id);
      if (!detail) throw new Error('a run that ended is gone');
      return detail;
    },
  };
}

export function jobOf(detail: RunDetail, camera: CameraName): Job {
  const job = detail.jobs.find((candidate) => candidate.camera === camera);
  if (!job) throw new Error(`no job of ${camera}`);
  return job;
}
