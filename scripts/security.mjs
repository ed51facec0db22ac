/**
 * npm run security: what npm knows of weaknesses in the packages that QLF is built of, and what electronegativity says of its
 * Electron code. Ends with 1 where there is anything that docs/security.md does not judge.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { exitWith, inRoot, node24, say, SetupError } from './bootstrap.mjs';
import { acceptedFindings } from './security-table.mjs';

/** Old, with many packages of its own: it is kept apart from those that QLF is built of. */
const ELECTRONEGATIVITY = '@doyensec/electronegativity@1.10.3';

const npm = (args, options = {}) =>
  spawnSync('npm', args, { cwd: inRoot(''), encoding: 'utf8', maxBuffer: 1 << 28, ...options });

/** Weaknesses of packages, as findings; undefined where the registry does not tell. */
function auditPackages() {
  const { stdout } = npm(['audit', '--json']);
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  if (!report.vulnerabilities) return undefined;
  return Object.values(report.vulnerabilities).map(({ name, severity, range }) => ({
    tool: 'npm audit',
    finding: name,
    where: `${severity}, ${range}`,
  }));
}

function ensureElectronegativity() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'qlf', ELECTRONEGATIVITY.replace(/\W+/g, '-'));
  const program = join(folder, 'node_modules/@doyensec/electronegativity/dist/index.js');
  if (existsSync(program)) return program;
  say(`Fetching ${ELECTRONEGATIVITY} (a minute, once) …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  const { status, stderr } = npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ELECTRONEGATIVITY], {
    cwd: folder,
  });
  if (status !== 0) throw new SetupError(`${ELECTRONEGATIVITY} could not be fetched:\n${stderr}`);
  return program;
}

/** The Electron code in the JavaScript of some years ago, which is all that the tool reads. */
function writePlainCode(folder) {
  const sources = readdirSync(inRoot('src-main/electron'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `src-main/electron/${name}`);
  for (const source of [...sources, 'src-main/main.ts', 'src-main/preload.ts']) {
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const compilerOptions = { target: ts.ScriptTarget.ES2019, module: ts.ModuleKind.ESNext };
    writeFileSync(target, ts.transpileModule(readFileSync(inRoot(source), 'utf8'), { compilerOptions }).outputText);
  }
  const page = 'src-renderer/index.html';
  mkdirSync(join(folder, dirname(page)), { recursive: true });
  writeFileSync(join(folder, page), readFileSync(inRoot(page)));
}

function electronegativity() {
  const program = ensureElectronegativity();
  const folder = mkdtempSync(join(tmpdir(), 'qlf-security-'));
  try {
    writePlainCode(join(folder, 'code'));
    const output = join(folder, 'findings.sarif');
    const { version } = JSON.parse(readFileSync(inRoot('node_modules/electron/package.json'), 'utf8'));
    const run = spawnSync(
      node24,
      [program, '-i', join(folder, 'code'), '-o', output, '-r', '-v', 'false', '-e', version],
      { encoding: 'utf8', cwd: folder },
    );
    if (!existsSync(output)) throw new SetupError(`electronegativity did not end well:\n${run.stdout}${run.stderr}`);
    const { results } = JSON.parse(readFileSync(output, 'utf8')).runs[0];
    return results.map(({ ruleId, locations }) => ({
      tool: 'electronegativity',
      finding: ruleId,
      where: (locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? 'N/A')
        .replace(/^file:.*/, 'everywhere')
        .replace(/\.js$/, '.ts'),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function security() {
  const accepted = acceptedFindings(readFileSync(inRoot('docs/security.md'), 'utf8'));
  const audit = auditPackages();
  if (!audit) say('npm audit: the registry does not answer; nothing is known of the packages.');
  const findings = [...(audit ?? []), ...electronegativity()];
  let open = 0;
  for (const { tool, finding, where } of findings) {
    const judged = accepted.some((one) => one.tool === tool && one.finding === finding && one.where === where);
    if (!judged) open += 1;
    console.log(`${judged ? 'judged' : 'OPEN  '}  ${tool}  ${finding}  ${where}`);
  }
  console.log(`${findings.length} findings, ${open} of them not judged in docs/security.md`);
  if (open > 0) process.exitCode = 1;
}

try {
  security();
} catch (error) {
  exitWith(error);
}
