import type { DiagnosticsStep } from '#shared/domain/diagnostics.ts';

/** What a database says of itself. */
export interface DatabaseReport {
  /** Schema version, page counts, the statements that made it, rows of each table, what the check found in each. */
  about: Record<string, unknown>;
  /** Settings by their names; of those that QLF does not know to be harmless the name alone. */
  settings: Record<string, unknown>;
  /** Newest first. */
  alarms: unknown[];
  /** Jobs that failed last, with the paths of their logs below the data folder. */
  failedJobs: { expid: number; runId: number; camera: string; reason: string; logFile: string | null }[];
}

/** Everything of which a bundle is made. */
export interface BundleOrder {
  /** Absolute path of the archive, .tar.gz. */
  target: string;
  /** A folder of its own, made before and removed after. */
  staging: string;
  /** QLF's own folder. */
  root: string;
  /** Texts by their names in the bundle. */
  documents: Record<string, string>;
  /** What must not stand in the bundle, wherever it comes from. */
  hidden: string[];
}

/** Told of each step as it goes on; `share` is of that step, 0 … 1. */
export type BundleProgress = (step: DiagnosticsStep, share: number) => void;

/** Reads a database without changing it. @param progress share of the tables that were checked */
export type InspectDatabase = (file: string, progress: (share: number) => void) => DatabaseReport;
