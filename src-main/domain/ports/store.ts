import type { Conditions } from '../exposure-conditions.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import type { ConfigurationSummary, ConfigurationVersion } from '#shared/domain/configuration.ts';
import type { Exposure, ExposureState } from '#shared/domain/exposure.ts';
import type { LimitsSummary, LimitsVersion } from '#shared/domain/limits.ts';
import type { Json, Measurement, MeasurementSummary, QaStatus } from '#shared/domain/measurement.ts';
import type { Job, JobState, Run, RunState, Stage } from '#shared/domain/run.ts';
import type { Step } from '#shared/domain/step.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import type { DosExposure } from './dos-client.ts';

export interface JobPatch {
  state?: JobState;
  plan?: Step[];
  steps?: Job['steps'];
  attempt?: number;
  startedAt?: number | null;
  endedAt?: number | null;
  exitCode?: number | null;
  signal?: string | null;
  reason?: string;
  logFile?: string | null;
}

/** The operating-system process of a running job, to find it again after a crash. */
export interface JobProcess {
  jobId: number;
  pid: number;
  /** Clock ticks since boot, from /proc; tells a reused pid. */
  startTime: string | null;
}

/** The durable memory of the engine; every method is one transaction, durable when it returns. */
export interface Store {
  /** Does several things as one transaction: after a crash or power cut all of them are there, or none. */
  atOnce<T>(work: () => T): T;
  /**
   * Inserts the exposure if its EXPID is new, or completes one that only an external pipeline had told about; returns the
   * stored one either way.
   */
  registerExposure(
    exposure: DosExposure,
    as: { state: ExposureState; reason: string; camerasExpected: CameraName[]; at: number },
  ): Exposure;
  exposure(expid: number): Exposure | undefined;
  /** True when the DOS has told about it; one known only from an external pipeline's post is still to be registered. */
  isRegistered(expid: number): boolean;
  listExposures(page: { limit: number; offset: number }): { total: number; exposures: Exposure[] };
  /** Newest EXPID first, of those that the DOS told of: what came from elsewhere is not for this engine to process. */
  exposuresInState(state: ExposureState): Exposure[];
  setExposureState(expid: number, state: ExposureState, reason: string): Exposure;
  /** Gives an exposure what it has not: its airmass, its seeing. Null where nothing was wanting, or nothing is known. */
  completeConditions(expid: number, measured: Conditions): Exposure | null;
  /** Of those that the DOS told about. */
  highestExpid(): number | null;

  /** A new QLF run in stage `detect`; sets the exposure's lastRunId. `passwordHash` is of the run's ingest credential. */
  createRun(run: {
    expid: number;
    night: string;
    configurationId: number;
    /** The frozen configuration, YAML. */
    configuration: string;
    /** The limits that will judge it; null: those posted. */
    limitsVersion?: number | null;
    passwordHash: string;
    startedAt: number;
  }): Run;
  run(id: number): Run | undefined;
  /** The frozen configuration (YAML) of a run. */
  runConfiguration(id: number): string;
  /** QLF's own runs that have not ended, oldest first; external ones are nobody's to carry on. */
  openRuns(): Run[];
  lastRun(): Run | undefined;
  runDetail(id: number): RunDetail | undefined;
  enterStage(runId: number, stage: Stage, at: number): Run;
  endRun(runId: number, state: Exclude<RunState, 'running'>, reason: string, at: number): Run;
  /** A run that ended goes on, in stage `process`: one of its jobs is retried. */
  reopenRun(runId: number, at: number): Run;
  setRunPassword(runId: number, passwordHash: string): void;
  /** Median ms of each stage over the last `limit` runs that are done. */
  typicalStageMs(limit: number): Partial<Record<Stage, number>>;

  /** Creates the jobs of a run, all at once; those that exist already are kept. */
  createJobs(runId: number, jobs: { camera: CameraName; state: JobState; reason: string }[]): Job[];
  job(id: number): Job | undefined;
  jobOf(runId: number, camera: CameraName): Job | undefined;
  jobs(runId: number): Job[];
  updateJob(id: number, patch: JobPatch): Job;
  setJobProcess(process: JobProcess): void;
  clearJobProcess(jobId: number): void;
  jobProcesses(): JobProcess[];

  /** Newest revision of each metric of a job. */
  measurements(jobId: number): Measurement[];
  measurementSummaries(runId: number): MeasurementSummary[];
  metricHistory(query: {
    camera: CameraName;
    metric: string;
    key: string;
    limit: number;
  }): { expid: number; status: QaStatus; values: (number | null)[] }[];

  currentConfiguration(): ConfigurationVersion;
  /** `scopes`: which parts differ from the version before; null where nobody has looked. */
  saveConfiguration(version: Omit<ConfigurationVersion, 'id'>, scopes?: readonly string[] | null): ConfigurationVersion;
  configuration(id: number): ConfigurationVersion | undefined;
  /** Newest first, without their texts. */
  listConfigurations(page: { limit: number; offset: number }): { total: number; versions: ConfigurationSummary[] };

  /** The newest version of the limits; undefined before the first. */
  currentLimits(): LimitsVersion | undefined;
  limitsVersion(id: number): LimitsVersion | undefined;
  saveLimits(version: Omit<LimitsVersion, 'id'>): LimitsVersion;
  /** Newest first. */
  listLimits(page: { limit: number; offset: number }): { total: number; versions: LimitsSummary[] };

  /** A setting as stored JSON; undefined where never set. */
  setting(key: string): Json | undefined;
  saveSetting(key: string, value: Json): void;
  /** The journal of what the engine and its people did. */
  addJournal(entry: { at: number; kind: string; expid: number | null; camera: CameraName | null; text: string }): void;
  close(): void;
}
