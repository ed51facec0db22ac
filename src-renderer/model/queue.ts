import { isScienceFlavor, type Exposure } from '#shared/domain/exposure.ts';
import type { Run } from '#shared/domain/run.ts';
import type { Outcome } from '../store/control-room.ts';
import { formatDuration } from './format.ts';
import { rollUp, type Status } from './status.ts';

/** A line of the queue. */
export interface QueueRow {
  exposure: Exposure;
  status: Status;
  /** 'science, dark' */
  what: string;
  /** Time, state or reason at the right. */
  note: string;
  /** It can be processed by hand now. */
  processable: boolean;
  /** Its run can be shown. */
  runId: number | null;
  now: boolean;
}

function statusOf(
  exposure: Exposure,
  current: Run | null,
  currentStatus: Status,
  outcome: Outcome | undefined,
): Status {
  const isCurrent = current !== null && exposure.lastRunId === current.id;
  switch (exposure.state) {
    case 'registered':
      return 'not-expected';
    case 'waiting':
      return 'waiting';
    case 'superseded':
      return 'superseded';
    case 'processing':
      return isCurrent ? (rollUp([currentStatus, 'running']) ?? 'running') : 'running';
    case 'processed':
      return isCurrent ? currentStatus : (outcome?.status ?? 'unknown');
    case 'failed':
      return 'failed';
  }
}

function noteOf(exposure: Exposure, current: Run | null, outcome: Outcome | undefined): string {
  const isCurrent = current !== null && exposure.lastRunId === current.id;
  switch (exposure.state) {
    case 'registered':
      return exposure.reason || 'registered';
    case 'waiting':
      return exposure.reason || 'next';
    case 'superseded':
      return exposure.reason || 'superseded';
    case 'failed':
      return exposure.reason || 'failed';
    case 'processing':
      return 'processing';
    case 'processed': {
      const ms = isCurrent && current.endedAt !== null ? current.endedAt - current.startedAt : outcome?.durationMs;
      return ms === null || ms === undefined ? '' : formatDuration(ms);
    }
  }
}

/** The newest exposures, newest first, as the queue shows them. */
export function queueRows(
  exposures: readonly Exposure[],
  current: Run | null,
  currentStatus: Status,
  outcomes: ReadonlyMap<number, Outcome>,
): QueueRow[] {
  return exposures.map((exposure) => {
    const outcome = exposure.lastRunId === null ? undefined : outcomes.get(exposure.lastRunId);
    const words = [isScienceFlavor(exposure.flavor) ? exposure.program : null, exposure.flavor];
    return {
      exposure,
      status: statusOf(exposure, current, currentStatus, outcome),
      what: words.filter((word) => word !== null && word !== '').join(' '),
      note: noteOf(exposure, current, outcome),
      processable: exposure.state !== 'processing',
      runId: exposure.lastRunId,
      now: current !== null && exposure.lastRunId === current.id && exposure.state === 'processing',
    };
  });
}
