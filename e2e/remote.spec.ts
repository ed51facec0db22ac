import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, expect, test, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { serious } from './fixtures/axe.ts';
import { guide } from './fixtures/guide.ts';
import { onObservedNight } from './fixtures/on-observed-night.ts';
import { freePort, query, type Qlf } from './fixtures/qlf.ts';

const night = onObservedNight('remote');
let qlf: Qlf;
let desk: Page;
let browser: Browser;
let address: string;

/** Somebody elsewhere: a browser profile of their own, and what its pages complained of. */
interface Somebody {
  context: BrowserContext;
  page: Page;
  problems: string[];
}

async function somebody(): Promise<Somebody> {
  // The certificate is QLF's own.
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
  const problems: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  context.on('weberror', (error) => problems.push(String(error.error())));
  const page = await context.newPage();
  await page.goto(address);
  return { context, page, problems };
}

async function signIn({ page }: Somebody, token: string): Promise<void> {
  await page.getByRole('button', { name: /^Remote view/ }).click();
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function tokenFor(name: string, role: string): Promise<string> {
  await desk.getByLabel('Whom the token is for').fill(name);
  await desk
    .getByRole('radiogroup', { name: 'Role' })
    .or(desk.getByRole('group', { name: 'Role' }))
    .getByText(role)
    .click();
  await desk.getByRole('button', { name: 'Make a token' }).click();
  const shown = desk.locator('.new-token code');
  await expect(shown).toHaveText(/^qlf_[\w-]{43}$/);
  const token = (await shown.textContent()) ?? '';
  await desk.getByRole('button', { name: 'Done' }).click();
  await expect(shown).toBeHidden();
  return token;
}

let viewer: Somebody;
let ana: Somebody;
let ed: Somebody;

test.beforeAll(async () => {
  ({ qlf } = night);
  desk = qlf.page;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    ],
  });
});
test.afterAll(() => browser.close());

test('is switched on in the settings, and says where it is', async () => {
  const port = await freePort();
  await desk.getByRole('button', { name: 'Settings' }).click();
  await desk.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Remote view' }).click();
  await expect(desk.getByText('Off: nobody can look on from elsewhere')).toBeVisible();
  await desk.getByText('this computer alone').click();
  const field = desk.getByLabel('Port');
  await field.fill(String(port));
  await field.press('Enter');
  await desk.getByText('On', { exact: true }).click();
  address = `https://127.0.0.1:${String(port)}/`;
  await expect(desk.locator('.remote-urls')).toContainText(address);
  await expect(desk.locator('.fingerprint')).toHaveText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test('anybody sees the night as the desk does, and changes nothing', async () => {
  viewer = await somebody();
  const { page } = viewer;
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  await expect(page.locator('.top-bar')).toContainText('Remote viewer');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('A viewer may not do this. Sign in with the token of an observer.')).toBeVisible();
  const { engine } = await qlf.ask('control-room.snapshot', {});
  expect(engine.activity).not.toBe('off');
  for (const [key, text] of [
    ['c', 'Read noise'],
    ['f', 'Focal plane'],
    ['h', 'Worst finding'],
    ['o', 'judged exposures normal'],
    ['g', 'engine'],
    ['a', 'Alarms'],
    ['x', 'Metric'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.locator('main').getByText(text).first()).toBeVisible();
  }
  await page.keyboard.press('d');
  await expect(page.locator('.image-box canvas').first()).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.locator('.spectrum-plot .surface')).toBeVisible();
  await page.keyboard.press('m');
});

test('an observer and an engineer sign in by their tokens; what one does all see', async () => {
  const [forAna, forEd] = [await tokenFor('Ana', 'observer'), await tokenFor('Ed', 'engineer')];
  [ana, ed] = [await somebody(), await somebody()];
  await signIn(ana, 'qlf_of-nobody');
  await expect(ana.page.getByText('This token does not hold')).toBeVisible();
  // The browser says of itself that it was refused.
  ana.problems.splice(0);
  await ana.page.getByLabel('Token').fill(forAna);
  await ana.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(ana.page.locator('.top-bar')).toContainText('Ana, observer');
  await signIn(ed, forEd);
  await expect(ed.page.locator('.top-bar')).toContainText('Ed, engineer');
  await expect(desk.getByRole('list', { name: 'Looking on now' })).toContainText('Ana');
  await expect(desk.getByRole('list', { name: 'Looking on now' }).getByRole('listitem')).toHaveCount(3);

  await ana.page.getByText('Manual', { exact: true }).click();
  await expect.poll(async () => (await qlf.ask('control-room.snapshot', {})).engine.mode).toBe('manual');
  for (const { page } of [viewer, ed]) await expect(page.getByRole('radio', { name: 'Manual' })).toBeChecked();
  await ana.page.getByText('Auto', { exact: true }).click();
  await expect(viewer.page.getByRole('radio', { name: 'Auto' })).toBeChecked();

  await ana.page.getByRole('button', { name: 'Settings' }).click();
  await ana.page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Executor' }).click();
  await expect(ana.page.getByText('Sign in with the token of an engineer')).toBeVisible();
});

test('what an exposure is saved as comes to the browser', async () => {
  await ana.page.keyboard.press('h');
  await ana.page.getByRole('button', { name: 'Save', exact: true }).click();
  const [download] = await Promise.all([
    ana.page.waitForEvent('download'),
    ana.page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const file = join(night.folder, 'from-elsewhere.csv');
  await download.saveAs(file);
  const [{ count } = { count: 0 }] = query<{ count: number }>(
    qlf.databaseFile,
    'SELECT count(*) AS count FROM exposure',
  );
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(count + 1);
});

test('all that was done stands in the settings and in the database; a revoked token ends at once', async () => {
  const list = desk.getByRole('region', { name: 'Done from elsewhere' }).last();
  await expect(list).toContainText('engine.set-mode');
  await expect(list).toContainText('A viewer may not do this');
  await expect(list).toContainText('no such token');
  const acts = query<{ name: string; act: string }>(
    qlf.databaseFile,
    "SELECT name, act FROM remote_act WHERE refusal = '' ORDER BY id",
  );
  expect(acts).toEqual([
    { name: 'Ana', act: 'sign in' },
    { name: 'Ed', act: 'sign in' },
    { name: 'Ana', act: 'engine.set-mode' },
    { name: 'Ana', act: 'engine.set-mode' },
  ]);
  const row = desk.getByRole('list', { name: 'Tokens' }).getByRole('listitem').filter({ hasText: 'Ana' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'Revoke Ana' }).click();
  await expect(ana.page.locator('.top-bar')).toContainText('Remote viewer');
  await expect(row).toContainText('revoked');
  await expect(ed.page.locator('.top-bar')).toContainText('Ed, engineer');
  expect(await serious(desk)).toEqual([]);
  await guide(desk, 'settings-remote');
});

test('where nobody may look without a token the page asks for one', async () => {
  await desk.getByText('nobody may', { exact: true }).click();
  await expect(viewer.page.getByRole('heading', { name: 'Sign in to look on' })).toBeVisible();
  await expect(ed.page.locator('.top-bar')).toContainText('Ed, engineer');
  expect(await serious(viewer.page)).toEqual([]);
  await guide(viewer.page, 'remote-sign-in');
  // The sockets of those who were shown out say so on their consoles, nothing else does.
  for (const { problems, context } of [viewer, ana, ed]) {
    expect(problems.filter((text) => !/WebSocket|status of 401/.test(text))).toEqual([]);
    await context.close();
  }
  await desk.getByText('Off', { exact: true }).first().click();
  await expect(desk.getByText('Off: nobody can look on from elsewhere')).toBeVisible();
});
