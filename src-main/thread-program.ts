/**
 * The program of a thread, which lies beside this one: a source file, or a built one where this is built.
 * @param name of its file, without an ending
 */
export function threadProgram(name: string): URL {
  return new URL(import.meta.url.endsWith('.ts') ? `${name}.ts` : `${name}.cjs`, import.meta.url);
}
