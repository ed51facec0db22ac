import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { Run } from '#shared/domain/run.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { decideNext, givesWay, type QueueDecision } from '../domain/next-exposure.ts';
import type { Store } from '../domain/ports/store.ts';
import type { ControlRoom } from './control-room.ts';

const REQUESTED = 'requested-exposures';

export interface QueueParts {
  store: Store;
  room: ControlRoom;
  settings: () => EngineSettings;
  now: () => number;
}

/** What the engine works on next. */
export interface Taken {
  run: Run;
  exposure: Exposure;
}

/** Why an exposure whose run has begun is passed over. */
function standsBack(next: number): string {
  return `its files are not here; passed over for ${expid8(next)}, gone on with when there is nothing newer`;
}

/** EXPIDs that a person asked for and that are still to be processed, the oldest request first. */
export function requestedExposures(store: Pick<Store, 'setting'>): number[] {
  const stored: Json | undefined = store.setting(REQUESTED);
  return Array.isArray(stored) ? stored.filter((expid): expid is number => typeof expid === 'number') : [];
}

/** What waits to be processed: exposures, requests, and runs that have begun and stand back for others. */
export class ExposureQueue {
  readonly #parts: QueueParts;
  readonly #isCarried: (runId: number) => boolean;
  /** Runs that gave way to others because their files stood still, by run id. */
  readonly #setAside = new Set<number>();

  /** @param isCarried whether the engine works on a run */
  constructor(parts: QueueParts, isCarried: (runId: number) => boolean) {
    this.#parts = parts;
    this.#isCarried = isCarried;
  }

  decide(): QueueDecision {
    const { store, room, settings } = this.#parts;
    return decideNext({
      waiting: store.exposuresInState('waiting'),
      superseded: store.exposuresInState('superseded'),
      requested: this.#requested(),
      setAside: this.#runsSetAside().map(({ expid }) => expid),
      mode: room.snapshot().engine.mode,
      catchUp: settings().catchUp,
    });
  }

  /**
   * Takes what is next: a run that was under way when its engine ended, else what is decided.
   * @param begin makes a new run; null where the exposure cannot be processed, which is written down then
   */
  take(begin: (expid: number, reason: string) => Taken | null): Taken | null {
    const { store } = this.#parts;
    const setAside = this.#runsSetAside();
    const standing = new Set(setAside.map(({ id }) => id));
    const open = store.openRuns().find(({ id }) => !this.#isCarried(id) && !standing.has(id));
    const exposure = open && store.exposure(open.expid);
    if (exposure) {
      this.#takenUp(open);
      return { run: open, exposure };
    }
    const { next, supersede, why } = this.decide();
    if (next === null) return null;
    // Together: a request is not forgotten, and nothing is passed over, before the run is there.
    return store.atOnce(() => {
      for (const expid of supersede) this.supersede(expid, `passed over for ${expid8(next)}`);
      for (const { expid } of setAside)
        if (expid !== next && store.exposure(expid)?.state === 'processing') this.supersede(expid, standsBack(next));
      if (why === 'requested') store.saveSetting(REQUESTED, this.#requested().slice(1));
      const begun = setAside.find(({ expid }) => expid === next);
      if (!begun) return begin(next, why === 'catching-up' ? 'catching up' : '');
      this.#setAside.delete(begun.id);
      this.#takenUp(begun);
      return { run: begun, exposure: store.setExposureState(next, 'processing', '') };
    });
  }

  /**
   * Sets a run aside whose files stand still, if something newer or asked for is there. It stays open, and what has come of
   * its files stays too.
   * @returns whether it was
   */
  giveWay({ id, expid }: Run): boolean {
    const decision = this.decide();
    if (decision.next === null || !givesWay(expid, decision)) return false;
    const { store, now } = this.#parts;
    const reason = standsBack(decision.next);
    this.#setAside.add(id);
    this.supersede(expid, reason);
    const text = `exposure ${expid8(expid)}: ${reason}`;
    store.addJournal({ at: now(), kind: 'run-set-aside', expid, camera: null, text });
    return true;
  }

  /** The run of that number if it stands back for others. */
  standingBack(runId: number): Run | undefined {
    return this.#runsSetAside().find(({ id }) => id === runId);
  }

  supersede(expid: number, reason: string): void {
    const exposure = this.#parts.store.setExposureState(expid, 'superseded', reason);
    this.#parts.room.publish({ type: 'exposure', exposure });
    this.#parts.room.log('engine', 'warning', `exposure ${expid8(expid)} superseded: ${reason}`, { expid });
  }

  request(expid: number): void {
    const requested = this.#requested();
    if (!requested.includes(expid)) this.#parts.store.saveSetting(REQUESTED, [...requested, expid]);
  }

  dropRequests(): void {
    this.#parts.store.saveSetting(REQUESTED, []);
  }

  /** What was set aside is as after a start: open, and known by its stage. */
  forget(): void {
    this.#setAside.clear();
  }

  /** Open runs that nobody carries and whose files are not here: newer exposures go before them. */
  #runsSetAside(): Run[] {
    const waits = ({ id, stage }: Run): boolean => this.#setAside.has(id) || stage === 'detect' || stage === 'transfer';
    return this.#parts.store.openRuns().filter((run) => !this.#isCarried(run.id) && waits(run));
  }

  #takenUp({ id, expid, stage }: Run): void {
    const text = `exposure ${expid8(expid)} taken up again in ${stage}`;
    this.#parts.room.log('engine', 'info', text, { expid, run: id });
  }

  #requested(): number[] {
    return requestedExposures(this.#parts.store);
  }
}
