import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { QlfError } from '#shared/ipc/result.ts';
import type { Cipher, Secrets } from '../domain/ports/secrets.ts';

const FileSchema = Type.Object({
  version: Type.Literal(1),
  /** Encrypted, in base64, by name. */
  secrets: Type.Record(Type.String(), Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' })),
});

/** What is in the file; nothing where it is not there, or no file of ours: then it is asked for again. */
function readEncrypted(file: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(Value.Check(FileSchema, value) ? Object.entries(value.secrets) : []);
  } catch {
    return new Map();
  }
}

/** Whole and durable, or as it was; readable by nobody else at any moment. */
function writePrivately(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, file);
}

/** Where the system encrypts them and in which file they lie. */
export interface SafePlace {
  file: string;
  cipher: Cipher;
}

/**
 * Keeps secrets: encrypted in a file where the system can do that, else until QLF ends and nowhere but in memory.
 * @param place null: there is no desktop whose keyring could be used
 */
export function createSecretKeeper(place: SafePlace | null): Secrets {
  const known = new Map<string, string>();
  const refusal = place ? place.cipher.refusal : 'There is no desktop that could keep secrets.';
  const safe = refusal === null ? place : null;
  let encrypted = safe ? readEncrypted(safe.file) : new Map<string, string>();
  let version = 0;

  function keep(next: Map<string, string>): void {
    encrypted = next;
    if (!safe) return;
    try {
      writePrivately(safe.file, `${JSON.stringify({ version: 1, secrets: Object.fromEntries(next) }, null, 2)}\n`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new QlfError('unavailable', `it is known until QLF ends, but ${safe.file} cannot be written (${why}).`);
    }
  }

  return {
    keeping:
      refusal === null
        ? { keeping: 'system', words: 'Kept for later starts, encrypted by this system for you alone.' }
        : { keeping: 'memory', words: `${refusal} What you give is forgotten when QLF ends, and asked for again.` },
    get version() {
      return version;
    },
    get(name) {
      const held = known.get(name);
      if (held !== undefined) return held;
      const text = encrypted.get(name);
      if (text === undefined || !safe) return null;
      try {
        const secret = safe.cipher.decrypt(Buffer.from(text, 'base64'));
        known.set(name, secret);
        return secret;
      } catch {
        // Of another person's keyring, or one that was made anew: it is asked for again.
        return null;
      }
    },
    set(name, secret) {
      known.set(name, secret);
      version += 1;
      if (safe) keep(new Map(encrypted).set(name, Buffer.from(safe.cipher.encrypt(secret)).toString('base64')));
    },
    remove(name) {
      known.delete(name);
      version += 1;
      if (!encrypted.has(name)) return;
      keep(new Map([...encrypted].filter(([other]) => other !== name)));
    },
  };
}
