import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';

/** Whether a private key needs another passphrase than this one; false where the file cannot be read or is none. */
export async function isLockedKey(file: string, passphrase: string | null): Promise<boolean> {
  const text = await readFile(file).catch(() => null);
  if (text === null) return false;
  const parsed = ssh2.utils.parseKey(text, passphrase ?? undefined);
  return parsed instanceof Error && /encrypted|passphrase|decrypt|integrity/i.test(parsed.message);
}
