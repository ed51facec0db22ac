import type { Alarm, AlarmEvent } from '#shared/domain/alarm.ts';
import type { AlarmChange } from '../alarms/change.ts';

export interface AlarmListing {
  view: 'active' | 'night' | 'all';
  /** Of the view `night`; the newest night with an alarm where absent. */
  night?: string;
  text?: string;
  limit: number;
  offset: number;
}

/** The durable memory of the alarms. */
export interface AlarmStore {
  /** All that are not cleared, pending ones too; oldest first. */
  openAlarms(): Alarm[];
  alarm(id: number): Alarm | undefined;
  /** In the order of `compareAlarms` where they are active, else newest first; pending ones never. */
  listAlarms(listing: AlarmListing): { total: number; alarms: Alarm[] };
  /** Those of a night that are over, newest first, at most `limit`. */
  clearedAlarms(night: string, limit: number): Alarm[];
  /** Newest first, at most `limit`. */
  alarmHistory(alarmId: number, limit: number): AlarmEvent[];
  /**
   * Stores changes with their events, and that a run has been judged, in one transaction; returns the alarms as they are now
   * (with their ids), those discarded left out.
   */
  commitAlarms(changes: readonly AlarmChange[], at: number, judgedRun?: { runId: number; endedAt: number }): Alarm[];
  /** Runs of the newest night that have ended (again) since they were judged; oldest first, at most `limit`. */
  runsToJudge(limit: number): number[];
}
