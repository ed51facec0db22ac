import type { Exposure } from '#shared/domain/exposure.ts';

export interface QueueView {
  /** In state `waiting`, any order. */
  waiting: readonly Exposure[];
  /** In state `superseded`, any order. */
  superseded: readonly Exposure[];
  /** EXPIDs asked for by hand, oldest request first. */
  requested: readonly number[];
  /** Exposures whose run has begun and waits for its files: they stood still, or a restart found it so. */
  setAside: readonly number[];
  mode: 'auto' | 'manual';
  catchUp: boolean;
}

export interface QueueDecision {
  /** What to process now, null for nothing. */
  next: number | null;
  /** Exposures that are passed over by this choice. */
  supersede: number[];
  why: 'requested' | 'newest' | 'set-aside' | 'catching-up' | 'idle';
}

const newestFirst = (exposures: readonly Exposure[]): number[] =>
  exposures.map((exposure) => exposure.expid).sort((a, b) => b - a);

/**
 * Which exposure to process when the engine is free: what a person asked for, else the newest of those that wait and those
 * that were set aside (waiting ones that are passed over become superseded), else, when catching up is on, the newest
 * superseded one. What was set aside is gone on with in manual mode too: its run has begun.
 */
export function decideNext(queue: QueueView): QueueDecision {
  const requested = queue.requested[0];
  if (requested !== undefined) return { next: requested, supersede: [], why: 'requested' };
  const waiting = queue.mode === 'manual' ? [] : newestFirst(queue.waiting);
  const [newest = -1] = waiting;
  const begun = Math.max(...queue.setAside, -1);
  if (begun > newest) return { next: begun, supersede: waiting, why: 'set-aside' };
  if (newest >= 0) return { next: newest, supersede: waiting.slice(1), why: 'newest' };
  const catchUp = queue.catchUp && queue.mode === 'auto';
  const [gap] = catchUp ? newestFirst(queue.superseded) : [];
  if (gap !== undefined) return { next: gap, supersede: [], why: 'catching-up' };
  return { next: null, supersede: [], why: 'idle' };
}

/**
 * Whether the files of an exposure are waited for beyond the usual time: nothing newer is to be processed, or gaps are caught up
 * with.
 * @param exposures the newest, any order; those that are registered only are in nobody's way
 */
export function worthWaiting(
  expid: number,
  exposures: readonly Pick<Exposure, 'expid' | 'state'>[],
  catchUp: boolean,
): boolean {
  return catchUp || !exposures.some((other) => other.expid > expid && other.state !== 'registered');
}

/** Whether an exposure whose files stand still gives way: to what a person asked for, and to what is newer. */
export function givesWay(current: number, { next, why }: QueueDecision): boolean {
  return next !== null && next !== current && (why === 'requested' || (why !== 'catching-up' && next > current));
}
