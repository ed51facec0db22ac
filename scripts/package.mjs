/**
 * npm run package [-- TARGETS]: packages QLF for this system (electron-builder.yml). Where the official Electron cannot be
 * had, it makes a package for tests on the registry's: the folder, or with TARGETS also deb.
 */
import { dirname } from 'node:path';
import electronBuilder from 'electron-builder';
import { exitWith, inRoot, root, say, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron } from './electron.mjs';

const { build, Platform } = electronBuilder;

const targetsOf = (names) => ({ targets: Platform.current().createTarget(names) });

async function packageQlf(targets) {
  await ensureBuilt();
  const electron = await resolveElectron();
  Object.assign(process.env, toolEnv());
  if (electron.startsWith(inRoot('node_modules'))) {
    const config = inRoot('electron-builder.yml');
    await build({ projectDir: root, config, ...(targets.length > 0 ? targetsOf(targets) : {}) });
    say('The packages are in release/.');
    return;
  }
  process.env.QLF_RUNTIME = dirname(electron);
  // electron-builder wants fpm from the same place as Electron; this does its work.
  process.env.CUSTOM_FPM_PATH = inRoot('scripts/fpm-lite.mjs');
  const config = inRoot('scripts/package-for-tests.config.cjs');
  await build({ projectDir: root, config, ...targetsOf(targets.length > 0 ? targets : ['dir']) });
  say('The package for tests is in release/test/.');
}

packageQlf(process.argv.slice(2)).catch(exitWith);
