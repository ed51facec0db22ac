import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { answerCall } from './answer-call.ts';

/** Only the channels that a test calls are there; any other call is a failing test. */
const handlers = (some: Partial<Handlers>) => some as Handlers;
const unexpected = (error: unknown) => {
  throw error;
};

describe('answering a call of the interface', () => {
  it('hands a well-formed request on and wraps its value', async () => {
    const seen: number[] = [];
    const answer = await answerCall(
      'exposure.process',
      { expid: 101 },
      handlers({ 'exposure.process': ({ expid }) => (seen.push(expid), {}) }),
      unexpected,
    );
    expect(answer).toEqual({ ok: true, value: {} });
    expect(seen).toEqual([101]);
  });

  it.each([
    ['nothing', undefined],
    ['a missing field', {}],
    ['a wrong type', { expid: '101' }],
    ['a fraction', { expid: 1.5 }],
    ['too much', { expid: 101, path: '/etc/passwd' }],
    ['out of range', { expid: -1 }],
    ['a list', [101]],
  ])('refuses %s before the engine sees it', async (_what, request) => {
    const handler = vi.fn(() => ({}));
    const answer = await answerCall('exposure.process', request, handlers({ 'exposure.process': handler }), unexpected);
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(handler).not.toHaveBeenCalled();
  });

  it('passes on the errors that the engine means to tell', async () => {
    const handler = () => Promise.reject(new QlfError('not-found', 'there is no exposure 7'));
    const answer = await answerCall(
      'exposure.process',
      { expid: 7 },
      handlers({ 'exposure.process': handler }),
      unexpected,
    );
    expect(answer).toEqual({ ok: false, error: { code: 'not-found', message: 'there is no exposure 7' } });
  });

  it('keeps the inside of a bug from the interface, and reports it', async () => {
    const bug = new Error('SELECT secret FROM /home/observer/qlf.db');
    const report = vi.fn();
    const handler = () => {
      throw bug;
    };
    const answer = await answerCall(
      'exposure.process',
      { expid: 7 },
      handlers({ 'exposure.process': handler }),
      report,
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toMatch(/secret|observer|Error:/);
    expect(report).toHaveBeenCalledWith(bug);
  });
});
