/**
 * npm run -s qlf -- COMMAND …: the command line of QLF, out of a checkout. Sets up what is missing and builds, as npm start
 * does; nothing but the command's own output goes to stdout.
 */
import { ensureNpmPackages, exitWith, inRoot, node24 } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { become } from './become.mjs';

async function qlf(args) {
  await ensureNpmPackages();
  await ensureBuilt();
  become(node24, [inRoot('out/main/qlf.cjs'), ...args]);
}

qlf(process.argv.slice(2)).catch(exitWith);
