import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Result } from '#shared/ipc/result.ts';
import type { Bridge } from '../bridge.ts';
import { askUntilAnswered } from './ask.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = (code: 'unavailable' | 'not-found'): Result<never> => ({ ok: false, error: { code, message: code } });
/** Gives these answers, one a call. */
function bridgeOf(answers: Result<unknown>[]): Pick<Bridge, 'call'> & { calls: number } {
  const bridge = {
    calls: 0,
    call: () => Promise.resolve(answers[bridge.calls++] ?? refused('unavailable')),
  };
  return bridge as unknown as Pick<Bridge, 'call'> & { calls: number };
}
const ask = (bridge: Pick<Bridge, 'call'>, taken: boolean[]): (() => void) =>
  askUntilAnswered(bridge, 'app.info', {}, ({ ok }) => taken.push(ok), 1000);

it('asks again for as long as the engine cannot answer, and then no more', async () => {
  const bridge = bridgeOf([refused('unavailable'), refused('unavailable'), { ok: true, value: {} }]);
  const taken: boolean[] = [];
  ask(bridge, taken);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(taken).toEqual([false, false, true]);
  expect(bridge.calls).toBe(3);
});

it('does not ask again what has its answer, nor after its end', async () => {
  const unknown = bridgeOf([refused('not-found')]);
  const taken: boolean[] = [];
  ask(unknown, taken);
  const silent = bridgeOf([]);
  const stop = ask(silent, taken);
  await vi.advanceTimersByTimeAsync(500);
  stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([unknown.calls, silent.calls, taken]).toEqual([1, 1, [false, false]]);
});
