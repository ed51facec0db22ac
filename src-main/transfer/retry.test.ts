import { expect, test } from 'vitest';
import { QlfError } from '#shared/ipc/result.ts';
import { HostKeyError } from '../domain/host-key-error.ts';
import { remedyOf, TransferFailure } from './failure.ts';
import { backoffMs } from '../domain/backoff.ts';
import { triesAgain, withRetries, type Patience } from './retry.ts';

const patience: Patience = { firstMs: 1000, longestMs: 60_000, fileAttempts: 4, linkMs: 3600_000 };

test('pauses double up to the longest, the upper half left to chance', () => {
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, patience, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, patience, 0))).toEqual([500, 1000, 2000, 4000]);
  expect(backoffMs(10_000, patience, 1)).toBe(60_000);
});

test('a lost link is waited for, a bad file is asked for a few times, and what a person has to mend never again', () => {
  expect(triesAgain('link', 1000, 3_599_999, patience)).toBe(true);
  expect(triesAgain('link', 2, 3_600_000, patience)).toBe(false);
  expect([1, 2, 3, 4].map((failures) => triesAgain('file', failures, 0, patience))).toEqual([true, true, true, false]);
  expect(triesAgain('never', 1, 0, patience)).toBe(false);
});

test('what may pass by itself', () => {
  const key = { host: 'h', port: 22, type: 'ssh-ed25519', key: '', fingerprint: 'SHA256:x' };
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  expect(
    [
      new TransferFailure('link', ''),
      full,
      new QlfError('unavailable', ''),
      new QlfError('conflict', ''),
      new QlfError('bad-request', ''),
      new HostKeyError('unknown', key),
      new TypeError('a mistake of ours'),
    ].map(remedyOf),
  ).toEqual(['link', 'link', 'file', 'never', 'never', 'never', 'never']);
});

test('an abort ends the waiting at once', async () => {
  const controller = new AbortController();
  let attempts = 0;
  const tried = withRetries(
    async () => {
      attempts += 1;
      throw new TransferFailure('link', 'lost');
    },
    { ...patience, firstMs: 1e8, longestMs: 1e8 },
    controller.signal,
    () => controller.abort(new Error('enough')),
  );
  await expect(tried).rejects.toThrow('enough');
  expect(attempts).toBe(1);
});
