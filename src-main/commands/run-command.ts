import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EXIT_STATUS, type CommandOutcome } from '#shared/domain/command-line.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { CommandFailure, outcomeOf, type Arguments, type Command, type CommandOption } from './command.ts';
import { COMMANDS } from './table.ts';
import type { CommandWorld } from './world.ts';

/** What every command takes. */
const COMMON: readonly CommandOption[] = [
  { name: 'data', value: 'DIR', words: 'QLF’s own folder; default: the one of the settings' },
  { name: 'source', value: 'DIR', words: 'the raw tree, as for the start; default: the one of the settings' },
  { name: 'calibration', value: 'DIR', words: 'the calibration tree, as for the start; doctor looks for it' },
  {
    name: 'json',
    value: null,
    words: 'one JSON object on standard output: {"ok": true, "value": …} or {"ok": false, "error": …}',
  },
  { name: 'help', value: null, words: 'this help' },
];

/** Where what is said goes. */
export interface Terminal {
  out(text: string): Promise<void>;
  err(text: string): Promise<void>;
}

/** What of a command line says where QLF's folders are. */
export interface CommandPlace {
  data: string | null;
  source: string | null;
  calibration: string | null;
}

const row = ({ name, value, words }: CommandOption): string =>
  `  ${`--${name}${value === null ? '' : ` ${value}`}`.padEnd(26)} ${words}\n`;

const EXIT_WORDS = `Exit status: 0 done · 1 it failed, or doctor found a fault · 2 the command line is wrong · 3 only a running engine can do it,
and none runs · 4 not there · 5 refused as things are · 6 an engine is there and does not answer.\n`;

function overview(): string {
  const lines = COMMANDS.map(({ usage, summary }) => `  qlf ${usage}\n      ${summary}\n`);
  return `QLF on the command line: asks the running engine, or where none runs the data folder itself.\n\n${lines.join('')}
  qlf help COMMAND, qlf COMMAND --help    more of one command
  qlf --version\n\n${COMMON.map(row).join('')}\n${EXIT_WORDS}`;
}

function helpOf({ usage, summary, details, options }: Command): string {
  return `qlf ${usage}\n\n${summary.charAt(0).toUpperCase()}${summary.slice(1)}. ${details}\n\n${[...options, ...COMMON].map(row).join('')}\n${EXIT_WORDS}`;
}

function find(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name);
  if (command) return command;
  throw new CommandFailure(
    'usage',
    `there is no command ${JSON.stringify(name)}; there are ${COMMANDS.map((one) => one.name).join(', ')}`,
  );
}

/** Takes the words behind a command's name apart. @throws CommandFailure `usage` */
function readArguments(command: Command, words: readonly string[]): Arguments {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const { name, value } of [...command.options, ...COMMON])
    options[name] ??= { type: value === null ? 'boolean' : 'string' };
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
    const read: Arguments = {
      positionals,
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      flag: (name) => values[name] === true,
    };
    const [fewest, most] = command.positionals;
    if (read.flag('help') || (positionals.length >= fewest && positionals.length <= most)) return read;
    throw new CommandFailure('usage', `it is: qlf ${command.usage}`);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new CommandFailure('usage', `${reason} (it is: qlf ${command.usage})`);
  }
}

interface Ended {
  outcome: CommandOutcome;
  out: string;
  err: string;
}

function failedBy(error: unknown, json: boolean): Ended {
  const outcome =
    error instanceof CommandFailure ? error.outcome : error instanceof QlfError ? outcomeOf(error.code) : 'failed';
  const message = error instanceof Error ? error.message : String(error);
  const out = json ? `${JSON.stringify({ ok: false, error: { code: outcome, message } })}\n` : '';
  const bug = error instanceof CommandFailure || error instanceof QlfError ? error.cause : error;
  const trace =
    bug instanceof Error && !(error instanceof CommandFailure) && outcome === 'failed' ? `${bug.stack ?? ''}\n` : '';
  return { outcome, out, err: `qlf: ${message}\n${trace}` };
}

async function perform(
  args: readonly string[],
  version: string,
  openWorld: (place: CommandPlace) => CommandWorld,
): Promise<Ended> {
  const [name = 'help', ...words] = args;
  const json = words.includes('--json');
  const ended = (out: string): Ended => ({ outcome: 'ok', out, err: '' });
  let world: CommandWorld | undefined;
  try {
    if (name === '--version') return ended(`${version}\n`);
    if (name === 'help' || name === '--help' || name === '-h')
      return ended(words[0] === undefined ? overview() : helpOf(find(words[0])));
    const command = find(name);
    const read = readArguments(command, words);
    if (read.flag('help')) return ended(helpOf(command));
    const place = (option: string): string | null => read.text(option) ?? null;
    world = openWorld({ data: place('data'), source: place('source'), calibration: place('calibration') });
    const said = await command.run(read, world);
    const value = said.value === undefined ? null : said.value;
    return {
      outcome: said.outcome ?? 'ok',
      out: json ? `${JSON.stringify({ ok: true, value })}\n` : said.text,
      err: '',
    };
  } catch (error) {
    return failedBy(error, json);
  } finally {
    await world?.close();
  }
}

/**
 * Runs one command line to its end.
 * @param args from the command's name on
 * @returns the exit status
 */
export async function runCommand(
  args: readonly string[],
  {
    version,
    terminal,
    openWorld,
  }: { version: string; terminal: Terminal; openWorld: (place: CommandPlace) => CommandWorld },
): Promise<number> {
  const { outcome, out, err } = await perform(args, version, openWorld);
  if (out !== '') await terminal.out(out);
  if (err !== '') await terminal.err(err);
  return EXIT_STATUS[outcome];
}

/** Switches of Electron's own that may stand before a command. */
const SWITCH =
  /^--(?:no-sandbox|disable-[\w-]+|enable-[\w-]+|ozone-platform=[\w-]+|inspect(?:-brk)?(?:=[\w:.]+)?|remote-debugging-port=\d+|user-data-dir=.*)$/;

/**
 * The command that the application was started as; null where it was started to open its window.
 * @param args behind the program (and, in a checkout, its folder)
 */
export function commandOf(args: readonly string[]): string[] | null {
  const at = args.findIndex((arg) => !SWITCH.test(arg));
  const first = args[at];
  if (first === undefined) return null;
  const isCommand = [...COMMANDS.map(({ name }) => name), 'help', '--help', '-h', '--version'].includes(first);
  return isCommand ? args.slice(at) : null;
}
