import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Result } from '../src-shared/ipc/result.ts';
import { freePort, openQlf, type Qlf } from './fixtures/qlf.ts';

let folder: string;
let qlf: Qlf;

/** A real night without exposures: nothing happens but what the tests do. */
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-bridge-'));
  mkdirSync(join(folder, 'raw'));
  qlf = await openQlf({ folder, ingestPort: await freePort(), args: ['--source', join(folder, 'raw')] });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});
/** Each test says itself what the page may complain of. */
test.beforeEach(() => {
  qlf.problems.length = 0;
});

const hostile = (channel: string, request: unknown): Promise<Result<unknown>> =>
  qlf.page.evaluate(([name, body]) => window.qlf!.call(name, body), [channel, request] as const);

test.describe('the contract', () => {
  for (const channel of ['no.such.channel', '', 'events', '__proto__', 'constructor', 'ELECTRON_BROWSER_SANDBOX_LOAD'])
    test(`refuses the channel "${channel}"`, async () => {
      expect(await hostile(channel, {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    });

  for (const [channel, request] of [
    ['exposure.process', { expid: '1' }],
    ['exposure.process', { expid: 1, path: '/etc/passwd' }],
    ['exposure.process', null],
    ['exposure.list', { limit: 1e9, offset: 0 }],
    ['job.log', { runId: 1, camera: '../../etc/passwd', limit: 10, offset: 0 }],
    ['job.retry', { runId: 1, camera: "b0'; DROP TABLE job" }],
    ['metric.history', { camera: 'b0', metric: ['snr'], key: 'X', limit: 10 }],
    ['configuration.save', { yaml: 'x', author: '', reason: '' }],
    ['engine.set-mode', { mode: 'turbo' }],
    ['settings.set', { settings: { parallel: 31 } }],
  ] as const)
    test(`refuses ${channel} with ${JSON.stringify(request)}`, async () => {
      const answer = await hostile(channel, request);
      expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
      expect(JSON.stringify(answer)).not.toContain(folder);
    });

  test('says what is not there, by its code', async () => {
    expect(await hostile('run.get', { runId: 99 })).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await hostile('exposure.process', { expid: 99 })).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await hostile('test-environment.expose-now', {})).toMatchObject({
      ok: false,
      error: { code: 'unavailable' },
    });
  });

  test('answers nobody but its own page', async () => {
    const answer = await qlf.electron.evaluate(async ({ app, BrowserWindow }) => {
      const preload = `${app.getAppPath()}/out/main/preload.cjs`;
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL('data:text/html,<p>a page from elsewhere</p>').catch(() => undefined);
      const heard: unknown = await stranger.webContents.executeJavaScript(`window.qlf.call('app.info', {})`);
      stranger.destroy();
      return heard;
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'untrusted-sender' } });
  });
});

test.describe('the page', () => {
  test('lives in a sandbox, with the bridge and nothing else of Electron or Node', async () => {
    const preferences = await qlf.electron.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      return (webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    const world = await qlf.page.evaluate(() => ({
      node: [typeof require, typeof process, typeof module],
      bridge: Object.keys(window.qlf!).sort(),
      secure: window.isSecureContext,
    }));
    expect(world).toEqual({
      node: ['undefined', 'undefined', 'undefined'],
      bridge: ['call', 'onEvents', 'onOpened', 'openFile', 'takeOpened'],
      secure: true,
    });
  });

  test('loads under its own policy without a complaint', async () => {
    await qlf.page.reload();
    await expect(qlf.page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
    const policy = await qlf.page.evaluate(async () =>
      (await fetch('index.html')).headers.get('content-security-policy'),
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(qlf.problems).toEqual([]);
  });

  test('runs no script that is not its own', async () => {
    const ran = await qlf.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.head.append(script);
      return 'intruder' in window;
    });
    expect(ran).toBe(false);
    expect(qlf.problems.join()).toMatch(/Content Security Policy/);
  });

  test('reaches nothing outside, and goes nowhere', async () => {
    const { page } = qlf;
    const before = page.url();
    const outcome = await page.evaluate(async () => ({
      fetched: await fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      ),
      opened: window.open('https://example.org/') === null ? 'refused' : 'opened',
      file: await fetch('../main/main.cjs').then(({ status }) => status),
      upwards: await fetch('%2e%2e/%2e%2e/package.json').then(({ status }) => status),
      escaped: await fetch('..%2f..%2fpackage.json').then(({ status }) => status),
    }));
    expect(outcome).toEqual({ fetched: 'refused', opened: 'refused', file: 404, upwards: 404, escaped: 403 });
    await page.evaluate(() => {
      location.href = 'https://example.org/';
    });
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(page.url()).toBe(before);
  });

  test('has no permission', async () => {
    const states = await qlf.page.evaluate(async () =>
      Promise.all(
        (['geolocation', 'notifications', 'camera'] as PermissionName[]).map(
          async (name) => (await navigator.permissions.query({ name })).state,
        ),
      ),
    );
    expect(states).toEqual(['denied', 'denied', 'denied']);
  });
});
