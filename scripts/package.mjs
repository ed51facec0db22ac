/**
 * npm run package [-- TARGET…]: packages QLF for this system (electron-builder.yml). Where the official Electron cannot be had it
 * makes packages for tests on the registry's, named -test, for which nothing but the npm registry is needed.
 * Targets: dir, tar.gz, deb, AppImage; dmg on macOS, nsis on Windows. Without any: all that can be made here.
 */
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sevenZip from '7zip-bin';
import electronBuilder from 'electron-builder';
import { exitWith, inRoot, root, say, SetupError, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron } from './electron.mjs';
import { configForTests } from './package-for-tests.mjs';

const { build, Platform } = electronBuilder;

/** What the registry's Electron can be packaged as. */
const TEST_TARGETS = ['dir', 'tar.gz', 'deb'];

/** Why the rest cannot be made without the official Electron. */
const NOT_HERE = {
  AppImage: 'its runtime is downloaded from where the official Electron is, which cannot be reached',
  arm64: 'the npm registry has an Electron for x64 only',
  dmg: 'it is made on macOS, with the official Electron',
  nsis: 'it is made on Windows, with the official Electron; its compiler is downloaded from the same place',
};

const targetsOf = (names) => ({ targets: Platform.current().createTarget(names) });

function bytesUnder(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), 0);
}

/** Says what was made, and how large it is. */
function tellOf(paths) {
  for (const path of paths) say(`${(bytesUnder(path) / 1e6).toFixed(1).padStart(7)} MB  ${path}`);
}

/** Packages of the product, on the official Electron. */
async function packageProduct(targets) {
  const config = inRoot('electron-builder.yml');
  tellOf(await build({ projectDir: root, config, ...(targets.length > 0 ? targetsOf(targets) : {}) }));
}

/** What electron-builder would download, by what the npm registry and Debian have. */
function helpersForTests() {
  const { path7za } = sevenZip;
  chmodSync(path7za, 0o755);
  return {
    ELECTRON_BUILDER_7ZIP_PATH: path7za,
    CUSTOM_FPM_PATH: inRoot('scripts/fpm-lite.mjs'),
    // Nobody downloads them: made fast rather than small.
    ELECTRON_BUILDER_COMPRESSION_LEVEL: '1',
  };
}

/**
 * Packages for tests.
 * @returns the unpacked folder, then the packages
 * @throws SetupError for what cannot be made here
 */
export async function packageForTests(electron, targets = TEST_TARGETS) {
  const impossible = targets.filter((target) => !TEST_TARGETS.includes(target));
  if (impossible.length > 0) {
    const why = impossible.map((target) => `${target}: ${NOT_HERE[target] ?? 'there is no such target'}`);
    throw new SetupError(`Cannot be packaged here:\n  ${why.join('\n  ')}`);
  }
  Object.assign(process.env, helpersForTests());
  const config = configForTests(dirname(electron));
  const made = await build({ projectDir: root, config, ...targetsOf(targets) });
  return [inRoot('release/test/linux-unpacked'), ...made];
}

async function packageQlf(targets) {
  await ensureBuilt();
  const electron = await resolveElectron();
  Object.assign(process.env, toolEnv());
  if (electron.startsWith(inRoot('node_modules'))) return packageProduct(targets);
  tellOf(await packageForTests(electron, targets.length > 0 ? targets : undefined));
  say('These are packages for tests, on an Electron too old for real use: do not give them to anybody.');
  say('Not made here:');
  for (const [target, why] of Object.entries(NOT_HERE)) say(`  ${target}: ${why}`);
}

if (process.argv[1] === inRoot('scripts/package.mjs')) packageQlf(process.argv.slice(2)).catch(exitWith);
