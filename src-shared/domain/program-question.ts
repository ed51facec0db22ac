import type { ExternalPipeline } from './settings.ts';

/** Characters of a question that a person can be expected to read, and that a dialog shows whole. */
const MOST = 1500;

/** As it is, where nothing in it could be mistaken; else quoted, with what cannot be seen written out. */
function shown(text: string): string {
  if (/^[\w@%+=:,./{}-]+$/.test(text)) return text;
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/**
 * The words in which a person is asked whether a program may run: all of it, an argument a line.
 * @returns null where it is too long to be read, so that nothing can hide behind what is shown
 */
export function programQuestion({ argv, env }: ExternalPipeline): string | null {
  const lines = [...argv.map(shown), ...Object.entries(env).map(([name, value]) => `${name}=${shown(value)}`)];
  const text = lines.join('\n');
  return text.length > MOST || lines.length > 25 ? null : text;
}
