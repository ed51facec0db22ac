import { expect, it } from 'vitest';
import { hasPassword, type Source, sourceOf, sourceText } from './source.ts';

it.each(['/data/raw', 'ssh://desi@host:22/raw?nights=3', 'opsdb:/etc/opsdb.json', 'C:\\raw'])(
  'keeps %s as it is',
  (text) => {
    expect(sourceText(sourceOf(text))).toBe(text);
  },
);

it('sees a password in an address, and only there', () => {
  const address = (text: string): Extract<Source, { kind: 'ssh' }> => ({ kind: 'ssh', address: text });
  expect(hasPassword(address('ssh://desi:secret@host/raw'))).toBe(true);
  expect(hasPassword(address('SSH://:s@host/raw'))).toBe(true);
  expect(hasPassword(address('ssh://desi@host:22/raw'))).toBe(false);
  expect(hasPassword(address('ssh://host:22/raw@night:1'))).toBe(false);
});
