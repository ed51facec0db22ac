/** Runs the end-to-end tests in a real Electron, under a display of their own where there is Xvfb. */
import { spawn, spawnSync } from 'node:child_process';
import { ensureDebianPackages, ensureNpmPackages, exitWith, inRoot, node24, root, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron } from './electron.mjs';

const hasXvfb = () => spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status === 0;

/** The command with a virtual screen around it, where there is one to be had. */
export function onVirtualScreen(command, args) {
  if (!hasXvfb()) return [command, args];
  return ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', command, ...args]];
}

/** Playwright with the Electron that is to be tested; resolves to its exit status. */
export async function runPlaywright(args, env = {}) {
  const electron = await resolveElectron();
  const cli = inRoot('node_modules/@playwright/test/cli.js');
  const [command, all] = onVirtualScreen(node24, [cli, 'test', ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn(command, all, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: toolEnv({ QLF_TEST_ELECTRON: electron, ...env }),
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

if (process.argv[1] === inRoot('scripts/e2e.mjs')) {
  try {
    await ensureNpmPackages();
    await ensureDebianPackages('desktop', 'test');
    await ensureBuilt();
    process.exitCode = await runPlaywright(process.argv.slice(2));
  } catch (error) {
    exitWith(error);
  }
}
