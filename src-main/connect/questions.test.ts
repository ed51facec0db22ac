import { expect, test } from 'vitest';
import type { Questions } from '#shared/domain/connection.ts';
import type { HostKeyVerdict } from '../domain/known-hosts.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import { createQuestionDesk } from './questions.ts';

const address = { host: 'data1', port: 22 };
const key = (letters: string) => ({ type: 'ssh-ed25519', key: Buffer.from(letters).toString('base64') });

/** Host keys whose record is what the test says, and what the desk tells of them. */
function deskWith() {
  const record = new Map<string, HostKeyVerdict>();
  const told: Questions[] = [];
  let now = 0;
  const keys: HostKeys = {
    file: '/known_hosts',
    describe: (to, blob) => ({
      ...to,
      ...key(Buffer.from(blob).toString()),
      fingerprint: `SHA256:${Buffer.from(blob).toString()}`,
    }),
    judge: (_to, { key: text }) => Promise.resolve(record.get(Buffer.from(text, 'base64').toString()) ?? 'unknown'),
    types: () => Promise.resolve([]),
    accept: () => Promise.resolve(),
  };
  const desk = createQuestionDesk(
    {
      publish: (event) => {
        if (event.type === 'questions') told.push(event.questions);
      },
    },
    () => now,
  );
  return { desk, keys, record, told, later: (ms: number) => (now += ms), last: () => told.at(-1)?.hostKeys ?? [] };
}

test('a key that is not on record is asked about once, until it is known', async () => {
  const { desk, keys, record, told, last } = deskWith();
  const watched = desk.watch(keys);
  expect(await watched.judge(address, key('one'), null)).toBe('unknown');
  await watched.judge(address, key('one'), null);
  expect(told).toHaveLength(1);
  expect(last()).toMatchObject([{ host: 'data1', fingerprint: 'SHA256:one', verdict: 'unknown', refused: false }]);
  desk.answerKey({ ...address, fingerprint: 'SHA256:one' }, false);
  await watched.judge(address, key('one'), null);
  expect(last()).toMatchObject([{ refused: true }]);
  record.set('one', 'known');
  await watched.judge(address, key('one'), null);
  expect(last()).toEqual([]);
});

test('of the keys of one attempt the worst counts; an older attempt does not', async () => {
  const { desk, keys, record, later, last } = deskWith();
  const watched = desk.watch(keys);
  record.set('old', 'changed');
  await watched.judge(address, key('old'), null);
  await watched.judge(address, key('new'), null);
  expect(last()).toMatchObject([{ fingerprint: 'SHA256:old', verdict: 'changed' }]);
  later(60_000);
  await watched.judge(address, key('new'), null);
  expect(last()).toMatchObject([{ fingerprint: 'SHA256:new', verdict: 'unknown' }]);
  expect(() => desk.keyShown({ ...address, fingerprint: 'SHA256:old' })).toThrow(/does not present that key/);
});

test('a connection that is only tried puts no question to everybody, and its key can be accepted all the same', async () => {
  const { desk, keys, told, last } = deskWith();
  await desk.watch(keys, true).judge(address, key('one'), null);
  expect(told.flatMap(({ hostKeys }) => hostKeys)).toEqual([]);
  expect(desk.keyShown({ ...address, fingerprint: 'SHA256:one' })).toMatchObject({ verdict: 'unknown' });
  await desk.watch(keys).judge(address, key('one'), null);
  expect(last()).toHaveLength(1);
  desk.answerKey({ ...address, fingerprint: 'SHA256:one' }, true);
  expect(desk.accepted).toBe(1);
  expect(last()).toEqual([]);
});
