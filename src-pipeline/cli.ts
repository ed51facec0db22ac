import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { JobEvent } from './job/events.ts';
import { EXIT, JobFailure, messageOf, type ExitCode } from './job/failure.ts';
import type { JobRequest } from './job/load-configuration.ts';
import { readCommand, USAGE } from './program/arguments.ts';
import { serveJobs } from './program/compute-thread.ts';
import { findParentLink } from './program/parent-link.ts';
import { postSpool } from './program/post-spool.ts';
import { superviseJob, type JobOutcome } from './program/supervise.ts';
import { accessFromEnvironment } from './report/api-client.ts';

const write = (text: string): void => {
  process.stdout.write(text);
};

/** `ql-pipeline`: the same file is the program and, in its second thread, what computes. */
async function main(): Promise<ExitCode> {
  const link = findParentLink();
  link?.onGone(() => process.exit(EXIT.orphaned));
  const command = readCommand(process.argv.slice(2), process.env);
  switch (command.kind) {
    case 'help':
      write(USAGE);
      return EXIT.ok;
    case 'post-spool':
      return report(await postSpool(command.directory, process.env, write));
    case 'job':
      return report(await runInThread(command.request));
  }
}

/** Failures in one line on stderr; the log has them too. */
function report({ code, reason }: JobOutcome): ExitCode {
  if (code !== EXIT.ok) process.stderr.write(`ql-pipeline: ${reason}\n`);
  return code;
}

async function runInThread(request: JobRequest): Promise<JobOutcome> {
  const supervisor = superviseJob({ access: accessFromEnvironment(process.env), write });
  const thread = new Worker(new URL(import.meta.url));
  const die = (reason: string): void =>
    supervisor.take({ kind: 'ended', code: EXIT.crashed, reason: `the computing died: ${reason}` });
  let ended = false;
  thread.on('message', (event: JobEvent) => {
    ended ||= event.kind === 'ended';
    supervisor.take(event);
  });
  thread.on('error', (error) => {
    ended = true;
    die(messageOf(error));
  });
  thread.on('exit', (code) => {
    if (!ended) die(`its thread ended with code ${code}`);
  });
  thread.postMessage(request);
  const outcome = await supervisor.outcome;
  await thread.terminate();
  return outcome;
}

if (isMainThread) {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      const code = error instanceof JobFailure ? error.code : EXIT.internal;
      process.stderr.write(`ql-pipeline: ${messageOf(error)}\n${code === EXIT.usage ? USAGE : ''}`);
      process.exit(code);
    },
  );
} else if (parentPort) {
  serveJobs(parentPort);
}
