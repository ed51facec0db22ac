import type { CameraName } from '#shared/domain/camera.ts';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { Json, Measurement, MeasurementSummary } from '#shared/domain/measurement.ts';
import type { Job, Run } from '#shared/domain/run.ts';
import type { Store } from './store.ts';

/** Who posts: a job of one run (its credential was made for that run), or a general ingest user. */
export type Principal = { kind: 'run'; runId: number } | { kind: 'user'; user: string };

/** One metric of a post, ready to be stored. */
export interface PostedMeasurement {
  /** The sender's name of the metric. */
  name: string;
  /** JSON, finite numbers only; of a post no more than is judged of it. */
  value: Json;
  /** The whole value as JSON text, or that in UTF-8. */
  text: string | Uint8Array;
  /** Equal for equal values, however their texts are written. */
  digest: Uint8Array;
  /** Where the sender had NaN or an infinity, path → which; null where it had none. */
  nonFinite: Record<string, string> | null;
}

export interface Post {
  principal: Principal;
  expid: number;
  camera: CameraName;
  /** 0 ok, 1 failed, 2 running: as the sender says. */
  status: 0 | 1 | 2;
  /** The sender's own label of its job. */
  label: string | number | null;
  measurements: PostedMeasurement[];
  /** ms since the epoch */
  receivedAt: number;
}

export interface RecordedMeasurement {
  summary: MeasurementSummary;
  /** False where the same value was there before. */
  stored: boolean;
}

export interface Recorded {
  ok: true;
  run: Run;
  job: Job;
  measurements: RecordedMeasurement[];
  /** What this post changed or made besides its measurements; undefined where nothing. */
  changed: { exposure?: Exposure; run?: Run; job?: Job; runIsNew?: true };
}

/** The credential does not name this job, or it has none. Nothing of the post was stored. */
export interface Refused {
  ok: false;
  message: string;
}

export type PostOutcome = Recorded | Refused;

/** At least one of run, job and exposure. */
export interface MeasurementFilter {
  runId?: number;
  jobId?: number;
  expid?: number;
  camera?: CameraName;
  /** Any spelling. */
  metric?: string;
  /** Older revisions too. */
  revisions?: boolean;
}

/** What the ingest endpoint needs of the durable memory. */
export interface IngestStore extends Pick<
  Store,
  'exposure' | 'listExposures' | 'openRuns' | 'run' | 'runDetail' | 'job' | 'currentConfiguration' | 'saveConfiguration'
> {
  /** SHA-256 (hex) of the password of a run's jobs or of a stored ingest user; undefined for an unknown name. */
  runPasswordHash(runId: number): string | undefined;
  userPasswordHash(user: string): string | undefined;

  /**
   * Stores a batch of posts in one transaction; durable when it returns, one outcome a post, in their order. The job of a
   * post is its run's (run credential), else that of the running run of its exposure, else that of an external run, made
   * when there is none. A value that the job's metric has already is not stored again.
   */
  recordPosts(posts: readonly Post[]): PostOutcome[];

  listRuns(page: { expid?: number; limit: number; offset: number }): { total: number; runs: Run[] };
  listJobs(page: { runId?: number; expid?: number; camera?: CameraName; limit: number; offset: number }): {
    total: number;
    jobs: Job[];
  };
  /** Newest first. */
  listMeasurements(
    filter: MeasurementFilter,
    page: { limit: number; offset: number },
  ): { total: number; measurements: MeasurementSummary[] };
  measurement(id: number): (Measurement & { nonFinite: Record<string, string> | null }) | undefined;
}
