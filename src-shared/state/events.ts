import type { Alarm, AlarmAnnouncement, AlarmMute } from '../domain/alarm.ts';
import type { Questions } from '../domain/connection.ts';
import type { Exposure } from '../domain/exposure.ts';
import type { Job, Run } from '../domain/run.ts';
import type { MeasurementSummary } from '../domain/measurement.ts';
import type { Connection, DiskUsage, EngineStatus, LogLine, RunDetail, TransferProgress } from './control-room.ts';

/** Everything that can change the control room's state. Only scalars and statuses travel here. */
export type ControlRoomEvent =
  | { type: 'engine'; engine: EngineStatus }
  | { type: 'connection'; connection: Connection }
  | { type: 'questions'; questions: Questions }
  | { type: 'exposure'; exposure: Exposure }
  | { type: 'run'; run: Run }
  /** A run's jobs all at once, when it begins or comes on screen; null empties the screen. */
  | { type: 'run-detail'; detail: RunDetail | null }
  | { type: 'job'; job: Job }
  | { type: 'measurement'; measurement: MeasurementSummary }
  | { type: 'transfer'; progress: TransferProgress | null }
  | { type: 'log'; line: LogLine }
  | { type: 'disk'; disk: DiskUsage }
  /** New or changed; one that is over leaves the list. */
  | { type: 'alarm'; alarm: Alarm }
  /** It turned out to be nothing, or part of another. */
  | { type: 'alarm-gone'; id: number }
  | { type: 'mutes'; mutes: AlarmMute[] }
  | { type: 'announcement'; announcement: AlarmAnnouncement }
  /** Somebody commented on an exposure or flagged it. */
  | { type: 'notes'; expid: number }
  | { type: 'typical'; typicalStageMs: Partial<Record<Run['stage'], number>> };

/** What the push channel carries: events numbered from `firstSeq` without a gap. */
export interface EventBatch {
  firstSeq: number;
  events: ControlRoomEvent[];
  /** When the engine flushed it, ms since the epoch (performance.timeOrigin based, fractional). */
  sentAt: number;
}
