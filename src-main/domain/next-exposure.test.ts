import { describe, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import { decideNext, type QueueView } from './next-exposure.ts';

const exposures = (...expids: number[]): Exposure[] => expids.map((expid) => ({ expid }) as Exposure);
const queue = (view: Partial<QueueView>): QueueView => ({
  waiting: [],
  superseded: [],
  requested: [],
  mode: 'auto',
  catchUp: false,
  ...view,
});

describe('decideNext', () => {
  it('takes the newest waiting exposure and supersedes those passed over', () => {
    expect(decideNext(queue({ waiting: exposures(3, 5, 4) }))).toEqual({ next: 5, supersede: [4, 3], why: 'newest' });
  });

  it('prefers what a person asked for, and passes nothing over for it', () => {
    expect(decideNext(queue({ waiting: exposures(9), requested: [2, 7] }))).toEqual({
      next: 2,
      supersede: [],
      why: 'requested',
    });
  });

  it('catches up newest first, only when nothing waits and only when told to', () => {
    expect(decideNext(queue({ superseded: exposures(1, 3), catchUp: true })).next).toBe(3);
    expect(decideNext(queue({ superseded: exposures(1, 3) })).next).toBeNull();
    expect(decideNext(queue({ waiting: exposures(4), superseded: exposures(3), catchUp: true })).next).toBe(4);
  });

  it('does nothing by itself in manual mode', () => {
    expect(
      decideNext(queue({ waiting: exposures(4), mode: 'manual', superseded: exposures(1), catchUp: true })),
    ).toEqual({
      next: null,
      supersede: [],
      why: 'idle',
    });
  });
});
