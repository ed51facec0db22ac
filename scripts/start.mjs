/**
 * npm start: sets up what is missing, builds, and opens QLF; headless where asked, or where there is no display.
 * Nothing but the program's own output goes to stdout.
 */
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
import { become } from './become.mjs';
import { ensureBuilt } from './build.mjs';
import { resolveElectron, sandboxFlags } from './electron.mjs';

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
  if (asked || reason) become(node24, [inRoot('out/main/headless.cjs'), ...rest]);
  else become(await resolveElectron(), [...sandboxFlags(), root, ...rest]);
}

start(process.argv.slice(2)).catch(exitWith);
