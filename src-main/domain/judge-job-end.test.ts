import { expect, it } from 'vitest';
import { judgeJobEnd } from './judge-job-end.ts';

it('takes exit 0 for success only with all results', () => {
  expect(judgeJobEnd({ kind: 'exit', code: 0 }, [], '').state).toBe('done');
  expect(judgeJobEnd({ kind: 'exit', code: 0 }, ['xwsigma'], '')).toMatchObject({
    state: 'failed',
    reason: 'no result of xwsigma',
    exitCode: 0,
  });
});

it('fails positive exit codes as well as signals, with the last error in words', () => {
  expect(judgeJobEnd({ kind: 'exit', code: 1 }, [], 'no PSF').reason).toBe('exit 1: no PSF');
  expect(judgeJobEnd({ kind: 'signal', signal: 'SIGKILL' }, [], '')).toMatchObject({
    state: 'failed',
    signal: 'SIGKILL',
    exitCode: null,
  });
});

it('tells cancelled from failed', () => {
  expect(judgeJobEnd({ kind: 'cancelled' }, ['snr'], '').state).toBe('cancelled');
  expect(judgeJobEnd({ kind: 'timeout', seconds: 5 }, [], '').reason).toBe('not finished after 5 s');
});
