import type { Exposure } from '#shared/domain/exposure.ts';

export interface QueueView {
  /** In state `waiting`, any order. */
  waiting: readonly Exposure[];
  /** In state `superseded`, any order. */
  superseded: readonly Exposure[];
  /** EXPIDs asked for by hand, oldest request first. */
  requested: readonly number[];
  mode: 'auto' | 'manual';
  catchUp: boolean;
}

export interface QueueDecision {
  /** What to process now, null for nothing. */
  next: number | null;
  /** Exposures that are passed over by this choice. */
  supersede: number[];
  why: 'requested' | 'newest' | 'catching-up' | 'idle';
}

const newestFirst = (exposures: readonly Exposure[]): number[] =>
  exposures.map((exposure) => exposure.expid).sort((a, b) => b - a);

/**
 * Which exposure to process when the engine is free: what a person asked for, else the newest waiting one (those passed
 * over become superseded), else, when catching up is on, the newest superseded one.
 */
export function decideNext(queue: QueueView): QueueDecision {
  const requested = queue.requested[0];
  if (requested !== undefined) return { next: requested, supersede: [], why: 'requested' };
  if (queue.mode === 'manual') return { next: null, supersede: [], why: 'idle' };
  const [newest, ...passedOver] = newestFirst(queue.waiting);
  if (newest !== undefined) return { next: newest, supersede: passedOver, why: 'newest' };
  const [gap] = queue.catchUp ? newestFirst(queue.superseded) : [];
  if (gap !== undefined) return { next: gap, supersede: [], why: 'catching-up' };
  return { next: null, supersede: [], why: 'idle' };
}
