import type { Alarm, AlarmAnnouncement, AlarmMute } from '../domain/alarm.ts';
import type { CameraName } from '../domain/camera.ts';
import { NO_QUESTIONS, type Questions } from '../domain/connection.ts';
import type { Exposure } from '../domain/exposure.ts';
import type { Job, Run } from '../domain/run.ts';
import type { MeasurementSummary } from '../domain/measurement.ts';

/** What the engine is doing: `off` when stopped by the operator, `idle` when it waits for exposures. */
export type EngineActivity = 'off' | 'idle' | 'running';

export interface EngineStatus {
  activity: EngineActivity;
  /** auto: new exposures are processed by themselves; manual: only on request. */
  mode: 'auto' | 'manual';
  since: number;
  /** Highest number of jobs at once. */
  parallel: number;
  dataDir: string;
  ingestUrl: string;
  /** Things the observer must know, e.g. that the ingest port was taken; empty when all is well. */
  warnings: string[];
}

export const CONNECTIONS = ['dos', 'transfer', 'ingest'] as const;
export type ConnectionName = (typeof CONNECTIONS)[number];

export interface Connection {
  name: ConnectionName;
  /** Which adapter, in words: 'test environment', 'exposure folder' … */
  adapter: string;
  state: 'ok' | 'lost' | 'idle';
  /** Since when this state holds, and when it last answered (null: never). */
  since: number;
  lastContact: number | null;
  /** The last error in words, empty when there is none. */
  error: string;
  /** When it is tried again, where it is lost and that is known; a time that is past: it is tried now. */
  retryAt: number | null;
  /** The last loss of this start, also when it is over: what was said, and when it was lost and found again. */
  lastLoss: { error: string; at: number; until: number | null } | null;
}

/** Bytes moved for the running transfer. */
export interface TransferProgress {
  expid: number;
  file: string;
  bytes: number;
  totalBytes: number | null;
  /** bytes / s */
  rate: number | null;
  /** Until the file is here at that rate; null where that cannot be told. */
  secondsLeft: number | null;
}

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogLine {
  /** Rises by one a line within one start of the engine. */
  id: number;
  at: number;
  source: 'engine' | 'monitor' | 'pipeline';
  level: LogLevel;
  expid: number | null;
  camera: CameraName | null;
  /** Number of the run that it is about; absent where it is about none. */
  run?: number;
  text: string;
}

export interface DiskUsage {
  totalBytes: number;
  freeBytes: number;
  /** Used shares from which it is a warning and a fault, as the alarms' settings have them. */
  warnAt: number;
  faultAt: number;
  /** bytes that a night takes, by the last whole ones; absent until there is one. */
  nightBytes?: number;
  checkedAt: number;
}

/** A run with its jobs and the newest revision of each of their measurements. */
export interface RunDetail {
  run: Run;
  jobs: Job[];
  measurements: MeasurementSummary[];
}

/** All that the monitor shows; both sides hold one and apply the same events to it. */
export interface ControlRoomState {
  /** Sequence number of the last event applied. */
  seq: number;
  engine: EngineStatus;
  connections: Connection[];
  /** Newest first, at most RECENT_EXPOSURES. */
  exposures: Exposure[];
  /** The run on screen: the running one, else the newest. Null before the first. */
  current: RunDetail | null;
  transfer: TransferProgress | null;
  /** Oldest first, at most LOG_TAIL lines. */
  log: LogLine[];
  disk: DiskUsage | null;
  /** What the connections ask a person. */
  questions: Questions;
  /** Every alarm that is not over, in the order of `compareAlarms`. */
  alarms: Alarm[];
  /** Silence that holds or held; those that are past say nothing. */
  mutes: AlarmMute[];
  /** What was last made heard; null since the engine began. */
  announcement: AlarmAnnouncement | null;
  /** Rises with every comment and flag, so that those who show them ask again. */
  notes: number;
  /** Median duration of each stage over past runs, ms; absent until there is one. */
  typicalStageMs: Partial<Record<Run['stage'], number>>;
}

/** A room that nothing has come into yet, its engine at rest. @param since ms since the epoch */
export function emptyRoom(dataDir: string, since: number): ControlRoomState {
  return {
    seq: 0,
    engine: { activity: 'idle', mode: 'auto', since, parallel: 1, dataDir, ingestUrl: '', warnings: [] },
    connections: [],
    exposures: [],
    current: null,
    transfer: null,
    log: [],
    disk: null,
    questions: NO_QUESTIONS,
    alarms: [],
    mutes: [],
    announcement: null,
    notes: 0,
    typicalStageMs: {},
  };
}

export const RECENT_EXPOSURES = 60;
export const LOG_TAIL = 400;
