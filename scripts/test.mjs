/**
 * npm test: sets up what is missing, then checks everything. The last line is the count of all tests and checks; the
 * exit status is 0 only if nothing failed and nothing was skipped.
 * `npm test -- --only unit,e2e` runs parts of it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import {
  ensureDebianPackages,
  ensureNpmPackages,
  exitWith,
  inRoot,
  node24,
  root,
  SetupError,
  toolEnv,
} from './bootstrap.mjs';
import { ensureBuilt } from './build.mjs';
import { add, closingLine, none, playwrightCounts, vitestCounts } from './counts.mjs';
import { runOnScreen } from './on-screen.mjs';

const reports = inRoot('test-results');
const readReport = (name) => JSON.parse(readFileSync(`${reports}/${name}`, 'utf8'));
const passedOne = { ...none, passed: 1 };
const failedOne = { ...none, failed: 1 };

/** Runs one of our tools with Node 24, its output on ours; resolves to its exit status. */
function tool(script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, [inRoot(script), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: toolEnv(),
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A check that passes or fails as a whole. */
const check =
  (script, ...args) =>
  async () =>
    (await tool(script, ...args)) === 0 ? passedOne : failedOne;

/** A runner's own counts; a bad exit status without a failed test is a failure too. */
function counted(counts, status) {
  return status !== 0 && counts.failed === 0 ? add(counts, failedOne) : counts;
}

const parts = {
  lint: check('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  format: check('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  types: check('node_modules/typescript/bin/tsc', '-p', '.', '--noEmit'),
  directions: check('scripts/directions.mjs'),
  'dead-code': check('node_modules/knip/bin/knip.js'),
  duplicates: check('scripts/duplicates.mjs'),
  async build() {
    await ensureBuilt();
    return passedOne;
  },
  async unit() {
    const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${reports}/unit.json`];
    const status = await tool('node_modules/vitest/vitest.mjs', 'run', '--coverage', ...report);
    return counted(vitestCounts(readReport('unit.json')), status);
  },
  async e2e() {
    await ensureBuilt();
    const status = await runOnScreen('node_modules/@playwright/test/cli.js', ['test', '--reporter=list,json'], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/e2e.json`,
    });
    return counted(playwrightCounts(readReport('e2e.json')), status);
  },
};

function chosenParts(args) {
  const at = args.indexOf('--only');
  const names = at < 0 ? Object.keys(parts) : (args[at + 1] ?? '').split(',');
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0)
    throw new SetupError(`--only takes ${Object.keys(parts).join(', ')}; not "${unknown.join(', ')}".`);
  return names;
}

/** Runs one part; one that breaks down instead of reporting has failed. */
async function runPart(name) {
  const begun = Date.now();
  console.log(`\n== ${name}`);
  const counts = await parts[name]().catch((error) => {
    console.error(error instanceof SetupError ? error.message : error);
    return failedOne;
  });
  return { name, counts, seconds: (Date.now() - begun) / 1000 };
}

async function test(args) {
  const names = chosenParts(args);
  await ensureNpmPackages();
  await ensureDebianPackages('desktop', 'test');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const results = [];
  for (const name of names) results.push(await runPart(name));
  console.log('');
  for (const { name, counts, seconds } of results)
    console.log(`${name.padEnd(12)}${seconds.toFixed(1).padStart(7)} s   ${closingLine(counts)}`);
  const total = results.map(({ counts }) => counts).reduce(add, none);
  process.exitCode = total.failed + total.skipped > 0 || total.passed === 0 ? 1 : 0;
  console.log(closingLine(total));
}

test(process.argv.slice(2)).catch((error) => {
  exitWith(error);
  console.log(closingLine(failedOne));
});
