import { expect, test } from 'vitest';
import { QlfError } from '#shared/ipc/result.ts';
import { HostKeyError } from '../domain/host-key-error.ts';
import { againWords, backoffMs } from '../domain/backoff.ts';
import { remedyOf, TransferFailure, type Remedy } from './failure.ts';
import { nextAttemptMs, withRetries, type Patience } from './retry.ts';

const patience: Patience = {
  ...{ firstMs: 1000, longestMs: 60_000, fileAttempts: 4, linkMs: 3600_000, slowMs: 300_000 },
};

test('pauses double up to the longest, the upper half left to chance', () => {
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, patience, 1))).toEqual([1000, 2000, 4000, 8000]);
  expect([1, 2, 3, 4].map((failures) => backoffMs(failures, patience, 0))).toEqual([500, 1000, 2000, 4000]);
  expect(backoffMs(10_000, patience, 1)).toBe(60_000);
  expect([1400, 119_000, 280_000].map(againWords)).toEqual([
    'tried again in 1 s',
    'tried again in 119 s',
    'tried again in 5 min',
  ]);
});

test('a lost link is waited for, a bad file is asked for a few times, and what nothing mends never again', () => {
  const next = (remedy: Remedy, count: number, sinceFirstMs: number, persists = false): number | null =>
    nextAttemptMs({ remedy, count, sinceFirstMs }, patience, persists, 1);
  expect(next('link', 1, 0)).toBe(1000);
  expect(next('link', 1000, 3_599_999)).toBe(60_000);
  expect([next('link', 2, 3_600_000), next('link', 2, 3_600_000, true)]).toEqual([null, 300_000]);
  // Whom a host does not let in must not knock without end.
  expect([next('person', 1, 0), next('person', 2, 3_600_000), next('person', 2, 3_600_000, true)]).toEqual([
    300_000,
    null,
    300_000,
  ]);
  expect([1, 2, 3, 4].map((count) => next('file', count, 0))).toEqual([1000, 2000, 4000, null]);
  expect([next('file', 4, 0, true), next('never', 1, 0, true)]).toEqual([null, null]);
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
      new HostKeyError('changed', key),
      new TypeError('a mistake of ours'),
    ].map(remedyOf),
  ).toEqual(['link', 'link', 'file', 'never', 'never', 'person', 'never', 'never']);
});

test('an abort ends the waiting at once', async () => {
  const controller = new AbortController();
  let attempts = 0;
  const attempt = (): Promise<never> => {
    attempts += 1;
    return Promise.reject(new TransferFailure('link', 'lost'));
  };
  const tried = withRetries(attempt, {
    patience: { ...patience, firstMs: 1e8, longestMs: 1e8 },
    signal: controller.signal,
    onTrouble: () => controller.abort(new Error('enough')),
  });
  await expect(tried).rejects.toThrow('enough');
  expect(attempts).toBe(1);
});
