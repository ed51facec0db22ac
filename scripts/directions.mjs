/** Checks the direction rules, and that modules were really looked at: a checker that reads nothing finds nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inRoot, node24, root } from './bootstrap.mjs';

const folders = ['src-shared', 'src-main', 'src-renderer', 'src-pipeline'];

/** @returns {{ modules: string[], violations: { rule: string, from: string, to: string }[] }} of the tree in `directory` */
export function checkDirections(directory) {
  const config = join(directory, 'dependency-cruiser.config.cjs');
  const cli = inRoot('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const cruise = spawnSync(node24, [cli, '--config', config, '--output-type', 'json', ...folders], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!cruise.stdout) throw new Error(`dependency-cruiser did not run: ${cruise.stderr}`);
  const report = JSON.parse(cruise.stdout);
  return {
    modules: report.modules.map(({ source }) => source),
    violations: report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

if (process.argv[1] === inRoot('scripts/directions.mjs')) {
  const { modules, violations } = checkDirections(root);
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
  const unseen = folders.filter((folder) => !modules.some((module) => module.startsWith(`${folder}/`)));
  if (unseen.length > 0) console.error(`No module was read in ${unseen.join(', ')}.`);
  console.log(`${modules.length} modules, ${violations.length} violations`);
  process.exitCode = violations.length + unseen.length > 0 ? 1 : 0;
}
