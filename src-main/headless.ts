import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { LogLine } from '#shared/state/control-room.ts';
import type { RunningEngine } from './composition.ts';
import { hostEngine } from './engine-host.ts';
import { saveDiagnostics } from './open-diagnostics.ts';
import { parseCommandLine, USAGE, type CommandLine } from './options.ts';
import { createNodeLauncher } from './pipeline/node-launcher.ts';
import { createAllowedPrograms } from './programs/allowed-programs.ts';
import { allowedProgramsFile, placeOf } from './standard-folders.ts';

/** The last line on standard output. */
interface Summary {
  exposures: number;
  jobs: { done: number; failed: number };
  measurements: number;
  database: string;
  ingest: string;
}

/** Pipelines' own lines stay in their logs, but for what went wrong. */
function isForTerminal(line: LogLine): boolean {
  return line.source !== 'pipeline' || line.level === 'error';
}

function print(line: LogLine): void {
  const about = line.source === 'pipeline' && line.expid !== null ? `${expid8(line.expid)} ${line.camera ?? ''} ` : '';
  process.stderr.write(`${new Date(line.at).toISOString()} ${line.level.padEnd(7)} ${about}${line.text}\n`);
}

/** Runs until `exposures` runs have ended (for ever when null) or a signal comes; true when the wish was fulfilled. */
function untilDone(engine: RunningEngine, exposures: number | null): { done: Promise<boolean>; runs: number[] } {
  const runs: number[] = [];
  const done = new Promise<boolean>((resolve) => {
    engine.onRunEnded((run) => {
      runs.push(run.id);
      if (exposures !== null && runs.length >= exposures) resolve(true);
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(exposures === null));
  });
  return { done, runs };
}

const PRODUCT = join(__dirname, '..', '..');

function productVersion(): string {
  return (JSON.parse(readFileSync(join(PRODUCT, 'package.json'), 'utf8')) as { version: string }).version;
}

async function run(options: CommandLine): Promise<number> {
  const engine = await hostEngine({
    ...options,
    resourcesDir: join(PRODUCT, 'resources'),
    assetsDir: join(PRODUCT, 'out/renderer'),
    launcher: createNodeLauncher({ programsDir: __dirname }),
    version: productVersion(),
    electron: '',
    documents: null,
    programs: createAllowedPrograms(allowedProgramsFile()),
  });
  engine.onLine((line) => {
    if (isForTerminal(line)) print(line);
  });
  const { done, runs } = untilDone(engine, options.exposures);
  await engine.start();
  const fulfilled = await done;
  const wanted = options.exposures === null ? runs : runs.slice(0, options.exposures);
  const details = wanted.map((id) => engine.runDetail(id)).filter((detail) => detail !== undefined);
  const jobs = details.flatMap((detail) => detail.jobs);
  const summary: Summary = {
    exposures: details.length,
    jobs: {
      done: jobs.filter((job) => job.state === 'done').length,
      failed: jobs.filter((job) => job.state === 'failed').length,
    },
    measurements: details.reduce((sum, detail) => sum + detail.measurements.length, 0),
    database: engine.databaseFile,
    ingest: engine.ingestUrl,
  };
  await engine.close();
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  const allWell = summary.jobs.failed === 0 && details.every((detail) => detail.run.state === 'done');
  return fulfilled && allWell ? 0 : 1;
}

async function main(): Promise<void> {
  try {
    const options = parseCommandLine(process.argv.slice(2), true);
    if (options.help) process.stdout.write(USAGE);
    else if (options.diagnostics !== null) {
      await saveDiagnostics(options.diagnostics, placeOf(options), productVersion());
      process.stdout.write(`${options.diagnostics}\n`);
    } else process.exitCode = await run(options);
  } catch (error) {
    process.stderr.write(`qlf: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

void main();
