/** The command line in plain Node: `qlf status`, `qlf doctor` … */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './commands/run-command.ts';
import { createNodeLauncher } from './pipeline/node-launcher.ts';
import { commandShell } from './command-shell.ts';

const PRODUCT = join(__dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(PRODUCT, 'package.json'), 'utf8')) as { version: string };
const launcher = createNodeLauncher({ programsDir: __dirname });

void runCommand(
  process.argv.slice(2),
  commandShell({ version, launcher, resourcesDir: join(PRODUCT, 'resources'), secrets: null }),
).then((status) => {
  process.exitCode = status;
});
