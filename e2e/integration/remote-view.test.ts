import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_REMOTE_SETTINGS, type RemoteRole, type RemoteSettings } from '#shared/domain/remote.ts';
import { CHANNELS } from '#shared/ipc/channels.ts';
import { leastRole, mayCall } from '#shared/remote/permissions.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { freePort } from '../support/free-port.ts';
import { fetchRemote, RemotePage, signIn } from '../support/remote-client.ts';
import { EngineRig, until } from './engine-rig.ts';

let rig: EngineRig;
let engine: RunningEngine;
let port: number;
let now = 0;
const pages: RemotePage[] = [];

beforeEach(async () => {
  rig = new EngineRig();
  now = Date.now();
  const assetsDir = join(rig.folder, 'interface');
  mkdirSync(join(assetsDir, 'assets'), { recursive: true });
  writeFileSync(join(assetsDir, 'index.html'), '<title>QLF</title>');
  writeFileSync(join(rig.folder, 'secret.txt'), 'not for browsers');
  port = await freePort();
  engine = await rig.open({ assetsDir, now: () => now });
  await engine.start();
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await rig.dispose();
});

async function switchOn(more: Partial<RemoteSettings> = {}) {
  const settings = { ...DEFAULT_REMOTE_SETTINGS, host: '127.0.0.1', port, ...more, enabled: true };
  return engine.handlers['remote.set']({ settings });
}

async function tokenFor(role: RemoteRole, name = role as string, days: number | null = null) {
  return engine.handlers['remote.add-token']({ name, role, days });
}

async function openAs(role: RemoteRole, name?: string): Promise<RemotePage> {
  const { token } = await tokenFor(role, name);
  const { cookie } = await signIn(port, token);
  const page = await RemotePage.open(port, { cookie });
  pages.push(page);
  return page;
}

async function open(cookie?: string): Promise<RemotePage> {
  const page = await RemotePage.open(port, { cookie });
  pages.push(page);
  return page;
}

async function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

const acts = async () => (await engine.handlers['remote.acts']({ limit: 1000, offset: 0 })).acts;

describe('switched on and off', () => {
  it('is off until somebody switches it on, survives a restart, and closes its port when it is off again', async () => {
    expect((await engine.handlers['remote.get']({})).settings.enabled).toBe(false);
    expect(await listens()).toBe(false);
    const state = await switchOn();
    expect(state).toMatchObject({ error: '', selfSigned: true });
    expect(state.urls).toContain(`https://127.0.0.1:${String(port)}/`);
    expect((await fetchRemote(port, '/')).body).toBe('<title>QLF</title>');
    const page = await open();

    await rig.close();
    await page.closed;
    engine = await rig.open({ assetsDir: join(rig.folder, 'interface') });
    await engine.start();
    const remote = () => engine.handlers['remote.get']({});
    await expect.poll(async () => (await remote()).fingerprint, { timeout: 120_000 }).toBe(state.fingerprint);
    expect(statSync(join(rig.data, 'remote/key.pem')).mode & 0o777).toBe(0o600);

    await engine.handlers['remote.set']({ settings: { ...(await remote()).settings, enabled: false } });
    expect(await listens()).toBe(false);
  });

  it('says why it cannot be opened, and opens when that is mended', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    expect((await switchOn()).error).toMatch(/cannot be opened: .*EADDRINUSE/);
    await new Promise((resolve) => other.close(resolve));
    expect((await switchOn({ certificate: { certificate: '/none.pem', key: '/none.key' } })).error).toMatch(
      /certificate \/none\.pem with the key \/none\.key cannot be used: ENOENT/,
    );
    const own = await generate([{ name: 'commonName', value: 'qlf.example' }], { keyType: 'ec', algorithm: 'sha256' });
    const certificate = join(rig.folder, 'own.pem');
    const key = join(rig.folder, 'own.key');
    writeFileSync(certificate, own.cert);
    writeFileSync(key, own.private);
    const state = await switchOn({ certificate: { certificate, key } });
    expect(state).toMatchObject({ error: '', selfSigned: false });
    expect((await fetchRemote(port, '/')).status).toBe(200);
  });
});

describe('who may do what', () => {
  it('without a token everything can be looked at and nothing changed', async () => {
    await switchOn();
    const page = await open();
    expect(page.hello).toMatchObject({ role: 'viewer', name: '', version: 'test' });
    const snapshot = await page.call('control-room.snapshot', {});
    expect(snapshot).toEqual({ ok: true, value: await engine.handlers['control-room.snapshot']({}) });
    const refused = [
      ...['engine.stop', 'comment.add', 'flag.set', 'job.retry', 'alarm.acknowledge', 'settings.get', 'settings.set'],
      ...[
        'folders.set',
        'fits.choose',
        'remote.get',
        'remote.add-token',
        'storage.restore',
        'night.import',
        'secret.set',
      ],
    ];
    for (const channel of refused) {
      const answer = await page.callRaw(channel, {});
      expect([channel, !answer.ok && answer.error.code]).toEqual([channel, 'forbidden']);
    }
    expect((await engine.handlers['control-room.snapshot']({})).engine.activity).not.toBe('off');
  });

  it.each(['viewer', 'observer', 'engineer'] as const)(
    'a %s is refused exactly what the table refuses',
    async (role) => {
      await switchOn();
      const page = await openAs(role);
      for (const channel of CHANNELS) {
        // What would be done with an empty request is not meant here.
        const request = mayCall(role, channel) && leastRole(channel) !== 'viewer' ? { not: 'a request' } : {};
        const answer = await page.callRaw(channel, request);
        const code = answer.ok ? 'ok' : answer.error.code;
        // Its own rule, below.
        if (channel === 'settings.set' && role === 'engineer') continue;
        if (mayCall(role, channel)) expect([channel, code]).not.toEqual([channel, 'forbidden']);
        else expect([channel, code]).toEqual([channel, 'forbidden']);
      }
    },
  );

  it('what an observer does is done, seen by all at once, and written down with a name', async () => {
    await switchOn();
    rig.deliver(101);
    await until('the exposure', () => rig.pids.length > 0);
    const [viewer, ana] = [await open(), await openAs('observer', 'Ana')];
    const comment = { expid: 101, camera: null, fiber: null, author: 'Ana', text: 'clouds' };
    expect((await ana.call('comment.add', comment)).ok).toBe(true);
    await until('the news of it', () => viewer.events.some(({ type }) => type === 'notes'));
    const notes = await viewer.call('notes.get', { expid: 101 });
    expect(JSON.stringify(notes)).toContain('clouds');
    expect((await viewer.call('engine.stop', {})).ok).toBe(false);
    const [stop, add] = await acts();
    expect(stop).toMatchObject({ name: '', role: 'viewer', act: 'engine.stop', address: '127.0.0.1' });
    expect(stop?.refusal).toMatch(/viewer may not do this.*token of an observer/);
    expect(add).toMatchObject({ name: 'Ana', role: 'observer', act: 'comment.add', refusal: '' });
    expect(JSON.parse(add?.request ?? '')).toEqual(comment);
  });

  it('secrets are not written down, and which program runs is not chosen from elsewhere', async () => {
    await switchOn();
    const page = await openAs('engineer', 'Ed');
    expect((await page.call('ingest.save-user', { user: 'other', password: 'hunter2hunter2' })).ok).toBe(true);
    expect(JSON.stringify(await acts())).not.toContain('hunter2');
    const settings = await engine.handlers['settings.get']({});
    expect((await page.call('settings.set', { settings: { ...settings, jobTimeout: 111 } })).ok).toBe(true);
    const pipeline = { kind: 'command' as const, argv: ['/bin/sh', '-c', 'id'], env: {} };
    const answer = await page.call('settings.set', { settings: { ...settings, pipeline } });
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await engine.handlers['settings.get']({})).toMatchObject({ jobTimeout: 111, pipeline: settings.pipeline });
  });

  it('a token ends when it is revoked, and when its time is over; whoever is here by it goes at once', async () => {
    await switchOn();
    const { token, made } = await tokenFor('observer', 'Ana', 1);
    const { cookie, answer } = await signIn(port, token);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-qlf=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ]);
    const page = await open(cookie);
    await engine.handlers['remote.revoke']({ id: made.id });
    expect(await page.closed).toBe(4001);
    expect((await open(cookie)).hello?.role).toBe('viewer');
    expect((await signIn(port, token)).answer.status).toBe(401);

    const other = await tokenFor('observer', 'Bo', 1);
    const bo = await open((await signIn(port, other.token)).cookie);
    now += 86_400_001;
    expect(await bo.call('engine.stop', {})).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    const stored = readFileSync(engine.databaseFile);
    expect(stored.includes(token) || stored.includes(other.token)).toBe(false);
  });

  it('where nobody may look without a token there is no way in without one', async () => {
    await switchOn({ open: false });
    await expect(open()).rejects.toThrow('refused: 401');
    expect((await openAs('viewer')).hello?.role).toBe('viewer');
  });
});

it('what the desktop would save comes to the browser', async () => {
  await switchOn();
  const page = await open();
  const night = '20191115';
  const saved = await page.call('report.save', { night, format: 'html' });
  expect(saved).toEqual({ ok: true, value: { file: `qlf-night-${night}.html` } });
  expect(Buffer.from(page.files[0]?.data ?? []).toString()).toMatch(/^<!doctype html>/i);
  const pdf = await page.call('report.save', { night, format: 'pdf' });
  expect(!pdf.ok && pdf.error.message).toMatch(/PDF needs the desktop/);
  await page.call('report.print', { night });
  const [print = ''] = page.prints;
  const printed = await fetchRemote(port, print);
  expect(printed.body).toContain(night);
  expect(printed.headers['content-security-policy']).not.toContain('script-src');
  now += 61_000;
  expect((await fetchRemote(port, print)).status).toBe(404);
});
