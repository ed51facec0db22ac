import type { SecretState } from '#shared/domain/connection.ts';

/** The operating system's encryption for this person alone. */
export interface Cipher {
  /** Why it must not be used, in words; null where it is safe. */
  readonly refusal: string | null;
  encrypt(text: string): Uint8Array;
  /** @throws Error where the bytes are another person's, or damaged */
  decrypt(bytes: Uint8Array): string;
}

/** Passwords and passphrases of connections, by the names of `databaseSecret` and `keySecret`. */
export interface Secrets {
  /** How they are kept. */
  readonly keeping: Omit<SecretState, 'known'>;
  /** Rises with every change, so that who has failed without a secret tries again. */
  readonly version: number;
  get(name: string): string | null;
  /** @throws QlfError `unavailable` where it cannot be written; it is known until QLF ends all the same */
  set(name: string, secret: string): void;
  remove(name: string): void;
}
