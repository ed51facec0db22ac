import type { Exposure } from '#shared/domain/exposure.ts';
import type { QlRunBlock } from '#shared/domain/ql-run-block.ts';
import type { Step } from '#shared/domain/step.ts';

export interface CameraConfiguration {
  /** Path of the written qlconfig-CAM-EXPID8.yaml. */
  file: string;
  /** Steps that the job will perform, in order. */
  plan: Step[];
  /** Canonical names of the QA metrics that a complete job posts. */
  metrics: string[];
}

/** Turns a run's frozen configuration into what one camera's pipeline reads. */
export interface CameraConfigurator {
  /**
   * Checks a saved configuration as a whole.
   * @throws QlfError `invalid-configuration` naming the key and line
   */
  check(yaml: string): void;
  /**
   * What of a saved configuration a run of the exposure keeps: its flavor's block with what its program has of its own, and
   * the references of the emulated instrument's size; all of it where the flavor has none. Throws like `check`.
   */
  freeze(yaml: string, exposure: Pick<Exposure, 'flavor' | 'program' | 'header'>): string;
  /** Writes the camera's file, from what a run keeps, into `directory` (complete or absent). Throws like `check`. */
  write(yaml: string, run: QlRunBlock, directory: string): Promise<CameraConfiguration>;
}
