import { afterEach, beforeEach, expect, it } from 'vitest';
import { QlfError } from '#shared/ipc/result.ts';
import { FlowingTime } from '../../e2e/support/flowing-time.ts';
import { askAgain } from './ask-again.ts';

const HOUR = 3_600_000;
const away = new QlfError('unavailable', 'operations database: the raw file: no connection.');
const quiet = (): void => undefined;

let waiting: FlowingTime;
beforeEach(() => {
  waiting = new FlowingTime(1);
});
afterEach(() => waiting.stop());

it('asks a DOS that is out of reach for an hour until it answers, and says each time why and when it is asked again', async () => {
  const heard: { text: string; waitMs: number }[] = [];
  const question = (): Promise<string> =>
    waiting.elapsed() < HOUR ? Promise.reject(away) : Promise.resolve('/raw/101');
  const { signal } = new AbortController();
  const onTrouble = (text: string, waitMs: number): void => void heard.push({ text, waitMs });
  expect(await askAgain(question, { signal, waiting, onTrouble })).toBe('/raw/101');
  // Pauses grow to half a minute, and are between a half and the whole of that.
  expect(heard.length).toBeGreaterThan(HOUR / 30_000);
  expect(Math.max(...heard.map(({ waitMs }) => waitMs))).toBeLessThanOrEqual(30_000);
  expect(heard[0]?.text).toMatch(/^operations database: the raw file: no connection; tried again in [01] s$/);
});

it('is as patient as it is worth: no more after two hours, or slowly without end', async () => {
  const { signal } = new AbortController();
  const fails = (): Promise<never> => Promise.reject(away);
  await expect(askAgain(fails, { signal, waiting, onTrouble: quiet })).rejects.toThrow('no connection');
  expect(waiting.elapsed()).toBeGreaterThan(2 * HOUR);
  const begun = waiting.elapsed();
  const waits: number[] = [];
  const question = (): Promise<string> =>
    waiting.elapsed() - begun < 4 * HOUR ? Promise.reject(away) : Promise.resolve('here');
  const asking = {
    signal,
    waiting,
    persists: () => true,
    onTrouble: (_text: string, ms: number) => void waits.push(ms),
  };
  expect(await askAgain(question, asking)).toBe('here');
  expect(waits.at(-1)).toBeGreaterThanOrEqual(150_000);
});

it('asks no more where waiting mends nothing, or nobody wants it', async () => {
  let asked = 0;
  const fails = (error: Error) => (): Promise<never> => {
    asked += 1;
    return Promise.reject(error);
  };
  const ever = { signal: new AbortController().signal, waiting, onTrouble: quiet };
  await expect(askAgain(fails(new QlfError('not-found', 'none')), ever)).rejects.toThrow('none');
  await expect(askAgain(fails(new Error('a bug')), ever)).rejects.toThrow('a bug');
  expect(asked).toBe(2);
  waiting.flows = false;
  const controller = new AbortController();
  const enough = (): void => controller.abort(new Error('enough'));
  await expect(askAgain(fails(away), { signal: controller.signal, waiting, onTrouble: enough })).rejects.toThrow(
    'enough',
  );
  expect(asked).toBe(3);
});
