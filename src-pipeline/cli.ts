import { isMainThread, parentPort } from 'node:worker_threads';
import { EXIT, JobFailure, messageOf, type ExitCode } from './job/failure.ts';
import { readCommand, USAGE } from './program/arguments.ts';
import { serveJobs } from './program/compute-thread.ts';
import { createComputer } from './program/computer.ts';
import { findParentLink } from './program/parent-link.ts';
import { postSpool } from './program/post-spool.ts';
import { serveEngine } from './program/serve-engine.ts';
import type { JobOutcome } from './program/supervise.ts';
import { accessFromEnvironment } from './report/api-client.ts';

const output = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
};

/** The large arrays lie beside the heap; a larger nursery for the small things would only cost memory. */
const SMALL_NURSERY = { maxYoungGenerationSizeMb: 4 };

/** Failures in one line on stderr; the log has them too. */
function report({ code, reason }: JobOutcome): void {
  if (code !== EXIT.ok) output.stderr(`ql-pipeline: ${reason}\n`);
}

/**
 * `ql-pipeline`: the same file is the program and, in its second thread, what computes.
 * @returns the exit code; null while it serves the engine
 */
async function main(): Promise<ExitCode | null> {
  const link = findParentLink();
  link?.onGone(() => process.exit(EXIT.orphaned));
  const command = readCommand(process.argv.slice(2), process.env);
  if (command.kind === 'help') {
    output.stdout(USAGE);
    return EXIT.ok;
  }
  if (command.kind === 'post-spool') {
    const outcome = await postSpool(command.directory, process.env, output.stdout);
    report(outcome);
    return outcome.code;
  }
  const computer = createComputer(new URL(import.meta.url), output.stdout, SMALL_NURSERY);
  if (command.kind === 'worker') {
    if (!link) throw new JobFailure(EXIT.usage, '--worker needs a channel to the program that starts it');
    serveEngine(link, computer, output, report);
    return null;
  }
  const outcome = await computer.run(command.request, accessFromEnvironment(process.env));
  report(outcome);
  return outcome.code;
}

if (isMainThread) {
  main().then(
    (code) => {
      if (code !== null) process.exit(code);
    },
    (error: unknown) => {
      const code = error instanceof JobFailure ? error.code : EXIT.internal;
      output.stderr(`ql-pipeline: ${messageOf(error)}${code === EXIT.usage ? ' (see --help)' : ''}\n`);
      process.exit(code);
    },
  );
} else if (parentPort) {
  serveJobs(parentPort);
}
