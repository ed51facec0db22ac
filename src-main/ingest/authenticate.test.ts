import type * as Crypto from 'node:crypto';
import { createHash, timingSafeEqual } from 'node:crypto';
import { beforeEach, expect, it, vi } from 'vitest';
import { authenticator } from './authenticate.ts';

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof Crypto>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const authenticate = authenticator(
  {
    runPasswordHash: (runId) => (runId === 7 ? digest('of run 7') : undefined),
    userPasswordHash: (user) => (user === 'damaged' ? 'no digest' : undefined),
  },
  [{ user: 'observer', password: 'correct' }],
);

beforeEach(() => {
  vi.mocked(timingSafeEqual).mockClear();
});

it.each([
  ['the right one', 'observer', 'correct', true],
  ['a wrong one', 'observer', 'x', false],
  ['one that begins right', 'observer', 'correc', false],
  ['one that goes on', 'observer', 'correct and more', false],
  ['an empty one', 'observer', '', false],
  ['that of nobody', 'nobody', '', false],
  ['one of a user whose record is damaged', 'damaged', 'no digest', false],
  ['one of a name that every object has', '__proto__', 'correct', false],
])(
  'compares %s once, as a whole, in a time that does not tell how much of it is right',
  (_what, user, password, good) => {
    expect(authenticate(basic(user, password)) !== undefined).toBe(good);
    expect(timingSafeEqual).toHaveBeenCalledTimes(1);
    const [given, known] = vi.mocked(timingSafeEqual).mock.calls[0]!;
    expect([given.byteLength, known.byteLength]).toEqual([32, 32]);
  },
);

it.each([undefined, '', 'Basic', 'Basic !!!', 'Bearer abc', `Basic ${Buffer.from('no colon').toString('base64')}`])(
  'takes %j for no credential at all',
  (header) => {
    expect(authenticate(header)).toBeUndefined();
    expect(timingSafeEqual).not.toHaveBeenCalled();
  },
);
