/**
 * npm run package [-- TARGETS]: packages QLF for this system (electron-builder.yml). Where the official Electron cannot be
 * had, it makes a package for tests on the registry's: the folder, or with TARGETS also deb.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { exitWith, inRoot, node24, root, say, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron } from './electron.mjs';
import { runtime } from './runtime/setup.mjs';

const require = createRequire(import.meta.url);

/** What differs in a package for tests; `dist` is the folder of the registry's Electron. */
function forTests(product, dist) {
  const { grantFileProtocolExtraPrivileges: _unknown, ...fuses } = product.electronFuses;
  return {
    ...product,
    electronDist: dist,
    electronVersion: runtime.electron,
    directories: { ...product.directories, output: 'release/test' },
    extraMetadata: { main: 'runtime/packaged-main.cjs', registryRuntimeMain: 'out/main/main.cjs' },
    files: [...product.files, { from: 'scripts/runtime', to: 'runtime', filter: ['packaged-main.cjs'] }],
    // This Electron has no fuse for file: privileges, and Playwright starts the application with --inspect.
    electronFuses: { ...fuses, enableNodeCliInspectArguments: true },
    afterPack: ({ appOutDir }) => {
      for (const name of ['version', 'resources/default_app.asar']) rmSync(join(appOutDir, name), { force: true });
    },
  };
}

async function packageQlf(targets) {
  await ensureBuilt();
  const electron = await resolveElectron();
  const { parse } = require('yaml');
  const { build, Platform } = require('electron-builder');
  const product = parse(readFileSync(inRoot('electron-builder.yml'), 'utf8'));
  const official = electron.startsWith(inRoot('node_modules'));
  Object.assign(process.env, toolEnv());
  // electron-builder wants fpm from the same place as Electron; this does its work.
  if (!official) process.env.CUSTOM_FPM_PATH = inRoot('scripts/fpm-lite.mjs');
  await build({
    projectDir: root,
    config: official ? product : forTests(product, dirname(electron)),
    ...(official && targets.length === 0
      ? {}
      : { targets: Platform.current().createTarget(targets.length > 0 ? targets : ['dir']) }),
  });
  say(official ? 'The packages are in release/.' : 'The package for tests is in release/test/.');
}

if (process.execPath !== node24) say('npm run package wants Node 24: run it through npm.');
packageQlf(process.argv.slice(2)).catch(exitWith);
