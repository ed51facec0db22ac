import { describe, expect, it } from 'vitest';
import { postedWords } from './posted.ts';

describe('what a sender said of its job', () => {
  it.each([
    ['done', 'ok', ''],
    ['done', null, ''],
    ['done', 'failed', 'The sender posted it as failed: look at its log.'],
    ['done', 'running', 'The sender posted it as still running: look at its log.'],
    ['failed', 'ok', 'The sender posted it as ok: look at its log.'],
    ['failed', 'failed', ''],
    ['running', 'ok', ''],
    ['cancelled', 'running', ''],
  ] as const)('of a job that is %s: %s', (state, posted, words) => {
    expect(postedWords({ state, posted })).toBe(words);
  });
});
