import type { Random } from './random.ts';

/** A reader of what comes from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** A bad input, or now and then a good one. */
  input(random: Random): Uint8Array;
  /**
   * Reads it in every way the product does.
   * @returns a word for how it ended: `read`, or the code of the error by which it was refused
   * @throws what should never happen
   */
  run(input: Uint8Array): string | Promise<string>;
  /** Inputs that may be under way at once; default 1 */
  readonly together?: number;
  /** Looks at the whole after the last input; throws where it has suffered. */
  close?(): Promise<void> | void;
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** `read`, or the code of an error of a kind that this reader documents; any other error goes on. */
export function codeOf(read: () => void, ...kinds: readonly (abstract new (...args: never[]) => Error)[]): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
    const { code, name } = error as Error & { code?: unknown };
    return typeof code === 'string' ? code : name;
  }
}
