import { describe, expect, it } from 'vitest';
import type { Result } from '#shared/ipc/result.ts';
import type { ControlRoomEvent, EventBatch } from '#shared/state/events.ts';
import type { ControlRoomState } from '#shared/state/control-room.ts';
import { typedBridge, type RawBridge } from '../bridge.ts';
import { CAMERAS } from '#shared/domain/camera.ts';
import { detail, job, measurement, room } from '../testing/fixture.ts';
import { createControlRoom, shownRun } from './control-room.ts';
import { frameBatcher } from './frame-batcher.ts';
import { createView, nextTheme } from './view.ts';

/** An engine of which the test holds every answer and event. */
function fakeEngine(snapshot: () => Result<ControlRoomState>) {
  let listener: (batch: EventBatch) => void = () => undefined;
  let asked = 0;
  const raw: RawBridge = {
    call(channel) {
      if (channel === 'control-room.snapshot') {
        asked += 1;
        return Promise.resolve(snapshot());
      }
      if (channel === 'run.get')
        return Promise.resolve({ ok: true, value: detail([job('b0')], [], { id: 3, state: 'done' }) });
      return Promise.reject(new Error('gone'));
    },
    openFile: () => Promise.reject(new Error('gone')),
    onEvents(call) {
      listener = call;
      return () => undefined;
    },
  };
  return {
    bridge: typedBridge(raw),
    send: (firstSeq: number, events: ControlRoomEvent[]) => listener({ firstSeq, events, sentAt: 0 }),
    asked: () => asked,
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const atOnce = (callback: () => void): void => callback();
const jobs = CAMERAS.map((camera) => job(camera, { state: 'running', endedAt: null }));
const arrival = (camera: 'b3' | 'z1'): ControlRoomEvent => ({
  type: 'measurement',
  measurement: measurement(camera, 'getrms', [2.6, 2.6, 2.6, 2.6]),
});

describe('the control room', () => {
  it('takes the snapshot, then every event; one measurement changes one camera', async () => {
    const engine = fakeEngine(() => ({ ok: true, value: room({ seq: 4, current: detail(jobs, []) }) }));
    const handle = createControlRoom(engine.bridge, atOnce);
    const stop = handle.start();
    engine.send(4, [arrival('b3'), arrival('z1')]);
    await settle();
    expect(handle.store.getState().link).toBe('live');
    // Event 4 is in the snapshot already; 5 is new.
    expect(CAMERAS.filter((camera) => handle.store.getState().cameras[camera].measurements.length > 0)).toEqual(['z1']);
    const before = handle.store.getState().cameras;
    engine.send(6, [arrival('b3')]);
    const { cameras } = handle.store.getState();
    expect(CAMERAS.filter((camera) => cameras[camera] !== before[camera])).toEqual(['b3']);
    stop();
  });

  it('takes the snapshot again when a batch is missing', async () => {
    let seq = 0;
    const engine = fakeEngine(() => ({ ok: true, value: room({ seq, current: detail(jobs, []) }) }));
    const handle = createControlRoom(engine.bridge, atOnce);
    const stop = handle.start();
    await settle();
    seq = 9;
    engine.send(9, [arrival('b3')]);
    engine.send(10, [arrival('z1')]);
    await settle();
    expect(engine.asked()).toBe(2);
    expect(handle.store.getState().room?.seq).toBe(10);
    stop();
  });

  it('says why it has no engine', async () => {
    const engine = fakeEngine(() => ({
      ok: false,
      error: { code: 'unavailable', message: 'The engine is starting.' },
    }));
    const handle = createControlRoom(engine.bridge, atOnce);
    const stop = handle.start();
    await settle();
    expect(handle.store.getState()).toMatchObject({ link: 'lost', linkError: 'The engine is starting.', room: null });
    stop();
  });

  it('shows an earlier run until live is asked for, and learns what became of runs', async () => {
    const engine = fakeEngine(() => ({ ok: true, value: room({ current: detail(jobs, []) }) }));
    const handle = createControlRoom(engine.bridge, atOnce);
    const stop = handle.start();
    await settle();
    expect(await handle.showRun(3)).toBe('');
    expect(shownRun(handle.store.getState())?.run.id).toBe(3);
    handle.showLive();
    expect(shownRun(handle.store.getState())?.run.id).toBe(7);
    await handle.wantOutcome(3);
    expect(handle.store.getState().outcomes.get(3)?.status).toBe('unknown');
    stop();
  });
});

describe('evidence under study', () => {
  it('stays on screen when the next run begins, and makes way when it is left', async () => {
    const engine = fakeEngine(() => ({ ok: true, value: room({ current: detail(jobs, []) }) }));
    const handle = createControlRoom(engine.bridge, atOnce);
    const stop = handle.start();
    await settle();
    handle.hold(true);
    engine.send(1, [{ type: 'run-detail', detail: detail([], [], { id: 8 }) }]);
    expect(shownRun(handle.store.getState())?.run.id).toBe(7);
    handle.hold(false);
    expect(shownRun(handle.store.getState())?.run.id).toBe(8);
    await handle.showRun(3);
    handle.hold(true);
    handle.hold(false);
    expect(shownRun(handle.store.getState())?.run.id).toBe(3);
    stop();
  });
});

describe('the bridge', () => {
  it('turns a call that breaks into an error that says so', async () => {
    const engine = fakeEngine(() => ({ ok: true, value: room() }));
    const answer = await engine.bridge.call('engine.stop', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });
});

describe('the frame batcher', () => {
  it('hands over at once when idle, and once a frame in a burst', () => {
    const frames: (() => void)[] = [];
    const seen: number[][] = [];
    const push = frameBatcher<number>(
      (items) => seen.push([...items]),
      (callback) => frames.push(callback),
    );
    push(1);
    push(2);
    push(3);
    expect(seen).toEqual([[1]]);
    frames.shift()?.();
    expect(seen).toEqual([[1], [2, 3]]);
    frames.shift()?.();
    push(4);
    expect(seen).toEqual([[1], [2, 3], [4]]);
  });
});

describe('the view', () => {
  const storage = (items: Record<string, string>): Storage => ({
    length: 0,
    clear: () => undefined,
    key: () => null,
    removeItem: () => undefined,
    getItem: (name) => items[name] ?? null,
    setItem: (name, value) => {
      items[name] = value;
    },
  });
  it('keeps theme and board for the next start, and nothing else', () => {
    const items: Record<string, string> = {};
    createView(storage(items)).setState({ theme: 'red', board: 'wedge', camera: 'z9' });
    expect(createView(storage(items)).getState()).toMatchObject({ theme: 'red', board: 'wedge', camera: 'b0' });
  });
  it('starts plain from damaged storage', () => {
    expect(createView(storage({ 'qlf.view': '{' })).getState().theme).toBe('dark');
    expect(createView(storage({ 'qlf.view': '{"theme":"pink"}' })).getState().theme).toBe('dark');
  });
  it('goes round the themes', () => {
    expect([nextTheme('dark'), nextTheme('light'), nextTheme('red')]).toEqual(['light', 'red', 'dark']);
  });
});
