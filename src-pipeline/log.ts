export type PipelineLogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** Where the science writes what an observer should read; lines reach the log file in the original's protocol. */
export interface PipelineLog {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

/** A log that keeps nothing, for pure calls. */
export const SILENT_LOG: PipelineLog = {
  debug() {},
  info() {},
  warning() {},
  error() {},
};
