import { setImmediate as breathe } from 'node:timers/promises';
import { ARMS, armOf, spectrographOf, type Arm, type CameraName } from '#shared/domain/camera.ts';
import {
  cameraOfFiber,
  FIBER_CLASSES,
  FIBERS,
  FIBERS_EACH,
  spectrographOfFiber,
  type ArmSpectrum,
  type FiberClass,
  type Fibermap,
} from '#shared/domain/fiber.ts';
import type { Run } from '#shared/domain/run.ts';
import type { FiberAnswer, FiberHistory, FiberMetricAnswer } from '#shared/ipc/fibers-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { FIBER_METRICS, fiberMetric, fiberValues, type FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import type { FiberStore } from '../domain/ports/fiber-store.ts';
import { readFibermap } from './read-fibermap.ts';
import { readMedian, readSpectrum } from './read-spectra.ts';

/** Where the files of an exposure and the products of a run are. */
export interface SpectraFolders {
  raw(night: string, expid: number): string;
  redux(night: string, expid: number, runId: number): string;
}

/** Fibermaps kept in memory: the exposure on screen, what it is compared with, and those around it. */
const KEPT_MAPS = 6;
const SKY = FIBER_CLASSES.indexOf('SKY');

/**
 * Quantities and spectra by fiber, read from the database and from a run's products when they are looked at. Values are decoded a
 * camera at a time with pauses between, so that posts and events are never kept waiting.
 */
export class SpectraService {
  private readonly store: FiberStore;
  private readonly folders: SpectraFolders;
  private readonly maps = new Map<number, Promise<Fibermap | null>>();

  constructor(store: FiberStore, folders: SpectraFolders) {
    this.store = store;
    this.folders = folders;
  }

  /** @throws QlfError `not-found` */
  private run(runId: number): Run {
    const run = this.store.run(runId);
    if (!run) throw new QlfError('not-found', `there is no run ${runId}`);
    return run;
  }

  /** The fibermap of a run's exposure; null where there is no file. */
  fibermap(runId: number): Promise<Fibermap | null> {
    return this.mapOf(this.run(runId));
  }

  private mapOf({ expid, night }: Pick<Run, 'expid' | 'night'>): Promise<Fibermap | null> {
    const known = this.maps.get(expid);
    if (known) return known;
    const reading = readFibermap(this.folders.raw(night, expid));
    this.maps.set(expid, reading);
    // What is not there yet, or could not be read, may be there the next time.
    void reading.then(
      (map) => map ?? this.maps.delete(expid),
      () => this.maps.delete(expid),
    );
    for (const oldest of this.maps.keys()) {
      if (this.maps.size <= KEPT_MAPS) break;
      this.maps.delete(oldest);
    }
    return reading;
  }

  private values(name: FiberMetricName, id: number, camera: CameraName, fibermap: Fibermap | null): Float64Array {
    const first = spectrographOf(camera) * FIBERS_EACH;
    return fiberValues(name, this.store.postedValue(id), { arm: armOf(camera), first, fibermap, sky: SKY });
  }

  async metric(runId: number, name: FiberMetricName): Promise<FiberMetricAnswer> {
    const fibermap = await this.fibermap(runId);
    const { metric, key } = fiberMetric(name);
    const values = Object.fromEntries(ARMS.map((arm) => [arm, new Float64Array(FIBERS).fill(NaN)])) as Record<
      Arm,
      Float64Array
    >;
    const posted: FiberMetricAnswer['posted'][number][] = [];
    for (const { id, camera, keys } of this.store.postedInRun(runId, metric)) {
      values[armOf(camera)].set(this.values(name, id, camera, fibermap), spectrographOf(camera) * FIBERS_EACH);
      posted.push({ camera, key: keys.find((one) => one.key === key?.name) ?? null });
      await breathe();
    }
    return { metric: name, values, posted };
  }

  /** Every quantity of one fiber in the three arms. */
  async one(runId: number, fiber: number): Promise<FiberAnswer> {
    const fibermap = await this.fibermap(runId);
    const cameras = ARMS.map((arm) => cameraOfFiber(arm, fiber));
    const values: FiberAnswer['values'][number][] = [];
    for (const metric of new Set(FIBER_METRICS.map((name) => fiberMetric(name).metric))) {
      const names = FIBER_METRICS.filter((name) => fiberMetric(name).metric === metric);
      const rows = this.store.postedInRun(runId, metric).filter(({ camera }) => cameras.includes(camera));
      for (const { id, camera } of rows) {
        for (const name of names) {
          const value = this.values(name, id, camera, fibermap)[fiber % FIBERS_EACH] ?? NaN;
          if (!Number.isNaN(value)) values.push({ metric: name, arm: armOf(camera), value });
        }
        await breathe();
      }
    }
    return { fiber, values };
  }

  /** A quantity of a fiber number up to the run's exposure, oldest first. */
  async history(query: {
    runId: number;
    fiber: number;
    arm: Arm;
    metric: FiberMetricName;
    limit: number;
  }): Promise<FiberHistory> {
    const { runId, fiber, arm, metric: name, limit } = query;
    const { expid: last } = this.run(runId);
    const { metric } = fiberMetric(name);
    const camera = cameraOfFiber(arm, fiber);
    const history: FiberHistory[number][] = [];
    for (const { id, expid } of this.store.postedUpTo({ camera, metric, expid: last, limit })) {
      const night = this.store.exposure(expid)?.night ?? '';
      const fibermap = name === 'delta-mag' || name === 'sky-r' ? await this.mapOf({ expid, night }) : null;
      const value = this.values(name, id, camera, fibermap)[fiber % FIBERS_EACH] ?? NaN;
      history.push({ expid, value: Number.isNaN(value) ? null : value });
      await breathe();
    }
    return history.reverse();
  }

  private sources(runId: number, fiber: number) {
    const { night, expid } = this.run(runId);
    const folder = this.folders.redux(night, expid, runId);
    const cleanedAt = this.store.cleanedAt({ expid, runId, kinds: ['spectra'] });
    return ARMS.map((arm) => ({ folder, expid, camera: cameraOfFiber(arm, fiber), cleanedAt }));
  }

  /** The spectrum of a fiber, an entry an arm. */
  spectrum(runId: number, fiber: number): Promise<ArmSpectrum[]> {
    return Promise.all(this.sources(runId, fiber).map((source) => readSpectrum(source, fiber % FIBERS_EACH)));
  }

  /** Medians over the fibers of a class in the spectrograph of `fiber`. */
  async median(runId: number, fiber: number, of: FiberClass): Promise<ArmSpectrum[]> {
    const fibermap = await this.fibermap(runId);
    const first = spectrographOfFiber(fiber) * FIBERS_EACH;
    const wanted = FIBER_CLASSES.indexOf(of);
    const locals = Array.from({ length: FIBERS_EACH }, (_, i) => i).filter(
      (i) => fibermap?.classes[first + i] === wanted,
    );
    return Promise.all(this.sources(runId, fiber).map((source) => readMedian(source, locals)));
  }
}
