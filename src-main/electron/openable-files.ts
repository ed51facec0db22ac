import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const FITS = /\.(fits|fit|fts)(\.(fz|gz))?$/i;
const NIGHT = /\.qlfnight$/i;

/** Files of one start; a desktop that gives more has gone wrong. */
export const MOST_OPENED = 10;

/** What a file is by its name; null for what QLF does not open. */
export function openableKind(path: string): 'fits' | 'night' | null {
  return FITS.test(path) ? 'fits' : NIGHT.test(path) ? 'night' : null;
}

/** Desktops give paths or file: addresses; undefined for an address of another machine or another kind. */
function pathOf(word: string, folder: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(word)) return resolve(folder, word);
  try {
    return fileURLToPath(word);
  } catch {
    return undefined;
  }
}

/**
 * The files among the words of a command line that QLF opens, as absolute paths.
 * @param folder what relative ones are relative to
 */
export function openableFiles(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => !word.startsWith('-') && openableKind(word) !== null)
    .flatMap((word) => pathOf(word, folder) ?? [])
    .slice(0, MOST_OPENED);
}
