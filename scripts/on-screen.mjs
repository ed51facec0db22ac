/**
 * Runs a program that opens QLF's window (the end-to-end tests, a benchmark) in Node 24, with the Electron that is to be
 * tested, under a display of its own where there is Xvfb: node scripts/on-screen.mjs FILE [ARGUMENTS]
 */
import { spawn, spawnSync } from 'node:child_process';
import { ensureDebianPackages, ensureNpmPackages, exitWith, inRoot, node24, root, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron } from './electron.mjs';

/** The command with a virtual screen around it, where there is one to be had. */
function onVirtualScreen(command, args) {
  const hasXvfb = spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status === 0;
  if (!hasXvfb) return [command, args];
  return ['xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', command, ...args]];
}

/** Resolves to the program's exit status. It finds the Electron's path in QLF_TEST_ELECTRON. */
export async function runOnScreen(file, args, env = {}) {
  const electron = await resolveElectron();
  const [command, all] = onVirtualScreen(node24, [inRoot(file), ...args]);
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

async function main([file, ...args]) {
  await ensureNpmPackages();
  await ensureDebianPackages('desktop', 'test');
  await ensureBuilt();
  process.exitCode = await runOnScreen(file, args);
}

if (process.argv[1] === inRoot('scripts/on-screen.mjs')) main(process.argv.slice(2)).catch(exitWith);
