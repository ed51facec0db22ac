/** Exit codes of `ql-pipeline`; a code never changes its meaning. Documented in docs/pipeline.md. */
export const EXIT = {
  ok: 0,
  /** an error of the program itself */
  internal: 1,
  /** options that make no sense */
  usage: 2,
  /** the configuration is missing or invalid */
  configuration: 3,
  /** a raw or fibermap file does not exist */
  missingInput: 4,
  /** the raw file or the fibermap is damaged, or is of another exposure */
  badInput: 5,
  /** no calibration, or none that fits */
  calibration: 6,
  /** a processing step failed */
  step: 7,
  /** all steps ran, one or more QAs failed */
  qa: 8,
  /** everything was computed, but results could not be posted: they are in the spool */
  notPosted: 9,
  /** a product or the merged QA file could not be written */
  notWritten: 10,
  /** the computing died (out of memory) */
  crashed: 11,
  /** the program that started it is gone */
  orphaned: 12,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a job failed, with its exit code; the message is one line for the observer. */
export class JobFailure extends Error {
  readonly code: ExitCode;
  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobFailure';
    this.code = code;
  }
}

/** What an unknown thrown thing says, in one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
