import type { CameraName } from './camera.ts';
import type { QaStatus } from './measurement.ts';

/** An exposure whose numbers are among the samples. */
export interface SampledExposure {
  expid: number;
  /** Its newest run. */
  runId: number;
  night: string;
  flavor: string;
  program: string | null;
  /** What an observer thought of it; null where nobody said. */
  flag: string | null;
}

/** One judged number of the past. */
export interface LimitSample {
  /** Index in the exposures. */
  exposure: number;
  camera: CameraName;
  element: string;
  value: number | null;
  /** As posted. */
  reference: number | null;
  /** Index in the ranges; -1 where none were posted. */
  ranges: number;
  /** As it was judged then. */
  status: QaStatus;
}

/** Past numbers of one METRICS key. */
export interface LimitSamples {
  /** Oldest first. */
  exposures: SampledExposure[];
  /** Sets of posted deviations that occur. */
  ranges: { normal: [number, number]; warn: [number, number] }[];
  samples: LimitSample[];
}
