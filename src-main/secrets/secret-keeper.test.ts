import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseSecret, keySecret } from '#shared/domain/connection.ts';
import type { Cipher } from '../domain/ports/secrets.ts';
import { createSecretKeeper } from './secret-keeper.ts';

const NAME = databaseSecret({ host: 'db', port: 5432, database: 'desi', user: 'qlf_reader' });
const SECRET = 'a p\u00e4ssword of the test';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-secrets-'));
  file = join(folder, 'own', 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a keyring does, with a key of its own. */
function keyring(): Cipher {
  const key = randomBytes(32);
  return {
    refusal: null,
    encrypt(text) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    decrypt(bytes) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}

test('what the keyring encrypts is there after a new start, and readable by nobody else', () => {
  const cipher = keyring();
  const keeper = createSecretKeeper({ file, cipher });
  expect(keeper.get(NAME)).toBeNull();
  keeper.set(NAME, SECRET);
  keeper.set(keySecret('/home/me/key'), 'another one');
  expect(keeper.version).toBe(2);
  expect(keeper.keeping.keeping).toBe('system');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  for (const spelling of [SECRET, Buffer.from(SECRET).toString('base64')]) expect(text).not.toContain(spelling);
  const later = createSecretKeeper({ file, cipher });
  expect(later.get(NAME)).toBe(SECRET);
  later.remove(NAME);
  expect(later.get(NAME)).toBeNull();
  const last = createSecretKeeper({ file, cipher });
  expect(last.get(NAME)).toBeNull();
  expect(last.get(keySecret('/home/me/key'))).toBe('another one');
});

test('without a keyring it is known until the end, and nothing is written', () => {
  const cipher = { ...keyring(), refusal: 'This system has no keyring.' };
  const keeper = createSecretKeeper({ file, cipher });
  keeper.set(NAME, SECRET);
  expect(keeper.get(NAME)).toBe(SECRET);
  expect(keeper.keeping).toEqual({
    keeping: 'memory',
    words: 'This system has no keyring. What you give is forgotten when QLF ends, and asked for again.',
  });
  expect(existsSync(file)).toBe(false);
  expect(createSecretKeeper({ file, cipher }).get(NAME)).toBeNull();
  expect(createSecretKeeper(null).keeping.keeping).toBe('memory');
});

test('what another keyring has encrypted, and a damaged file, are asked for again', () => {
  createSecretKeeper({ file, cipher: keyring() }).set(NAME, SECRET);
  const other = createSecretKeeper({ file, cipher: keyring() });
  expect(other.get(NAME)).toBeNull();
  other.set(NAME, 'given again');
  expect(other.get(NAME)).toBe('given again');
  writeFileSync(file, '{"version": 1, "secrets": {"x": 5}}');
  expect(createSecretKeeper({ file, cipher: keyring() }).get(NAME)).toBeNull();
});
