import type { CameraName } from '#shared/domain/camera.ts';
import type { SampledExposure } from '#shared/domain/limit-samples.ts';
import type { LimitRule } from '#shared/domain/limits.ts';
import type { QaStatus } from '#shared/domain/measurement.ts';

/** One judged number as it is kept, with the limits that were posted. */
export interface StoredSample {
  expid: number;
  camera: CameraName;
  element: string;
  value: number | null;
  reference: number | null;
  normal: [number, number] | null;
  warn: [number, number] | null;
  status: QaStatus;
}

/** Past numbers for a preview of other limits. */
export interface LimitSampleStore {
  /** Processed exposures, newest first. */
  sampledExposures(query: Pick<LimitRule, 'flavor' | 'program'> & { limit: number }): SampledExposure[];
  /** Numbers of one exposure. */
  samplesOf(expid: number, query: Pick<LimitRule, 'key' | 'camera' | 'element'>): StoredSample[];
}
