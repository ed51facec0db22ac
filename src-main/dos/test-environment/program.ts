import { setPriority } from 'node:os';
import { asCommand, type Report } from './messages.ts';
import { parseArguments, type ProgramArguments, USAGE } from './program/arguments.ts';
import { writeBatch } from './program/batch.ts';
import { databaseFiller } from './program/fill-database.ts';
import { observe } from './program/observatory.ts';
import { findParentLink, type ParentLink } from './program/parent-link.ts';

/** The emulated telescope has its own computers: it shall not take this one's time from those who wait for results. */
const NICE = 10;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `dos-test-environment`: observes as a child of QLF or from a shell, or writes a number of exposures and ends. */
async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    print(USAGE);
    return;
  }
  const args = parseArguments(argv);
  const link = findParentLink();
  link?.onGone(() => process.exit(0));
  if (args.exposures === null) observeUntilStopped(args, link);
  else {
    await writeBatch(args, args.exposures, print);
    await fillerOf(args)?.();
  }
}

/** Null where no database wants to hear of exposures. */
function fillerOf({ directory, opsdb }: ProgramArguments): (() => Promise<number[]>) | null {
  return opsdb === null ? null : databaseFiller(directory, opsdb, process.env);
}

/** What is half written when it ends lies under a hidden name, and the next start begins it anew. */
function observeUntilStopped(args: ProgramArguments, link: ParentLink | null): void {
  setPriority(0, NICE);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
  const fill = fillerOf(args);
  const tell = (report: Report): void => {
    link?.send(report);
    if (report.type === 'problem') process.stderr.write(`dos-test-environment: ${report.message}\n`);
    if (report.type === 'exposure') print(`${report.folder} ${report.seconds.toFixed(1)} s`);
  };
  const observatory = observe(args, (report) => {
    tell(report);
    if (report.type === 'exposure')
      fill?.().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        tell({ type: 'problem', message: `the operations database was not written: ${why}` });
      });
  });
  link?.onMessage((message) => {
    const command = asCommand(message);
    switch (command?.type) {
      case 'settings':
        observatory.set(command.settings);
        break;
      case 'expose-now':
        observatory.exposeNow(command.kind);
        break;
      case 'stop':
        process.exit(0);
        break;
      case undefined:
        process.stderr.write('dos-test-environment: a message that is no command\n');
    }
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`dos-test-environment: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
