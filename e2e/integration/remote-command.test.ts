import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import Type from 'typebox';
import { RemoteStateSchema } from '#shared/domain/remote.ts';
import { CommandLine } from '../support/command-line.ts';
import { freePort } from '../support/free-port.ts';
import { RemotePage, signIn } from '../support/remote-client.ts';
import { EngineRig } from './engine-rig.ts';

const rig = new EngineRig();
let qlf: CommandLine;
const at = (): string[] => ['--data', rig.data, '--source', rig.source];

beforeAll(async () => {
  qlf = new CommandLine(rig.folder);
  const engine = await rig.open();
  await engine.start();
});
afterAll(() => rig.dispose());

test('the server edition is opened, given a token and closed by its command line', async () => {
  expect((await qlf.ends(0, 'remote', 'status', ...at())).out).toBe('remote view: off\n');
  const port = await freePort();
  const on = await qlf.ends(0, 'remote', 'on', '--port', String(port), '--host', '127.0.0.1', '--tokens-only', ...at());
  expect(on.out).toContain(`remote view: https://127.0.0.1:${String(port)}/`);
  expect(on.out).toContain('without a token: nobody may look');
  await expect(RemotePage.open(port)).rejects.toThrow('refused: 401');

  const { token } = await qlf.value(
    Type.Object({ token: Type.String() }),
    0,
    ...['remote', 'token', 'Ana', 'observer', '--days', '30', ...at()],
  );
  const page = await RemotePage.open(port, { cookie: (await signIn(port, token)).cookie });
  expect(page.hello).toMatchObject({ name: 'Ana', role: 'observer' });
  const state = await qlf.value(RemoteStateSchema, 0, 'remote', 'status', ...at());
  expect(state.clients).toMatchObject([{ name: 'Ana', role: 'observer', address: '127.0.0.1' }]);
  await qlf.ends(0, 'remote', 'revoke', '1', ...at());
  expect(await page.closed).toBe(4001);
  expect((await qlf.ends(0, 'remote', 'off', ...at())).out).toMatch(
    /^remote view: off\ntoken 1: Ana, observer, revoked\n$/,
  );
});

test.each([
  [['remote'], /remote/],
  [['remote', 'open'], /remote does status, on, off, token, revoke, not "open"/],
  [['remote', 'token', 'Ana', 'king'], /viewer, observer, engineer/],
  [['remote', 'token', 'Ana', 'observer', '--days', '0'], /--days takes a whole number/],
  [['remote', 'revoke', '../1'], /the number of a token/],
  [['remote', 'on', '--port', '70000'], /--port takes a whole number/],
  [['remote', 'on', 'now'], /one word too many/],
])('%j is refused in words', async (args, words) => {
  expect((await qlf.run(...args, ...at())).err).toMatch(words);
});

test('the page of the documents says what the commands are', () => {
  const text = readFileSync(resolve('docs/remote-view.md'), 'utf8');
  const commands = [...text.matchAll(/^qlf (.*)$/gm)].map(([, words]) => words);
  expect(commands).toEqual([
    'remote on',
    'remote status',
    'remote off',
    'remote token Ana observer --days 30',
    'remote revoke 1',
  ]);
});
