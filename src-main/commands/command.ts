import type { TSchema } from 'typebox';
import type { CommandOutcome } from '#shared/domain/command-line.ts';
import type { ErrorCode } from '#shared/ipc/result.ts';
import type { CommandWorld } from './world.ts';

/** What a command came to. */
export interface Said {
  /** For programs: with `--json`, in the envelope `{"ok": true, "value": …}`. */
  value: unknown;
  /** For people, and for pipes: what stands on standard output without `--json`. */
  text: string;
  /** `failed` where what was asked for was tried and is not well; default: ok. */
  outcome?: 'ok' | 'failed';
}

/** An option of a command; `value` is its place-holder in the help, null for a switch. */
export interface CommandOption {
  name: string;
  value: string | null;
  words: string;
}

/** What was typed, taken apart. */
export interface Arguments {
  positionals: readonly string[];
  text: (option: string) => string | undefined;
  flag: (option: string) => boolean;
}

export interface Command {
  name: string;
  /** As it is typed: `process EXPID`. */
  usage: string;
  /** One line for the list of commands. */
  summary: string;
  /** More, for its own help. */
  details: string;
  /** Fewest and most words after the name. */
  positionals: readonly [number, number];
  options: readonly CommandOption[];
  /** Of the value with `--json`. */
  value: TSchema;
  run(args: Arguments, world: CommandWorld): Promise<Said>;
}

/** Ends a command with words and one of the documented exit statuses. */
export class CommandFailure extends Error {
  readonly outcome: Exclude<CommandOutcome, 'ok'>;
  constructor(outcome: Exclude<CommandOutcome, 'ok'>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandFailure';
    this.outcome = outcome;
  }
}

/** What an error of the engine means at the command line. */
export function outcomeOf(code: ErrorCode): Exclude<CommandOutcome, 'ok'> {
  switch (code) {
    case 'bad-request':
      return 'usage';
    case 'not-found':
      return 'not-found';
    case 'unavailable':
    case 'internal':
      return 'failed';
    default:
      return 'refused';
  }
}
