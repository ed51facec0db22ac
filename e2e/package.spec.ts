import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import {
  asOrdinaryUser,
  makeOldPackage,
  makePackages,
  openSystem,
  type Packages,
  type System,
} from './fixtures/packages.ts';
import { treeOf } from './fixtures/process-tree.ts';
import { freePort, openQlf, query, type Qlf } from './fixtures/qlf.ts';

const NAME = 'qlf-test';
const PRODUCT = 'QLF-test';

let folder: string;
let packages: Packages;
let system: System;
let qlf: Qlf | undefined;

test.describe.configure({ mode: 'serial' });
test.beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'qlf-package-')));
  packages = makePackages();
  system = openSystem(folder);
});
test.afterAll(async () => {
  await qlf?.close();
  rmSync(folder, { recursive: true, force: true });
});

const tell = (what: string, value: string): void => {
  test.info().annotations.push({ type: what, description: value });
  process.stdout.write(`    ${what}: ${value}\n`);
};
const megabytes = (file: string): string => `${(statSync(file).size / 1e6).toFixed(0)} MB`;
const output = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });

test('every fuse of the packaged executable is set as the product wants it', async () => {
  const wire = (await getCurrentFuseWire(join(packages.unpacked, NAME))) as unknown as Record<string, number>;
  const wanted: Record<keyof typeof FuseV1Options, boolean> = {
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    // The product's is off; a test must be able to drive its own.
    EnableNodeCliInspectArguments: true,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
    WasmTrapHandlers: true,
  };
  const found = Object.keys(wire).filter((key) => /^\d+$/.test(key));
  expect(found.length).toBeGreaterThan(6);
  for (const index of found) {
    const name = FuseV1Options[Number(index)] as keyof typeof FuseV1Options;
    expect(wire[index], name).toBe(wanted[name] ? FuseState.ENABLE : FuseState.DISABLE);
  }
});

test('the package holds what runs and nothing else: one native module, outside the archive, of this platform', () => {
  const resources = join(packages.unpacked, 'resources');
  const inside = listPackage(join(resources, 'app.asar'), { isPack: false });
  const prebuilds = (names: string[]): string[] => names.filter((name) => name.endsWith('.node'));
  const own = `/node_modules/better-sqlite3/prebuilds/${process.platform}-${process.arch}.node`;
  expect(prebuilds(inside)).toEqual([own]);
  const outside = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true }).map(
    (name) => `/${String(name)}`,
  );
  expect(prebuilds(outside)).toEqual([own]);
  expect(
    inside.filter((name) => /\.(ts|tsx|map|as|test\.\w+)$|^\/(src-|e2e|bench|docs|scripts|\.)/.test(name)),
  ).toEqual([]);
  expect(inside.filter((name) => /^\/node_modules\/[^/]+$/.test(name))).toEqual(['/node_modules/better-sqlite3']);
  for (const name of [
    '/out/main/main.cjs',
    '/out/main/ql-pipeline.cjs',
    '/out/renderer/index.html',
    '/resources/qlconfig',
  ])
    expect(inside).toContain(name);
});

test('the archive holds the same program in a folder of its own', () => {
  const top = `${NAME}-0.1.0-linux-x64/`;
  const listed = output('tar', '-tvzf', packages.archive).trim().split('\n');
  const inArchive = new Map<string, string>();
  for (const line of listed) {
    const [, mode = '', bytes = '', name = ''] = /^(\S+) \S+ +(\d+) \S+ \S+ (.*)$/.exec(line) ?? [];
    expect(name.startsWith(top)).toBe(true);
    if (mode.startsWith('-')) inArchive.set(name.slice(top.length), `${bytes} ${mode.includes('x') ? 'runs' : ''}`);
  }
  const inFolder = new Map<string, string>();
  for (const name of readdirSync(packages.unpacked, { recursive: true }).map(String)) {
    const about = statSync(join(packages.unpacked, name));
    // The .deb's own, made when the archive may be ready.
    if (about.isFile() && name !== 'resources/apparmor-profile')
      inFolder.set(name, `${about.size} ${(about.mode & 0o111) === 0 ? '' : 'runs'}`);
  }
  inArchive.delete('resources/apparmor-profile');
  expect(inArchive).toEqual(inFolder);
  for (const file of [packages.deb, packages.archive]) tell(file.replace(/.*\//, ''), megabytes(file));
});

test('the .deb takes the place of an older version and tells the desktop what QLF is and opens', () => {
  system.dpkg('--install', makeOldPackage(folder, packages.deb, PRODUCT));
  const left = join(system.root, '/opt', PRODUCT, 'only-in-the-old-one');
  expect(existsSync(left)).toBe(true);
  system.dpkg('--install', packages.deb);
  expect(system.stateOf(NAME)).toBe('installed');
  expect(existsSync(left)).toBe(false);
  expect(system.dpkg('--verify', NAME)).toBe('');
  for (const needed of output('dpkg-deb', '-f', packages.deb, 'Depends').trim().split(', '))
    expect(output('dpkg-query', '-W', '-f=${db:Status-Status}', needed), needed).toBe('installed');

  const desktop = join(system.root, `/usr/share/applications/${NAME}.desktop`);
  expect(output('desktop-file-validate', desktop)).toBe('');
  const entry = readFileSync(desktop, 'utf8');
  expect(entry).toContain(`Exec=/opt/${PRODUCT}/${NAME} %F\n`);
  expect(entry).toContain('MimeType=image/fits;application/vnd.qlf.night+json;\n');
  for (const size of [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024])
    expect(existsSync(join(system.root, `/usr/share/icons/hicolor/${size}x${size}/apps/${NAME}.png`))).toBe(true);
  expect(statSync(join(system.root, '/usr/bin', NAME)).mode & 0o777).toBe(0o755);
  expect(existsSync(join(system.root, `/usr/share/doc/${NAME}/copyright`))).toBe(true);
  const share = join(system.root, 'usr/share');
  output('update-mime-database', join(share, 'mime'));
  output('update-desktop-database', join(share, 'applications'));
  const globs = readFileSync(join(share, 'mime/globs2'), 'utf8').split('\n');
  expect(globs).toContain('50:image/fits:*.fits.fz');
  expect(globs).toContain('60:image/fits:*.fits.gz');
  expect(globs).toContain('50:image/fits:*.fits');
  expect(globs).toContain('50:application/vnd.qlf.night+json:*.qlfnight');
  expect(readFileSync(join(share, 'applications/mimeinfo.cache'), 'utf8')).toMatch(
    new RegExp(`^image/fits=.*${NAME}\\.desktop`, 'm'),
  );
});

test('what is installed starts in its sandbox and processes an exposure with the pipeline that it brings', async () => {
  const installed = join(system.root, '/opt', PRODUCT, NAME);
  const trap = join(folder, 'trap.cjs');
  const sprung = join(folder, 'sprung');
  writeFileSync(trap, `require('fs').writeFileSync(${JSON.stringify(sprung)}, '')`);
  const begun = performance.now();
  qlf = await openQlf({
    ...{ folder, packaged: asOrdinaryUser(installed, folder), ingestPort: await freePort() },
    args: ['--cadence', 'manual', '--size', 'compact'],
    // Neither makes it anything else: the fuses say no.
    env: { NODE_OPTIONS: `--require ${trap}`, ELECTRON_RUN_AS_NODE: '1' },
  });
  await expect(qlf.page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  tell('start of the packaged QLF until its window shows the cameras', `${Math.round(performance.now() - begun)} ms`);
  expect(existsSync(sprung)).toBe(false);

  const { page } = qlf;
  expect(await qlf.ask('app.info', {})).toMatchObject({ version: '0.1.0' });
  const status = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');
  const commands = treeOf(qlf.pid).map(({ pid }) => ({ pid, line: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }));
  const renderers = commands.filter(({ line }) => line.includes('--type=renderer'));
  expect(renderers).toHaveLength(1);
  // Chromium's filter of system calls holds the page's process.
  expect(status(renderers[0]!.pid)).toMatch(/^Seccomp:\s*2$/m);
  expect(commands.filter(({ line }) => line.includes('--no-sandbox'))).toEqual([]);

  await qlf.ask('test-environment.expose-now', { kind: 'science-dark' });
  await expect
    .poll(async () => (await qlf!.ask('control-room.snapshot', {})).exposures.map(({ state }) => state), {
      intervals: [500],
    })
    .toContain('processed');
  const runs = query<{ state: string; jobs: number }>(
    qlf.databaseFile,
    `SELECT run.state, count(*) AS jobs FROM run JOIN job ON run_id = run.id
     JOIN exposure USING (expid) WHERE job.state = 'done' GROUP BY run.id`,
  );
  expect(runs).toContainEqual({ state: 'done', jobs: 30 });
  await expect(page.getByRole('grid', { name: 'Cameras' })).toBeVisible();
  expect(qlf.problems).toEqual([]);
  await qlf.close();
  qlf = undefined;
});

test('its command answers where there is no display, too', () => {
  const command = asOrdinaryUser(join(system.root, '/usr/bin', NAME), folder);
  const run = spawnSync(command, ['status', '--data', join(folder, 'data')], {
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share') },
    encoding: 'utf8',
    timeout: 240_000,
  });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/: processed/);
});

test('as another program it can be run by nobody', () => {
  const installed = join(system.root, '/opt', PRODUCT, NAME);
  const run = spawnSync(installed, ['-e', 'process.stdout.write("as Node")', '--no-sandbox'], {
    env: { ELECTRON_RUN_AS_NODE: '1', HOME: folder, PATH: process.env['PATH'] },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(run.stdout).not.toContain('as Node');
});

test('removed, then purged, it leaves what was observed and nothing of itself', () => {
  system.dpkg('--remove', NAME);
  for (const path of ['/usr/bin', '/usr/share/applications', '/usr/share/mime/packages', '/usr/share/doc'])
    expect(existsSync(join(system.root, path)) ? readdirSync(join(system.root, path)) : []).not.toContainEqual(
      expect.stringContaining(NAME),
    );
  expect(existsSync(join(system.root, '/opt', PRODUCT))).toBe(false);
  system.dpkg('--purge', NAME);
  expect(system.stateOf(NAME)).not.toBe('installed');
  const [row] = query<{ n: number }>(join(folder, 'data/qlf.db'), 'SELECT count(*) AS n FROM measurement');
  expect(row!.n).toBeGreaterThan(300);
});
