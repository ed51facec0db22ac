/**
 * What the two commands of the README need before they can begin, on a machine with only git, Node 20 and npm: the
 * pinned npm packages (Node 24 among them) and Debian packages. Runs on Node 20 without any dependency, says what it
 * does on stderr, and does nothing that is done already.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const inRoot = (...parts) => join(root, ...parts);

/** Node 24, a pinned dependency like any other. */
export const node24 = inRoot('node_modules/node/bin/node');

/** Debian 12 packages by purpose. */
const debianPackages = {
  desktop: ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'rsync', 'openssh-client'],
  test: [
    ...['xvfb', 'xauth', 'chromium', 'fonts-dejavu-core'],
    ...['rsync', 'openssh-server', 'openssh-client', 'postgresql', 'openssl'],
    ...['python3-astropy', 'python3-requests', 'libcfitsio-bin', 'fitsverify'],
    // Packages are installed, and the files that they bring for the desktop are checked.
    ...['desktop-file-utils', 'shared-mime-info'],
    // The faulty disk of the tests is a library that they compile.
    ...['gcc', 'libc6-dev'],
  ],
};

/** A problem that the person at the terminal can solve; its message says how. */
export class SetupError extends Error {}

export const say = (text) => process.stderr.write(`${text}\n`);

/** The environment for our own tools: Node 24 and the npm packages' commands come first. */
export function toolEnv(extra = {}) {
  return { ...process.env, PATH: `${inRoot('node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a command with its output on stderr, so that stdout stays the program's own. Rejects unless it exits with 0. */
function runQuietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${[command, ...args].join(' ')} ended with ${signal ?? `exit status ${code}`}.`));
    });
  });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it has installed. */
function npmPackagesReady() {
  const wanted = readLock(inRoot('package-lock.json'));
  const installed = readLock(inRoot('node_modules/.package-lock.json'));
  if (!wanted) throw new SetupError('package-lock.json is missing or damaged: git checkout package-lock.json');
  if (!installed || !existsSync(node24)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    // Optional ones are those of other platforms.
    if (path === '' || (!found && entry.optional)) return true;
    return found?.version === entry.version;
  });
}

/** Installs the npm packages of the lock file where they are missing or out of date. */
export async function ensureNpmPackages() {
  if (npmPackagesReady()) return;
  say('Installing the npm packages of package-lock.json (half a minute, once) …');
  const npm = process.env.npm_execpath;
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'];
  if (npm) await runQuietly(process.execPath, [npm, ...flags]);
  else await runQuietly('npm', flags);
  if (!npmPackagesReady())
    throw new SetupError('npm ci ended well, but node_modules is not what package-lock.json says.');
}

function missingDebianPackages(purposes) {
  const names = [...new Set(purposes.flatMap((purpose) => debianPackages[purpose]))];
  return names.filter((name) => {
    const query = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
    return query.stdout?.trim() !== 'installed';
  });
}

/**
 * Installs missing Debian packages when root. On systems without dpkg it trusts that the programs are there.
 * @throws SetupError with the exact command to run, when not root
 */
export async function ensureDebianPackages(...purposes) {
  if (spawnSync('dpkg-query', ['--version']).status !== 0) return;
  const missing = missingDebianPackages(purposes);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    throw new SetupError(
      `Debian packages are missing. Run this, then the same command again:\n` +
        `  sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`,
    );
  say(`Installing Debian packages (once): ${missing.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly('apt-get', ['update', '-qq'], { env });
  await runQuietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

/** Ends the program with a message for people where the set-up failed; other errors keep their stack. */
export function exitWith(error) {
  say(error instanceof SetupError ? error.message : (error?.stack ?? String(error)));
  process.exitCode = 1;
}
