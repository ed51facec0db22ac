/** Builds the interface and the programs into out/, unless the same sources are built there already. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNpmPackages, exitWith, inRoot, node24, root, say, SetupError, toolEnv } from './bootstrap.mjs';

const sources = ['src-shared', 'src-main', 'src-renderer', 'src-pipeline'];
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', 'rolldown.config.ts'];
const stamp = inRoot('out/.built-from');

function* filesUnder(directory) {
  for (const entry of readdirSync(inRoot(directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield path;
  }
}

/** A hash of everything that the build reads: names and contents. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const path of [...sources.flatMap((directory) => [...filesUnder(directory)]), ...settings].sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRoot(path)))
      .update('\0');
  return hash.digest('hex');
}

function tool(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, [inRoot('node_modules', script), ...args], {
      cwd: root,
      env: toolEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new SetupError(`The build failed:\n${output}`));
    });
  });
}

/** Makes out/ what the sources say. */
export async function ensureBuilt() {
  const hash = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say('Building …');
  rmSync(stamp, { force: true });
  await Promise.all([tool('vite/bin/vite.js', ['build']), tool('rolldown/bin/cli.mjs', ['-c'])]);
  mkdirSync(inRoot('out'), { recursive: true });
  writeFileSync(stamp, hash);
}

if (process.argv[1] === inRoot('scripts/build.mjs')) await ensureNpmPackages().then(ensureBuilt).catch(exitWith);
