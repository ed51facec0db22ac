import type { CameraName } from '#shared/domain/camera.ts';

/** A job whose QA outputs come in one merged file, and not post by post. */
export interface MergedQaJob {
  runId: number;
  expid: number;
  night: string;
  camera: CameraName;
}

/** Takes merged QA files in: stored, judged and told like any post. */
export interface MergedQaSink {
  /**
   * Stores what the file holds, durable when it returns; the same again changes nothing.
   * @param text JSON, with NaN and infinities as Python writes them
   * @throws QlfError where the text is no merged QA file, or one of another exposure or camera; nothing is stored then
   */
  record(job: MergedQaJob, text: string): void;
}
