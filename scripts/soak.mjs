/**
 * npm run soak -- PART [OPTIONS]: the long forms of tests that npm test runs for seconds. Each part says its seed, ends by
 * itself, reports figures, and fails where something was wrong. Without a part it runs all of them.
 */
import { spawn } from 'node:child_process';
import { ensureNpmPackages, exitWith, inRoot, node24, root, say, SetupError, toolEnv } from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';

/** Their programs; each says its options in its first lines. */
const parts = {
  kills: 'e2e/soak/kills.ts',
  pressure: 'e2e/soak/pressure.ts',
  fuzz: 'e2e/soak/fuzz.ts',
};

function runPart(name, options) {
  say(`\n== ${name}`);
  return new Promise((resolve, reject) => {
    const child = spawn(node24, [inRoot(parts[name]), ...options], { cwd: root, stdio: 'inherit', env: toolEnv() });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function soak([part, ...options]) {
  if (part !== undefined && !Object.hasOwn(parts, part))
    throw new SetupError(`npm run soak takes ${Object.keys(parts).join(' or ')}, not "${part}".`);
  await ensureNpmPackages();
  await ensureBuilt();
  const failed = [];
  for (const name of part === undefined ? Object.keys(parts) : [part])
    if ((await runPart(name, options)) !== 0) failed.push(name);
  if (failed.length > 0) say(`soak: failed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

soak(process.argv.slice(2)).catch(exitWith);
