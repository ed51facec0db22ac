import { mkdirSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_REMOTE_SETTINGS } from '#shared/domain/remote.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { freePort } from '../support/free-port.ts';
import { fetchRemote, RemotePage, signIn } from '../support/remote-client.ts';
import { EngineRig } from './engine-rig.ts';

const rig = new EngineRig();
let engine: RunningEngine;
let port: number;
const own = (): string => `https://127.0.0.1:${String(port)}`;

beforeAll(async () => {
  const assetsDir = join(rig.folder, 'interface');
  mkdirSync(assetsDir, { recursive: true });
  writeFileSync(join(assetsDir, 'index.html'), '<title>QLF</title>');
  writeFileSync(join(rig.folder, 'secret.txt'), 'not for browsers');
  port = await freePort();
  engine = await rig.open({ assetsDir });
  await engine.start();
  await engine.handlers['remote.set']({
    settings: { ...DEFAULT_REMOTE_SETTINGS, enabled: true, host: '127.0.0.1', port },
  });
});
afterAll(() => rig.dispose());

it('answers over TLS only', async () => {
  await expect(
    new Promise((resolve, reject) => {
      plainRequest({ host: '127.0.0.1', port, path: '/' }, resolve).on('error', reject).end();
    }),
  ).rejects.toThrow();
});

it.each(['evil.example', 'evil.example:8443', 'localhost.evil.example', '127.0.0.1.evil.example'])(
  'is not known as %s',
  async (host) => {
    expect((await fetchRemote(port, '/', { headers: { Host: host } })).status).toBe(421);
  },
);

it.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/..\\secret.txt',
  '/%5c..%5csecret.txt',
  '//secret.txt',
  '/index.html%00.txt',
])('gives nothing but the interface for %s', async (path) => {
  const answer = await fetchRemote(port, path);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('not for browsers');
});

it('sends its policy and headers with everything', async () => {
  for (const path of ['/', '/none', '/session']) {
    const { headers } = await fetchRemote(port, path);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

it('no page of another origin connects or signs in', async () => {
  const { token } = await engine.handlers['remote.add-token']({ name: 'Ana', role: 'observer', days: null });
  const { cookie } = await signIn(port, token);
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${String(port)}`, `${own()}.evil.example`])
    await expect(RemotePage.open(port, { cookie, origin })).rejects.toThrow('refused: 403');
  for (const method of ['POST', 'DELETE'])
    expect((await fetchRemote(port, '/session', { method, headers: { Origin: 'https://evil.example' } })).status).toBe(
      method === 'POST' ? 403 : 403,
    );
  const page = await RemotePage.open(port, { cookie });
  expect(page.hello?.role).toBe('observer');
  page.close();
});

it.each([
  ['text', 'hello'],
  ['no MessagePack', Buffer.from([0xc1, 0xc1])],
  ['a number', Buffer.from([7])],
  ['deep nesting', Buffer.alloc(200_000, 0x91)],
  ['a list that claims four thousand million members', Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
  ['more than a call may be', Buffer.alloc(5 * 1024 * 1024)],
])('a page that sends %s is cut off, the others stay', async (_what, bytes) => {
  const [bad, good] = [await RemotePage.open(port), await RemotePage.open(port)];
  bad.socket.on('error', () => undefined);
  bad.socket.send(bytes);
  expect([1008, 1009, 1006]).toContain(await bad.closed);
  expect((await good.call('app.info', {})).ok).toBe(true);
  good.close();
});

it.each(['__proto__', 'constructor', 'toString', 'no.such', 'remote.get\u0000'])(
  'there is no channel %j',
  async (channel) => {
    const page = await RemotePage.open(port);
    expect(await page.callRaw(channel, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    page.close();
  },
);

it('who guesses tokens is held up, who has one is not', async () => {
  const { token } = await engine.handlers['remote.add-token']({ name: 'Bo', role: 'viewer', days: null });
  const statuses: number[] = [];
  for (let i = 0; i < 30; i += 1) statuses.push((await signIn(port, `qlf_${String(i)}`)).answer.status);
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
  expect((await signIn(port, token)).answer.status).toBe(200);
});
