import { expect, it } from 'vitest';
import { createWaiting } from './waiting.ts';

const DAY = 24 * 3_600_000;

it('a pause ends when its time is over, when somebody wants it now, and when nobody wants it any more', async () => {
  const waiting = createWaiting();
  const { signal } = new AbortController();
  const before = waiting.elapsed();
  await waiting.pause(20, signal);
  expect(waiting.elapsed() - before).toBeGreaterThan(15);
  const pauses = [waiting.pause(DAY, signal), waiting.pause(DAY, signal)];
  waiting.hurry();
  await Promise.all(pauses);
  const controller = new AbortController();
  const pause = waiting.pause(DAY, controller.signal);
  controller.abort(new Error('enough'));
  await expect(pause).rejects.toThrow('enough');
  await expect(waiting.pause(DAY, controller.signal)).rejects.toThrow('enough');
});
