import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Source, sourceOf, sourceText } from '#shared/domain/source.ts';
import { CADENCES } from '#shared/domain/test-environment.ts';

/** What the command line says; null where it says nothing. */
export interface CommandLine {
  exposures: number | null;
  source: string | null;
  data: string | null;
  calibration: string | null;
  ingestPort: number | null;
  parallel: number | null;
  catchUp: boolean | null;
  compatibility: 'none' | 'desispec-0.31';
  /** A file that says which pipeline runs. */
  pipeline: string | null;
  seed: number | null;
  size: 'compact' | 'full' | null;
  period: number | null;
  cadence: (typeof CADENCES)[number] | null;
  /** Headless: a bundle of diagnostics to make, and no more. */
  diagnostics: string | null;
  help: boolean;
}

export const USAGE = `QLF: control room of the DESI Quick Look

  npm start [-- OPTIONS]              the desktop application
  npm start -- --headless [OPTIONS]   the same engine without a window

  --source DIR        raw tree to watch: NIGHT/EXPID8/desi-EXPID8.fits.fz (default: the DOS test environment); or
                      ssh://user@host:port/path on a data host, or opsdb:FILE, an operations database's configuration
  --calibration DIR   calibration tree (default: DIR/../calib, DIR/calib or $DESI_SPECTRO_CALIB)
  --data DIR          QLF's own folder: database, raw, split, products, logs
  --ingest-port P     port that pipelines post to (default 8000; the next free one if it is taken)
  --parallel N        jobs at once, 1 to 30
  --catch-up, --no-catch-up   process passed-over exposures when idle, or not
  --compatibility M   none or desispec-0.31
  --pipeline FILE     which pipeline runs, JSON as the README has it (default: the built-in one)
  --exposures N       headless: end after N exposures have been processed
  --diagnostics FILE  headless: save what helps to find a fault (.tar.gz, no secrets) of the data folder, and end
  --seed N, --size compact|full, --period S, --cadence real-time|accelerated|manual
                      of the DOS test environment
`;

function integer(name: string, text: string | undefined, least: number, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(
      `--${name} takes a whole number from ${String(least)} to ${String(most)}, not ${JSON.stringify(text)}`,
    );
  return value;
}

function oneOf<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T | null {
  if (text === undefined) return null;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Error(`--${name} takes ${choices.join(' or ')}, not ${JSON.stringify(text)}`);
  return found;
}

/** Files and folders of a source as absolute paths. */
function resolved(text: string): Source {
  const source = sourceOf(text);
  switch (source.kind) {
    case 'folder':
      return { ...source, path: resolve(source.path) };
    case 'opsdb':
      return { ...source, file: resolve(source.file) };
    case 'ssh':
      return source;
  }
}

/**
 * Reads the options that the desktop and the headless engine share.
 * @param strict false in the desktop, where Electron's own switches stand beside ours
 * @throws Error in words for the person at the terminal
 */
export function parseCommandLine(args: readonly string[], strict: boolean): CommandLine {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    strict,
    allowPositionals: !strict,
    options: {
      headless: flag,
      exposures: text,
      source: text,
      data: text,
      calibration: text,
      'ingest-port': text,
      parallel: text,
      'catch-up': flag,
      'no-catch-up': flag,
      compatibility: text,
      pipeline: text,
      seed: text,
      size: text,
      period: text,
      cadence: text,
      diagnostics: text,
      help: { ...flag, short: 'h' },
    },
  });
  // Where parsing is not strict an option without its value comes as `true`.
  const string = (name: keyof typeof values): string | undefined => {
    const value = values[name];
    if (value === true) throw new Error(`--${name} needs a value`);
    return value === false ? undefined : value;
  };
  const path = (name: 'data' | 'calibration' | 'pipeline' | 'diagnostics'): string | null => {
    const given = string(name);
    return given === undefined ? null : resolve(given);
  };
  const source = string('source');
  return {
    exposures: integer('exposures', string('exposures'), 1, 1_000_000),
    source: source === undefined ? null : sourceText(resolved(source)),
    data: path('data'),
    calibration: path('calibration'),
    ingestPort: integer('ingest-port', string('ingest-port'), 0, 65_535),
    parallel: integer('parallel', string('parallel'), 1, 30),
    catchUp: values['catch-up'] ? true : values['no-catch-up'] ? false : null,
    compatibility: oneOf('compatibility', string('compatibility'), ['none', 'desispec-0.31']) ?? 'none',
    pipeline: path('pipeline'),
    seed: integer('seed', string('seed'), 0, 2_147_483_647),
    size: oneOf('size', string('size'), ['compact', 'full']),
    period: integer('period', string('period'), 1, 86_400),
    cadence: oneOf('cadence', string('cadence'), CADENCES),
    diagnostics: path('diagnostics'),
    help: values.help === true,
  };
}
