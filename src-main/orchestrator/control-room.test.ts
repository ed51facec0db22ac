import { expect, it, vi } from 'vitest';
import { emptyRoom } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import { applyBatch } from '#shared/state/reducer.ts';
import { ControlRoom } from './control-room.ts';

const initial = emptyRoom('/d', 0);

it('sends at once when idle, gathers what follows, and leaves no gap', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  try {
    const room = new ControlRoom(initial, () => 0);
    const batches: EventBatch[] = [];
    room.onEvents((batch) => batches.push(batch));
    await vi.advanceTimersByTimeAsync(100);
    room.setEngine({ since: 1 });
    expect(batches).toHaveLength(1);
    for (let i = 2; i <= 50; i++) room.setEngine({ since: i });
    expect(batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(80);
    expect(batches).toHaveLength(2);
    const start = { ...initial, seq: 0 };
    const end = batches.reduce<ReturnType<typeof applyBatch>>(
      (state, batch) => state && applyBatch(state, batch),
      start,
    );
    expect(end).toEqual(room.snapshot());
    expect(end?.engine.since).toBe(50);
  } finally {
    vi.useRealTimers();
  }
});

it('keeps one flooding camera from filling the screen, and no other', () => {
  let now = 1000;
  const room = new ControlRoom(initial, () => now);
  for (let i = 0; i < 500; i++) room.log('pipeline', 'info', `line ${String(i)}`, { camera: 'b0' });
  room.log('pipeline', 'info', 'quiet', { camera: 'r0' });
  now = 2000;
  room.log('pipeline', 'info', 'next second', { camera: 'b0' });
  const texts = room.snapshot().log.map((line) => line.text);
  expect(texts.length).toBeLessThan(60);
  expect(texts).toContain('quiet');
  expect(texts.at(-1)).toBe('next second');
});

it('tells log listeners every line as it comes', () => {
  const room = new ControlRoom(initial, () => 5);
  const seen: string[] = [];
  const stop = room.onLine((line) => seen.push(`${line.level} ${line.text}`));
  room.log('engine', 'warning', 'port taken');
  stop();
  room.log('engine', 'info', 'unheard');
  expect(seen).toEqual(['warning port taken']);
});

it('has a pulse while there is nothing to tell, which shows whether something was missed', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  try {
    const room = new ControlRoom(initial, () => 0);
    const batches: EventBatch[] = [];
    await vi.advanceTimersByTimeAsync(100);
    room.setEngine({ since: 1 });
    room.onEvents((batch) => batches.push(batch));
    room.pulse();
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(5000);
    room.pulse();
    expect(batches).toMatchObject([{ firstSeq: 2, events: [] }]);
    const missed = { ...initial, seq: 0 };
    expect(applyBatch({ ...missed, seq: 1 }, batches[0]!)?.seq).toBe(1);
    expect(applyBatch(missed, batches[0]!)).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
