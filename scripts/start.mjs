/**
 * npm start: sets up what is missing, builds, and opens QLF; headless where asked, or where there is no display.
 * Nothing but the program's own output goes to stdout.
 */
import { spawn } from 'node:child_process';
import {
  ensureDebianPackages,
  ensureNpmPackages,
  exitWith,
  inRoot,
  node24,
  root,
  say,
  SetupError,
} from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron, sandboxFlags } from './electron.mjs';

/** Becomes the program: its output, its exit status, and the signals meant for it. Paths are relative to the caller's folder. */
function run(command, args) {
  const child = spawn(command, args, { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  // A terminal sends its interrupt to the whole process group; the program has it already.
  process.on('SIGINT', process.stdin.isTTY ? () => undefined : forward);
  child.on('error', exitWith);
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}

/** Why no window can be opened here, in words; undefined when one can. */
async function reasonForNoWindow() {
  if (process.platform !== 'linux') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'there is no display. For the window, run it in a desktop session (or unseen: xvfb-run -a npm start).';
  try {
    await ensureDebianPackages('desktop');
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return `libraries are missing. ${error.message}`;
  }
}

async function start(args) {
  const asked = args.includes('--headless') || args.includes('--help');
  const rest = args.filter((argument) => argument !== '--headless');
  const reason = asked ? undefined : await reasonForNoWindow();
  await ensureNpmPackages();
  await ensureBuilt();
  if (reason) say(`QLF runs headless: ${reason}`);
  if (asked || reason) run(node24, [inRoot('out/main/headless.cjs'), ...rest]);
  else run(await resolveElectron(), [...sandboxFlags(), root, ...rest]);
}

start(process.argv.slice(2)).catch(exitWith);
