import type { CameraName } from '#shared/domain/camera.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { JudgedKey, Json } from '#shared/domain/measurement.ts';
import type { StorageStore } from './storage-store.ts';
import type { Store } from './store.ts';

/** A posted measurement without its value, which may be large. */
export interface PostedId {
  id: number;
  camera: CameraName;
  expid: number;
  keys: JudgedKey[];
}

/** What the fibers and spectra screens ask of the durable memory. Every query is bounded; values come one at a time. */
export interface FiberStore extends Pick<Store, 'run' | 'exposure'>, Pick<StorageStore, 'cleanedAt'> {
  /** Newest revisions of a metric in a run, a row a camera. */
  postedInRun(runId: number, metric: string): PostedId[];
  /** Newest revisions of a camera's metric in the newest runs of exposures up to `expid`, newest first. */
  postedUpTo(query: { camera: CameraName; metric: string; expid: number; limit: number }): PostedId[];
  /** The value as posted; null where it has gone. */
  postedValue(id: number): Json;
  /** The next older (−1) or newer (1) exposure that has a run. */
  neighbourWithRun(expid: number, by: -1 | 1): Exposure | undefined;
}
