import type { CameraName } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';

/** Status of a job on the wire: 0 ok, 1 failed, 2 running. */
export const JOB_STATUS = { ok: 0, failed: 1, running: 2 } as const;

/** What is posted: the founding document's job. */
export interface JobDocument {
  /** The sender's own label: the run. */
  id: number;
  expid: number;
  camera: CameraName;
  status: (typeof JOB_STATUS)[keyof typeof JOB_STATUS];
  measurements: { metric: string; value: Json }[];
}
