import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Exposure } from '#shared/domain/exposure.ts';
import type { ControlRoomState, RunDetail } from '#shared/state/control-room.ts';
import type { ControlRoomEvent, EventBatch } from '#shared/state/events.ts';
import { applyBatch, reduce } from '#shared/state/reducer.ts';
import type { Bridge } from '../bridge.ts';
import { cameraModels, type CameraModels } from '../model/camera-model.ts';
import { problemsOf, type Problem } from '../model/problems.ts';
import { verdictOf } from '../model/verdict.ts';
import type { Status } from '../model/status.ts';
import { frameBatcher, type NextFrame } from './frame-batcher.ts';

/** What became of a run, for the queue; kept as long as the window lives. */
export interface Outcome {
  status: Status;
  words: string;
  durationMs: number | null;
}

/** All that comes from the engine, with what follows from it. */
export interface ControlRoom {
  link: 'connecting' | 'live' | 'lost';
  /** Why the link is lost, for the observer; empty otherwise. */
  linkError: string;
  room: ControlRoomState | null;
  /** When the engine was last heard of, an event or only its pulse, ms since the epoch; null: never. */
  heardAt: number | null;
  /** A past run on screen instead of the newest; null when live. */
  past: RunDetail | null;
  /** The exposure of the past run where it is older than the recent ones; else null. */
  oldExposure: Exposure | null;
  /** Evidence is being looked at: when the next run begins, the one on screen stays there as a past one. */
  holding: boolean;
  cameras: CameraModels;
  problems: readonly Problem[];
  outcomes: ReadonlyMap<number, Outcome>;
}

export interface ControlRoomHandle {
  store: StoreApi<ControlRoom>;
  /** Subscribes and takes the snapshot; returns the way to stop. */
  start(): () => void;
  /** Takes the snapshot again, now. */
  refresh(): Promise<void>;
  /** Shows a past run; an error in words when it cannot be had. */
  showRun(runId: number): Promise<string>;
  showLive(): void;
  /** Begins or ends holding; a run that stayed only because it was held makes way for the newest. */
  hold(holding: boolean): void;
  /** Asks for what became of a run, unless that is known. */
  wantOutcome(runId: number): Promise<void>;
}

const RETRY_MS = [500, 1000, 2000, 5000] as const;

/** Whether the test environment observes, and no telescope. */
export function isEmulated({ room }: Pick<ControlRoom, 'room'>): boolean {
  return (room?.connections ?? []).some(({ name, adapter }) => name === 'dos' && adapter === 'test environment');
}

/** The run on screen: the past one that was asked for, else the engine's. */
export function shownRun(state: Pick<ControlRoom, 'past' | 'room'>): RunDetail | null {
  return state.past ?? state.room?.current ?? null;
}

/** The exposure of the run on screen; undefined before it is known, and before the first run. */
export function shownExposure(state: Pick<ControlRoom, 'past' | 'room' | 'oldExposure'>): Exposure | undefined {
  const expid = shownRun(state)?.run.expid;
  if (expid === undefined) return undefined;
  const recent = state.room?.exposures.find((exposure) => exposure.expid === expid);
  return recent ?? (state.oldExposure?.expid === expid ? state.oldExposure : undefined);
}

function derive(state: ControlRoom, change: Partial<ControlRoom>): ControlRoom {
  const next = { ...state, ...change };
  const detail = shownRun(next);
  const cameras = cameraModels(detail, shownExposure(next)?.camerasExpected ?? null, state.cameras);
  const changed = Object.values(cameras).some((model) => state.cameras[model.camera] !== model);
  if (!changed) return { ...next, cameras: state.cameras };
  return { ...next, cameras, problems: problemsOf(cameras) };
}

function outcomeOf(detail: RunDetail): Outcome {
  const models = cameraModels(detail, null);
  const verdict = verdictOf(detail, models, problemsOf(models), []);
  const { startedAt, endedAt } = detail.run;
  return {
    status: verdict.status,
    words: verdict.headline,
    durationMs: endedAt === null ? null : endedAt - startedAt,
  };
}

/** Events of a run that is not the newest: its jobs may be retried while it is on screen. */
function updatePast(past: RunDetail, room: ControlRoomState, events: readonly ControlRoomEvent[]): RunDetail {
  const own = events.filter(({ type }) => type === 'run' || type === 'job' || type === 'measurement');
  return own.reduce(reduce, { ...room, current: past }).current ?? past;
}

/**
 * The renderer's copy of the control room: a snapshot, then every batch of events through the shared reducer, and the
 * snapshot again when a batch is missing. Nothing here is made up; without an engine it stays empty and says so.
 */
export function createControlRoom(bridge: Bridge, nextFrame: NextFrame): ControlRoomHandle {
  const store = createStore<ControlRoom>(() => ({
    link: 'connecting',
    linkError: '',
    room: null,
    heardAt: null,
    past: null,
    oldExposure: null,
    holding: false,
    cameras: cameraModels(null, null),
    problems: [],
    outcomes: new Map(),
  }));
  const update = (change: Partial<ControlRoom>): void => {
    store.setState((state) => derive(state, change), true);
  };

  let stopped = true;
  let taking: Promise<void> | null = null;
  /** Batches that came while a snapshot was under way. */
  let early: EventBatch[] = [];
  let failures = 0;
  /** The past run on screen was not asked for: it stayed. */
  let held = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const apply = (batches: readonly EventBatch[]): void => {
    const { room, past, holding, outcomes } = store.getState();
    if (!room || taking) {
      early.push(...batches);
      store.setState({ heardAt: Date.now() });
      return;
    }
    let next = room;
    for (const batch of batches) {
      const applied = applyBatch(next, batch);
      if (!applied) {
        early.push(...batches);
        void refresh();
        return;
      }
      next = applied;
    }
    const change: Partial<ControlRoom> = { room: next, heardAt: Date.now() };
    if (past)
      change.past = updatePast(
        past,
        next,
        batches.flatMap((batch) => batch.events),
      );
    const left = room.current;
    if (left && left.run.id !== next.current?.run.id) {
      if (left.run.state !== 'running') change.outcomes = new Map(outcomes).set(left.run.id, outcomeOf(left));
      if (holding && !past) {
        change.past = left;
        held = true;
      }
    }
    update(change);
  };

  const take = async (): Promise<void> => {
    clearTimeout(retry);
    const answer = await bridge.call('control-room.snapshot', {});
    taking = null;
    if (stopped) return;
    if (!answer.ok) {
      update({ link: 'lost', linkError: answer.error.message });
      retry = setTimeout(() => void refresh(), RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
      return;
    }
    failures = 0;
    const before = store.getState().room;
    // Another data folder: what was seen of the old one has nothing to do with it.
    const elsewhere = before !== null && before.engine.dataDir !== answer.value.engine.dataDir;
    if (elsewhere) held = false;
    update({
      link: 'live',
      linkError: '',
      room: answer.value,
      heardAt: Date.now(),
      ...(elsewhere ? { past: null, outcomes: new Map() } : {}),
    });
    const batches = early;
    early = [];
    if (batches.length > 0) apply(batches);
  };

  const refresh = (): Promise<void> => (taking ??= take());

  return {
    store,
    refresh,
    start() {
      stopped = false;
      const unsubscribe = bridge.onEvents(frameBatcher(apply, nextFrame));
      void refresh();
      return () => {
        stopped = true;
        clearTimeout(retry);
        unsubscribe();
      };
    },
    async showRun(runId) {
      if (store.getState().room?.current?.run.id === runId) {
        update({ past: null });
        return '';
      }
      const answer = await bridge.call('run.get', { runId });
      if (!answer.ok) return answer.error.message;
      const { expid } = answer.value.run;
      const isRecent = store.getState().room?.exposures.some((exposure) => exposure.expid === expid) ?? false;
      // An older one has left the snapshot.
      const old = isRecent ? null : await bridge.call('exposure.get', { expid });
      held = false;
      update({ past: answer.value, oldExposure: old?.ok ? old.value : null });
      return '';
    },
    showLive() {
      held = false;
      update({ past: null });
    },
    hold(holding) {
      const letGo = !holding && held;
      if (letGo) held = false;
      update(letGo ? { holding, past: null } : { holding });
    },
    async wantOutcome(runId) {
      const { outcomes, room } = store.getState();
      if (outcomes.has(runId) || room?.current?.run.id === runId) return;
      const answer = await bridge.call('run.get', { runId });
      if (!answer.ok || answer.value.run.state === 'running') return;
      const outcome = outcomeOf(answer.value);
      store.setState((state) => ({ outcomes: new Map(state.outcomes).set(runId, outcome) }));
    },
  };
}
