import { resolve } from 'node:path';
import { parseCamera, type CameraName } from '#shared/domain/camera.ts';
import { nightStart } from '#shared/domain/night.ts';
import { CommandFailure } from './command.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** EXPID: up to eight digits and nothing else. */
export function readExpid(text: string): number {
  if (!/^[0-9]{1,8}$/.test(text))
    throw new CommandFailure('usage', `EXPID is a number of up to eight digits, not ${quoted(text)}`);
  return Number(text);
}

export function readCamera(text: string): CameraName {
  const camera = parseCamera(text);
  if (camera === undefined) throw new CommandFailure('usage', `CAMERA is one of b0 … z9, not ${quoted(text)}`);
  return camera;
}

/** NIGHT: eight digits that are a date; never a path. */
export function readNight(text: string): string {
  if (!/^[0-9]{8}$/.test(text) || Number.isNaN(nightStart(text)))
    throw new CommandFailure('usage', `NIGHT is a date as YYYYMMDD, not ${quoted(text)}`);
  return text;
}

export function readOneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined)
    throw new CommandFailure('usage', `${name} is one of ${choices.join(', ')}, not ${quoted(text)}`);
  return found;
}

/** A path as the person means it: from where the command was typed. */
export function readPath(text: string, cwd: string): string {
  if (text === '' || text.includes('\0')) throw new CommandFailure('usage', `${quoted(text)} is no path`);
  return resolve(cwd, text);
}

/** Words on record, such as a name: no line breaks, not empty. */
export function readWords(name: string, text: string, most: number): string {
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  if (text.trim() === '' || text.length > most || /[\u0000-\u001f\u007f]/.test(text))
    throw new CommandFailure('usage', `${name} is 1 to ${most} characters on one line`);
  return text.trim();
}
