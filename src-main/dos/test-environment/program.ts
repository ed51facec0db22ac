import { parseArguments, USAGE } from './program/arguments.ts';
import { writeBatch } from './program/batch.ts';

/** Entry of the program `dos-test-environment`. */
async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const args = parseArguments(argv);
  if (args.exposures !== null && args.date !== null) {
    await writeBatch({ ...args, exposures: args.exposures, date: args.date }, (line) =>
      process.stdout.write(`${line}\n`),
    );
  }
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`dos-test-environment: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
