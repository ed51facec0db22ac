import { describe, expect, it } from 'vitest';
import type { Exposure } from '#shared/domain/exposure.ts';
import { decideNext, givesWay, type QueueView } from './next-exposure.ts';

const exposures = (...expids: number[]): Exposure[] => expids.map((expid) => ({ expid }) as Exposure);
const queue = (view: Partial<QueueView>): QueueView => ({
  waiting: [],
  superseded: [],
  requested: [],
  setAside: [],
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

  it('goes on with what was set aside when nothing newer waits, also in manual mode', () => {
    expect(decideNext(queue({ setAside: [4, 6], waiting: exposures(7, 5) }))).toEqual({
      ...{ next: 7, supersede: [5], why: 'newest' },
    });
    expect(decideNext(queue({ setAside: [4, 6], waiting: exposures(5) }))).toEqual({
      ...{ next: 6, supersede: [5], why: 'set-aside' },
    });
    expect(decideNext(queue({ setAside: [4], superseded: exposures(9), catchUp: true })).next).toBe(4);
    expect(decideNext(queue({ setAside: [4], waiting: exposures(5), mode: 'manual' }))).toEqual({
      ...{ next: 4, supersede: [], why: 'set-aside' },
    });
  });
});

describe('givesWay', () => {
  it('to what is asked for and to what is newer, never to what is older or to itself', () => {
    const to = (view: Partial<QueueView>): boolean => givesWay(5, decideNext(queue(view)));
    expect(to({ waiting: exposures(6) })).toBe(true);
    expect(to({ setAside: [6] })).toBe(true);
    expect(to({ requested: [2] })).toBe(true);
    expect(to({ requested: [5], waiting: exposures(6) })).toBe(false);
    expect(to({ waiting: exposures(4) })).toBe(false);
    expect(to({ setAside: [4] })).toBe(false);
    expect(to({ superseded: exposures(9), catchUp: true })).toBe(false);
    expect(to({ waiting: exposures(6), mode: 'manual' })).toBe(false);
    expect(to({})).toBe(false);
  });
});
