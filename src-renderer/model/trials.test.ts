import { expect, test } from 'vitest';
import type { CheckResult, ConnectionPart } from '#shared/domain/connection.ts';
import { blockedBy, skipped, trialsWords, type Trial } from './trials.ts';

const result = (outcome: CheckResult['outcome']): CheckResult => ({
  outcome,
  found: '',
  advice: '',
  hostKey: null,
  secret: null,
});
const trial = (part: ConnectionPart, state: Trial['state'], dataHost: string | null = null): Trial => ({
  check: { part, dataHost },
  state,
});

test('a part waits for what it needs of the same host alone', () => {
  const trials = [trial('reach', result('failed'), 'a'), trial('reach', result('good'), 'b')];
  expect(blockedBy({ part: 'host-key', dataHost: 'a' }, trials)).toEqual({ part: 'reach', dataHost: 'a' });
  expect(blockedBy({ part: 'host-key', dataHost: 'b' }, trials)).toBeUndefined();
  expect(blockedBy({ part: 'data-folder', dataHost: null }, trials)).toBeUndefined();
  const chain = [trial('host-key', skipped({ part: 'reach', dataHost: 'a' }), 'a')];
  expect(blockedBy({ part: 'log-in', dataHost: 'a' }, chain)?.part).toBe('host-key');
  // A warning is no obstacle, and rsync none for reading.
  expect(blockedBy({ part: 'sign-in', dataHost: null }, [trial('tls', result('doubt'))])).toBeUndefined();
  expect(blockedBy({ part: 'folder', dataHost: null }, [trial('rsync', result('failed'))])).toBeUndefined();
});

test('what was not tried is never called good', () => {
  expect(trialsWords([trial('reach', 'waiting')]).status).toBe('waiting');
  expect(trialsWords([trial('reach', result('good')), trial('folder', 'waiting')])).toEqual({
    status: 'waiting',
    text: '1 of 2 tried',
  });
  expect(trialsWords([trial('reach', result('good')), trial('folder', result('doubt'))]).status).toBe('warning');
  expect(trialsWords([trial('reach', result('failed')), trial('folder', 'waiting')]).status).toBe('failed');
  expect(trialsWords([trial('reach', result('good'))])).toEqual({ status: 'normal', text: 'Everything works' });
});
