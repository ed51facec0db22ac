/**
 * Takes screenshots of the interface with the stand-in for the engine, and says what axe and the console complain of:
 * `npx -c 'node src-renderer/testing/look.ts OUTDIR [name…]'`.
 */
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page } from 'playwright';
import { build, mergeConfig } from 'vite';
import product from '../../vite.config.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const root = here('../../out/renderer-testing');
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The interface with the stand-in for the engine; never part of the product. */
await build(
  mergeConfig(product, {
    configFile: false,
    logLevel: 'warn',
    base: '/',
    build: { outDir: root, target: 'es2022', rollupOptions: { input: here('./index.html') } },
  }),
);

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

interface View {
  name: string;
  query: string;
  width: number;
  height: number;
  act?: (page: Page) => Promise<void>;
}
const big = { width: 1440, height: 900 };
const openCamera =
  (camera: string) =>
  async (page: Page): Promise<void> => {
    await page.click(`[data-camera="${camera}"]`);
    await page.waitForTimeout(1800);
  };
const openPlot =
  (camera: string, key: string, tab: string | null) =>
  async (page: Page): Promise<void> => {
    await openCamera(camera)(page);
    await page.click(`[data-key="${key}"]`);
    if (tab !== null) await page.click(`text="${tab}"`);
    await page.waitForTimeout(900);
  };
const press =
  (key: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(key);
    await page.waitForTimeout(1500);
  };
/** The trends screen, at one of its faces. */
const openTrends =
  (face: string, then?: (page: Page) => Promise<void>) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press('x');
    await page.getByText(face, { exact: true }).first().click();
    await page.waitForTimeout(600);
    await then?.(page);
  };
const openAlarms = async (page: Page): Promise<void> => {
  await page.keyboard.press('a');
  await page.waitForTimeout(400);
};
const views: View[] = [
  { name: 'monitor-dark', query: 'theme=dark', ...big },
  { name: 'monitor-light', query: 'theme=light', ...big },
  { name: 'monitor-red', query: 'theme=red', ...big },
  { name: 'monitor-small', query: 'theme=dark', width: 1366, height: 768 },
  { name: 'monitor-large', query: 'theme=dark', width: 1920, height: 1080 },
  { name: 'monitor-wedge', query: 'theme=dark&board=wedge', ...big },
  { name: 'monitor-good', query: 'theme=dark&scenario=good', ...big },
  { name: 'monitor-lost', query: 'theme=dark&scenario=lost', ...big },
  { name: 'monitor-empty', query: 'theme=dark&scenario=empty', ...big },
  { name: 'no-engine', query: 'theme=dark&no-engine', ...big },
  { name: 'silent', query: 'theme=dark&silent', ...big },
  { name: 'camera-dark', query: 'theme=dark', ...big, act: openCamera('r3') },
  { name: 'camera-light', query: 'theme=light', ...big, act: openCamera('b7') },
  { name: 'camera-red', query: 'theme=red', ...big, act: openCamera('r3') },
  { name: 'camera-small', query: 'theme=dark', width: 1366, height: 768, act: openCamera('z1') },
  { name: 'camera-failed', query: 'theme=dark', ...big, act: openCamera('z5') },
  { name: 'camera-map', query: 'theme=dark', ...big, act: openPlot('r3', 'FIDSNR_TGT', 'Residual map') },
  { name: 'camera-histogram', query: 'theme=light', ...big, act: openPlot('r2', 'XWSIGMA', 'Histogram x') },
  { name: 'camera-snr', query: 'theme=dark', width: 1366, height: 768, act: openPlot('r2', 'FIDSNR_TGT', null) },
  { name: 'fibers-dark', query: 'theme=dark', ...big, act: press('f') },
  { name: 'fibers-light', query: 'theme=light', ...big, act: press('f') },
  { name: 'fibers-red', query: 'theme=red', ...big, act: press('f') },
  { name: 'fibers-small', query: 'theme=dark', width: 1366, height: 768, act: press('f') },
  { name: 'fibers-large', query: 'theme=dark', width: 1920, height: 1080, act: press('f') },
  { name: 'spectra-dark', query: 'theme=dark', ...big, act: press('s') },
  { name: 'spectra-light', query: 'theme=light', ...big, act: press('s') },
  { name: 'spectra-small', query: 'theme=dark', width: 1366, height: 768, act: press('s') },
  { name: 'wall', query: 'theme=dark', ...big, act: (page) => page.keyboard.press('w') },
  { name: 'wall-red', query: 'theme=red', ...big, act: (page) => page.keyboard.press('w') },
  { name: 'wall-good', query: 'theme=dark&scenario=good', ...big, act: (page) => page.keyboard.press('w') },
  { name: 'logs-dark', query: 'theme=dark', ...big, act: (page) => page.keyboard.press('g') },
  {
    name: 'logs-camera',
    query: 'theme=dark',
    width: 1366,
    height: 768,
    act: async (page) => {
      await page.keyboard.press('g');
      await page.getByLabel(/^Log of r3/).click();
      await page.keyboard.press('/');
      await page.keyboard.type('bundle 17');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'logs-light',
    query: 'theme=light',
    ...big,
    act: async (page) => {
      await page.keyboard.press('g');
      await page.waitForTimeout(300);
      await page.keyboard.press('e');
      await page.waitForTimeout(300);
    },
  },
  { name: 'trends-dark', query: 'theme=dark', ...big, act: openTrends('Trends') },
  {
    name: 'trends-hover',
    query: 'theme=dark',
    ...big,
    act: openTrends('Trends', (page) => page.hover('[data-line=r3C]')),
  },
  {
    name: 'trends-cameras',
    query: 'theme=dark',
    ...big,
    act: openTrends('Trends', async (page) => {
      await page.getByText('Month').click();
      await page.getByText('Cameras', { exact: true }).last().click();
    }),
  },
  { name: 'trends-light', query: 'theme=light', ...big, act: openTrends('Trends') },
  { name: 'trends-small', query: 'theme=red', width: 1366, height: 768, act: openTrends('Trends') },
  { name: 'trends-regression', query: 'theme=dark', ...big, act: openTrends('Regression') },
  { name: 'trends-conditions', query: 'theme=dark', ...big, act: openTrends('Conditions') },
  { name: 'trends-footprint', query: 'theme=dark', ...big, act: openTrends('Footprint') },
  { name: 'trends-footprint-light', query: 'theme=light', width: 1366, height: 768, act: openTrends('Footprint') },
  { name: 'alarms-dark', query: 'theme=dark', ...big, act: openAlarms },
  { name: 'alarms-light', query: 'theme=light', ...big, act: openAlarms },
  { name: 'alarms-red', query: 'theme=red', ...big, act: openAlarms },
  { name: 'alarms-small', query: 'theme=dark', width: 1366, height: 768, act: openAlarms },
  { name: 'alarms-large', query: 'theme=dark', width: 1920, height: 1080, act: openAlarms },
  { name: 'alarms-empty', query: 'theme=dark&scenario=empty', ...big, act: openAlarms },
  {
    name: 'alarms-settings',
    query: 'theme=dark',
    ...big,
    act: async (page) => {
      await openAlarms(page);
      await page.click('[aria-label="Alarm settings"]');
    },
  },
  { name: 'help', query: 'theme=dark', ...big, act: (page) => page.keyboard.press('?') },
  { name: 'test-environment', query: 'theme=dark', ...big, act: (page) => page.click('text=Test') },
];

const openHistory = async (page: Page): Promise<void> => {
  await page.keyboard.press('h');
  await page.waitForSelector('.history-row[data-expid]');
};
const openReport = async (page: Page): Promise<void> => {
  await page.keyboard.press('o');
  await page.waitForSelector('.report-head');
};
const openSettings =
  (section: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
    await page.waitForTimeout(900);
  };
views.push(
  { name: 'history-dark', query: 'theme=dark', ...big, act: openHistory },
  { name: 'history-light', query: 'theme=light', ...big, act: openHistory },
  { name: 'history-red', query: 'theme=red', ...big, act: openHistory },
  { name: 'history-small', query: 'theme=dark', width: 1366, height: 768, act: openHistory },
  { name: 'history-large', query: 'theme=dark', width: 1920, height: 1080, act: openHistory },
  {
    name: 'compare',
    query: 'theme=dark',
    ...big,
    act: async (page) => {
      await openHistory(page);
      await page.locator('.history-row input').nth(2).check();
      await page.locator('.history-row input').nth(3).check();
      await page.keyboard.press('v');
      await page.waitForTimeout(400);
    },
  },
  { name: 'report-dark', query: 'theme=dark', ...big, act: openReport },
  { name: 'report-light', query: 'theme=light', ...big, act: openReport },
  { name: 'report-red', query: 'theme=red', ...big, act: openReport },
  { name: 'report-small', query: 'theme=dark', width: 1366, height: 768, act: openReport },
  ...(['dark', 'light', 'red'] as const).flatMap((theme): View[] => [
    { name: `settings-configuration-${theme}`, query: `theme=${theme}`, ...big, act: openSettings('QL configuration') },
    { name: `settings-thresholds-${theme}`, query: `theme=${theme}`, ...big, act: openSettings('Thresholds') },
  ]),
  { name: 'notes', query: 'theme=dark', ...big, act: (page) => page.keyboard.press('i') },
);

const server = createServer((request, response) => {
  if (request.url === '/favicon.ico') return void response.writeHead(204).end();
  const path = join(root, new URL(request.url ?? '/', 'http://x').pathname);
  void stat(path).then(
    () => {
      response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
      createReadStream(path).pipe(response);
    },
    () => {
      response.statusCode = 404;
      response.end();
    },
  );
}).listen(0, '127.0.0.1');

const [out = 'out/look', ...names] = process.argv.slice(2);
await mkdir(out, { recursive: true });
const { port } = server.address() as AddressInfo;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
for (const { name, query, width, height, act } of views) {
  if (names.length > 0 && !names.some((wanted) => name.startsWith(wanted))) continue;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') say(`${name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    say(`${name}: ${error.message}`);
  });
  await page.goto(`http://127.0.0.1:${port}/testing/index.html?${query}`);
  await page.waitForSelector('main');
  await page.waitForTimeout(700);
  await act?.(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(out, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, impact, nodes } of violations) {
    say(
      `${name}: axe ${impact ?? ''} ${id}: ${nodes
        .map(({ html }) => html.slice(0, 110))
        .slice(0, 3)
        .join(' | ')}`,
    );
  }
  await context.close();
}
await browser.close();
server.close();
