import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { CHANNELS } from '../src-shared/ipc/channels.ts';
import type { EngineSettings, ExternalPipeline } from '../src-shared/domain/settings.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

/** What a browser would run if anybody took it for a page. */
const SCRIPT = '<img src=x onerror="window.intruder=1">';
const WORDS = ['</script><script>window.intruder=1</script>', 'javascript:window.intruder=1', '\u001b[2J\u001b[31mred'];
const RAW = join(import.meta.dirname, 'data/desispec-reference/raw/20191115/00000101/desi-00000101.fits.fz');

let folder: string;
let qlf: Qlf;
let ingestPort: number;

/** A raw tree whose one exposure has a header, and whose folders have names, that no telescope writes. */
function makeHostileTree(root: string): void {
  const card = (text: string): Buffer => Buffer.from(text.padEnd(80).slice(0, 80), 'latin1');
  const bytes = readFileSync(RAW);
  for (let at = bytes.indexOf('PROGRAM = '); at >= 0; at = bytes.indexOf('PROGRAM = ', at + 80))
    card(`PROGRAM = '${SCRIPT}'`).copy(bytes, at);
  const own = join(root, '20191115/00000101');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'desi-00000101.fits.fz'), bytes);
  for (const name of [`00000102${SCRIPT.replaceAll('/', '')}`, '0000010\n3', '..00000104', '00000105; touch gone'])
    mkdirSync(join(root, '20191115', name));
  writeFileSync(join(root, `20191115/00000105; touch gone/desi-$(touch gone).fits.fz`), '');
}

/** A pipeline that says what a browser or a terminal would obey, and fails. */
const hostilePipeline = {
  kind: 'command',
  argv: ['/bin/sh', '-c', 'printf "%b\\n" "$SAYS" >&2; exit 1'],
  env: { SAYS: [SCRIPT, ...WORDS].join('\\n') },
} satisfies ExternalPipeline;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-hardening-'));
  makeHostileTree(join(folder, 'raw'));
  writeFileSync(join(folder, 'pipeline.json'), JSON.stringify(hostilePipeline));
  ingestPort = await freePort();
  qlf = await openQlf({
    ...{ folder, ingestPort },
    args: ['--source', join(folder, 'raw'), '--pipeline', join(folder, 'pipeline.json')],
    env: { QLF_USER: 'somebody', QLF_PASSWD: 'known even to the attacker' },
  });
});
test.afterAll(async () => {
  await qlf.close();
  rmSync(folder, { recursive: true, force: true });
});

const credential = `Basic ${Buffer.from('somebody:known even to the attacker').toString('base64')}`;

async function post(body: string): Promise<number> {
  const { status } = await fetch(`${qlf.ingestUrl}job/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: credential },
    body,
  });
  return status;
}

/** Nothing of what was given as text has become part of the page, or of any object's ancestors. */
async function expectUntouched(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: 'intruder' in window,
    polluted: 'polluted' in {},
    foreign: document.querySelectorAll('img[src="x"], script:not([src]), iframe, object, embed').length,
  }));
  expect(found).toEqual({ ran: false, polluted: false, foreign: 0 });
}

test('a hostile header and a hostile log line are words on the screen, and hostile names are no exposures', async () => {
  const { page } = qlf;
  const failed = (): string[] =>
    query<{ reason: string }>(qlf.databaseFile, "SELECT reason FROM job WHERE state = 'failed'").map(
      (job) => job.reason,
    );
  await expect.poll(() => failed().length, { intervals: [500] }).toBeGreaterThan(0);
  expect(query(qlf.databaseFile, 'SELECT expid, program FROM exposure')).toEqual([{ expid: 101, program: SCRIPT }]);
  for (const key of ['m', 'h', 'g', 'a', 'c', 'o']) {
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await expectUntouched(page);
  }
  await page.keyboard.press('h');
  await expect(page.getByText(SCRIPT).first()).toBeVisible();
  await page.keyboard.press('g');
  await page
    .getByRole('button', { name: /^Log of/ })
    .first()
    .click();
  await expect(page.locator('.log-line').filter({ hasText: SCRIPT }).first()).toBeVisible();
  await expectUntouched(page);
});

test('a hostile measurement is stored as words and shown as words', async () => {
  const { page } = qlf;
  const deep = '{"a":'.repeat(10) + '1' + '}'.repeat(10);
  const metrics = `{"${SCRIPT.replaceAll('"', '\\"')}": 1, "SNR": "${WORDS[0]}", "DEEP": ${deep}, "__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}`;
  const body = (metric: string): string =>
    `{"id": 1, "expid": 102, "camera": "r0", "status": 0, "measurements": [{"metric": ${JSON.stringify(metric)}, "value": {"METRICS": ${metrics}, "PARAMS": {}}}]}`;
  expect(await post(body('SNR'))).toBe(201);
  expect(await post(body(SCRIPT))).toBe(201);
  expect(await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe(422);
  const main = await qlf.electron.evaluate(() => 'polluted' in {});
  expect(main).toBe(false);
  await page.keyboard.press('m');
  await page.getByRole('grid', { name: 'Cameras' }).getByRole('gridcell', { name: /^r0\b/ }).click();
  await expect(page.getByText(SCRIPT).first()).toBeVisible();
  await expectUntouched(page);
});

test.describe('a web page in a browser of the same machine', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  test.beforeAll(async () => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>elsewhere</title><iframe name="sink"></iframe>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://elsewhere.test:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        ...['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
        // A name of the attacker's that means this machine: DNS rebinding.
        '--host-resolver-rules=MAP *.test 127.0.0.1',
      ],
    });
  });
  test.afterAll(async () => {
    await browser.close();
    server.close();
  });

  const stored = (): number => query<{ n: number }>(qlf.databaseFile, 'SELECT count(*) AS n FROM measurement')[0]!.n;
  const job = { id: 1, expid: 666, camera: 'b0', status: 0, measurements: [{ metric: 'SNR', value: { METRICS: {} } }] };

  test('posts nothing and reads nothing, by any way that a page has, even with a good credential', async () => {
    const page = await browser.newPage();
    await page.goto(origin);
    const before = stored();
    const outcome = await page.evaluate(
      async ({ api, authorization, body }) => {
        const attempt = async (init: RequestInit): Promise<string> => {
          try {
            return String((await fetch(`${api}job/`, init)).status);
          } catch {
            return 'refused';
          }
        };
        const headers = { authorization, 'content-type': 'application/json' };
        const tried = [
          await attempt({ method: 'POST', body, headers }),
          await attempt({ method: 'POST', body, headers: { 'content-type': 'text/plain' } }),
          await attempt({ method: 'GET', headers: { authorization } }),
          await attempt({ method: 'POST', body, mode: 'no-cors' }),
        ];
        navigator.sendBeacon(`${api}job/`, new Blob([body], { type: 'text/plain' }));
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action: `${api}job/`, enctype: 'text/plain', target: 'sink' });
        const field = document.createElement('input');
        Object.assign(field, { name: body.slice(0, -1), value: '}' });
        form.append(field);
        document.body.append(form);
        form.submit();
        const image = new Image();
        const drawn = new Promise((resolve) => {
          image.onload = () => resolve('loaded');
          image.onerror = () => resolve('refused');
        });
        image.src = api;
        return [...tried, await drawn];
      },
      { api: qlf.ingestUrl, authorization: credential, body: JSON.stringify(job) },
    );
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    expect(stored()).toBe(before);
    expect(query(qlf.databaseFile, 'SELECT expid FROM exposure WHERE expid = 666')).toEqual([]);
    await page.close();
  });

  test('is refused under a name of its own that means this machine, the same origin or not', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`http://elsewhere.test:${ingestPort}/dashboard/api/`);
    expect(answer?.status()).toBe(403);
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'");
    const before = stored();
    const posted = await page.evaluate(
      async ({ authorization, body }) => {
        const request = new XMLHttpRequest();
        return new Promise<number>((resolve) => {
          request.onloadend = () => resolve(request.status);
          request.open('POST', '/dashboard/api/job/');
          request.setRequestHeader('authorization', authorization);
          request.setRequestHeader('content-type', 'application/json');
          request.send(body);
        });
      },
      { authorization: credential, body: JSON.stringify(job) },
    );
    expect([0, 403]).toContain(posted);
    expect(stored()).toBe(before);
    await page.close();
  });
});

test('a program named by the page runs only when a person has said so in the system’s own dialog', async () => {
  const settings = await qlf.ask('settings.get', {});
  const program: ExternalPipeline = { kind: 'command', argv: ['/bin/touch', join(folder, 'gone')], env: {} };
  const answerWith = (response: number): Promise<void> =>
    qlf.electron.evaluate(({ dialog }, answer) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = (...args: unknown[]) => {
        asked.push((args.at(-1) as Electron.MessageBoxOptions).detail ?? '');
        return Promise.resolve({ response: answer, checkboxChecked: false });
      };
    }, response);
  const asked = (): Promise<string[]> =>
    qlf.electron.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  const set = (pipeline: EngineSettings['pipeline']) =>
    qlf.call('settings.set', { settings: { ...settings, pipeline } });

  await answerWith(0);
  expect(await set(program)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  expect((await asked()).join()).toContain(`/bin/touch\n${join(folder, 'gone')}`);
  expect((await qlf.ask('settings.get', {})).pipeline).toEqual(hostilePipeline);
  // What it was started with, and its own pipeline, need nobody.
  expect(await set(hostilePipeline)).toMatchObject({ ok: true });
  expect(await set({ kind: 'command', argv: Array.from({ length: 90 }, () => 'long'), env: {} })).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  });
  expect(await asked()).toHaveLength(1);

  await answerWith(1);
  expect(await set(program)).toMatchObject({ ok: true });
  expect(await asked()).toHaveLength(1);
  expect(await set({ kind: 'built-in' })).toMatchObject({ ok: true });
  expect(await set(program)).toMatchObject({ ok: true });
  expect(await asked()).toHaveLength(1);
  expect(await set({ kind: 'built-in' })).toMatchObject({ ok: true });
});

test('no channel takes what is not in the contract', async () => {
  const deep = JSON.parse('{"a":'.repeat(10) + '1' + '}'.repeat(10)) as unknown;
  const answers = await qlf.page.evaluate(
    async ([channels, requests]) => {
      const outcome: [string, string][] = [];
      for (const channel of channels)
        for (const request of requests) {
          const answer = await window.qlf!.call(channel, request);
          outcome.push([channel, answer.ok ? 'accepted' : answer.error.code]);
        }
      return outcome;
    },
    [[...CHANNELS], [null, [], 'words', 42, { nonsense: 1 }, deep]] as const,
  );
  expect(answers.filter(([, code]) => code !== 'bad-request')).toEqual([]);
});

test('the page opens, embeds, downloads and is granted nothing', async () => {
  await qlf.electron.evaluate(({ session }) => {
    const saved: boolean[] = [];
    Object.assign(globalThis, { saved });
    session.defaultSession.on('will-download', (event) => saved.push(!event.defaultPrevented));
  });
  const outcome = await qlf.page.evaluate(async () => {
    const refusal = (task: () => Promise<unknown>): Promise<string> =>
      task().then(
        () => 'granted',
        () => 'refused',
      );
    for (const href of ['data:text/plain,secret', URL.createObjectURL(new Blob(['secret']))]) {
      const link = document.createElement('a');
      Object.assign(link, { href, download: 'secret.txt' });
      link.click();
    }
    const frame = document.createElement('iframe');
    frame.src = 'https://example.org/';
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.org/');
    document.body.append(frame, view);
    const code = (): string => {
      try {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is what must not work
        return (new Function('return "ran"') as () => string)();
      } catch {
        return 'refused';
      }
    };
    const result = {
      windows: ['https://example.org/', 'qlf://app/', 'file:///etc/passwd', 'about:blank'].map(
        (url) => window.open(url) === null,
      ),
      camera: await refusal(() => navigator.mediaDevices.getUserMedia({ video: true })),
      clipboard: await refusal(() => navigator.clipboard.readText()),
      notification: await Notification.requestPermission(),
      eval: code(),
      file: await refusal(() => fetch('file:///etc/passwd')),
    };
    frame.remove();
    view.remove();
    return result;
  });
  expect(outcome).toEqual({
    windows: [true, true, true, true],
    camera: 'refused',
    clipboard: 'refused',
    notification: 'denied',
    eval: 'refused',
    file: 'refused',
  });
  const { contents, saved } = await qlf.electron.evaluate(({ webContents }) => ({
    contents: webContents.getAllWebContents().map((each) => each.getType()),
    saved: (globalThis as unknown as { saved: boolean[] }).saved,
  }));
  expect(contents).toEqual(['window']);
  expect(saved.filter(Boolean)).toEqual([]);
});
