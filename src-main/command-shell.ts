import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { CommandFailure } from './commands/command.ts';
import type { CommandPlace, runCommand } from './commands/run-command.ts';
import { openCommands, type CommandOptions } from './open-commands.ts';
import { placeOf, type Place } from './standard-folders.ts';
import { sourceOf, sourceText } from '#shared/domain/source.ts';

/** Writes all of a text before it goes on: whoever ends the program then has lost nothing. */
function writer(stream: NodeJS.WriteStream): (text: string) => Promise<void> {
  // Whoever reads no more, such as `head`, wants no error.
  stream.on('error', () => undefined);
  return (text) => new Promise((done) => stream.write(text, () => done()));
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'command line';
  }
}

/** Which nights a command is about. @throws CommandFailure */
function placeFor({ data, source }: CommandPlace, cwd: string): Place {
  try {
    const from = source === null ? null : sourceOf(source);
    const absolute =
      from === null || from.kind === 'ssh'
        ? source
        : sourceText(
            from.kind === 'folder'
              ? { ...from, path: resolve(cwd, from.path) }
              : { ...from, file: resolve(cwd, from.file) },
          );
    return placeOf({ source: absolute, data: data === null ? null : resolve(cwd, data) });
  } catch (error) {
    throw new CommandFailure('failed', error instanceof Error ? error.message : String(error));
  }
}

type Own = Pick<CommandOptions, 'version' | 'launcher' | 'resourcesDir' | 'secrets'>;

/** The terminal and the folders of this process, for commands. */
export function commandShell(own: Own): Parameters<typeof runCommand>[1] {
  const out = writer(process.stdout);
  const err = writer(process.stderr);
  const cwd = process.cwd();
  return {
    version: own.version,
    terminal: { out, err },
    openWorld: (place) =>
      openCommands({
        ...own,
        ...placeFor(place, cwd),
        calibration: place.calibration === null ? null : resolve(cwd, place.calibration),
        ...{ cwd, user: accountName(), env: process.env, now: Date.now },
        note: (text) => void err(`${text}\n`),
      }),
  };
}
