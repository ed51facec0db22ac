import { once } from 'node:events';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CommandHandlers } from '#shared/ipc/command-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { reachEngine, type ControlLink } from './call-control.ts';
import { serveControl } from './serve-control.ts';

let root: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'qlf-control-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(root, { recursive: true, force: true });
});

const bugs: unknown[] = [];
async function serve(some: Partial<CommandHandlers> = {}, folder = root): Promise<{ close(): Promise<void> }> {
  const handlers = some as CommandHandlers;
  const served = await serveControl({ root: folder, handlers, version: '1.2.3', report: (error) => bugs.push(error) });
  ends.push(() => served.close());
  return served;
}

async function link(folder = root): Promise<ControlLink> {
  const reached = await reachEngine(folder, 10_000);
  if (reached.kind !== 'engine') throw new Error(`${reached.kind}: ${reached.words}`);
  ends.push(() => reached.link.close());
  return reached.link;
}

/** Lines that a server at the engine's socket says to whoever sends these bytes. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(join(root, 'engine.sock'));
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  // The server need not read to the end what it refuses.
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
}

it('answers calls of its owner alone, by the contract', async () => {
  await serve({
    'exposure.process': ({ expid }) => {
      if (expid === 7) throw new QlfError('not-found', 'there is no exposure 7');
      return {};
    },
    'app.info': () => ({ version: '1.2.3', electron: '', platform: 'linux' }),
    'job.retry': () => {
      throw new Error('SELECT secret');
    },
    'settings.get': () => ({ wrong: true }) as never,
  });
  expect(statSync(join(root, 'engine.sock')).mode & 0o777).toBe(0o600);
  expect(readdirSync(root)).toEqual(['engine.sock']);
  const engine = await link();
  expect(engine.greeting).toMatchObject({ qlf: '1.2.3', protocol: 1, pid: process.pid });
  const together = [1, 2, 3].map((expid) => engine.call('exposure.process', { expid }));
  expect(await Promise.all(together)).toEqual([{}, {}, {}]);
  await expect(engine.call('exposure.process', { expid: 7 })).rejects.toMatchObject({ code: 'not-found' });
  await expect(engine.call('exposure.process', { expid: '7' } as never)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(engine.call('secret.set' as never, {} as never)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(engine.call('job.retry', { runId: 1, camera: 'b0' })).rejects.toMatchObject({ code: 'internal' });
  expect(bugs.splice(0)).toMatchObject([{ message: 'SELECT secret' }]);
  await expect(engine.call('settings.get', {})).rejects.toThrow(/does not fit the contract/);
  expect(await engine.call('app.info', {})).toMatchObject({ version: '1.2.3' });
});

it('hangs up on what is no call, and serves the others on', async () => {
  await serve({ 'app.info': () => ({ version: '1.2.3', electron: '', platform: 'linux' }) });
  const engine = await link();
  for (const bad of [
    'GET / HTTP/1.1\n',
    '{"id":1,"channel":"app.info"\n',
    '[]\n',
    '{"id":1,"channel":3,"request":{}}\n',
  ])
    expect(await raw(bad)).toMatch(/"ok":false.*bad-request/);
  expect(await raw('x'.repeat(17_000_000))).not.toMatch(/"ok":true/);
  expect(await raw('{"id":1,"channel":"__proto__","request":{}}\n{}\n')).toMatch(/there is no \\"__proto__\\"/);
  expect(await engine.call('app.info', {})).toMatchObject({ version: '1.2.3' });
});

it('takes the place of a socket that nobody listens at, and leaves none behind', async () => {
  expect(await reachEngine(root)).toMatchObject({ kind: 'absent' });
  expect(await reachEngine(join(root, 'nowhere'))).toMatchObject({ kind: 'absent' });
  // What a killed engine leaves: a socket whose listener is gone without having taken it away.
  const killed = createServer().listen(join(root, 'first.sock'));
  await once(killed, 'listening');
  linkSync(join(root, 'first.sock'), join(root, 'engine.sock'));
  killed.close();
  await once(killed, 'close');
  expect(await reachEngine(root)).toMatchObject({ kind: 'stale' });
  const served = await serve({});
  await link();
  await served.close();
  expect(existsSync(join(root, 'engine.sock'))).toBe(false);
  writeFileSync(join(root, 'engine.sock'), 'no socket');
  expect(await reachEngine(root)).toMatchObject({ kind: 'stale' });
});

it('is told from programs that are silent, strange, or of another protocol', async () => {
  for (const [says, words] of [
    ['', /does not answer within/],
    ['220 smtp ready\r\n', /no engine of QLF/],
    ['{"qlf":"9.0.0","protocol":99,"pid":1}\n', /QLF 9\.0\.0/],
    [null, /hangs up/],
  ] as const) {
    const other = createServer((socket) => {
      socket.on('error', () => undefined);
      if (says === null) socket.destroy();
      else socket.write(says);
      ends.push(() => socket.destroy());
    }).listen(join(root, 'engine.sock'));
    await once(other, 'listening');
    expect(await reachEngine(root, 300)).toMatchObject({
      kind: 'silent',
      words: expect.stringMatching(words) as unknown,
    });
    for (const end of ends.splice(0)) await end();
    other.close();
    await once(other, 'close');
  }
});

it('fails the calls of whom it leaves', async () => {
  const served = await serve({ 'app.info': () => new Promise(() => undefined) });
  const engine = await link();
  const call = engine.call('app.info', {});
  const failed = expect(call).rejects.toThrow(/went away/);
  await served.close();
  await failed;
  await expect(engine.call('app.info', {})).rejects.toThrow(/went away/);
});

it('reaches folders of names that are too long for a socket', async () => {
  const deep = join(root, 'a'.repeat(120), 'b'.repeat(120));
  mkdirSync(deep, { recursive: true });
  const served = await serve({ 'app.info': () => ({ version: '2', electron: '', platform: '' }) }, deep);
  expect(statSync(join(deep, 'engine.sock')).isSocket()).toBe(true);
  expect(await (await link(deep)).call('app.info', {})).toMatchObject({ version: '2' });
  await served.close();
  expect(await reachEngine(deep)).toMatchObject({ kind: 'absent' });
});
