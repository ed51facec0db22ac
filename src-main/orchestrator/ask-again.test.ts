import { expect, it } from 'vitest';
import { QlfError } from '#shared/ipc/result.ts';
import { askAgain } from './ask-again.ts';

const ever = new AbortController().signal;
const soon = { firstMs: 0.1, longestMs: 0.2, totalMs: 3_600_000 };

it('asks a DOS that is out of reach as often as an hour takes, says each time why, and has the answer', async () => {
  const heard: string[] = [];
  let asked = 0;
  const question = (): Promise<string> => {
    asked += 1;
    return asked <= 400
      ? Promise.reject(new QlfError('unavailable', 'operations database: the raw file: no connection.'))
      : Promise.resolve('/raw/101');
  };
  expect(await askAgain(question, ever, (text) => heard.push(text), soon)).toBe('/raw/101');
  expect(heard).toHaveLength(400);
  expect(heard[0]).toBe('operations database: the raw file: no connection; tried again in 0 s');
});

it('asks no more where waiting mends nothing, patience has ended, or nobody wants it', async () => {
  let asked = 0;
  const fails = (error: Error) => (): Promise<never> => {
    asked += 1;
    return Promise.reject(error);
  };
  const quiet = (): void => undefined;
  await expect(askAgain(fails(new QlfError('not-found', 'none')), ever, quiet, soon)).rejects.toThrow('none');
  await expect(askAgain(fails(new Error('a bug')), ever, quiet, soon)).rejects.toThrow('a bug');
  expect(asked).toBe(2);
  const away = new QlfError('unavailable', 'away');
  await expect(askAgain(fails(away), ever, quiet, { ...soon, totalMs: -1 })).rejects.toThrow('away');
  const controller = new AbortController();
  const enough = (): void => controller.abort(new Error('enough'));
  await expect(
    askAgain(fails(away), controller.signal, enough, { ...soon, firstMs: 1e6, longestMs: 1e6 }),
  ).rejects.toThrow();
  expect(asked).toBe(4);
});
