import { createHash, createHmac } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import {
  judgeHostKey,
  knownHostLine,
  parseKnownHosts,
  recordedTypes,
  type HmacSha1,
  type HostAddress,
  type KnownHost,
} from '../domain/known-hosts.ts';

const hmac: HmacSha1 = (salt, text) => createHmac('sha1', Buffer.from(salt, 'base64')).update(text).digest('base64');

/** The name of the key's type stands at the head of the key itself: its length in four bytes, then the letters. */
function typeOf(blob: Uint8Array): string {
  const bytes = Buffer.from(blob);
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  return /^[\w@.-]+$/.exec(bytes.toString('latin1', 4, 4 + Math.min(length, 100)))?.[0] ?? 'unknown';
}

/** Files of known hosts that ssh itself reads; QLF never writes them. */
export function usualKnownHosts(): string[] {
  const own = join(homedir(), '.ssh');
  return [join(own, 'known_hosts'), join(own, 'known_hosts2'), '/etc/ssh/ssh_known_hosts'];
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new QlfError('unavailable', `${file}, by which hosts are known, cannot be read: ${String(error)}`);
  });
}

/** Replaces a file, or leaves it as it was: whole and durable, readable by nobody else. */
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${String(process.pid)}.part`;
  await rm(unfinished, { force: true });
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

/**
 * @param own QLF's file of known hosts, the only one that is written; made when the first key is accepted
 * @param others files that are read, too
 */
export function createHostKeys(own: string, others: readonly string[] = usualKnownHosts()): HostKeys {
  const record = async (extraFile: string | null): Promise<KnownHost[]> => {
    // An account with a file of its own is known by that one and by ours alone, as ssh does it.
    const files = extraFile === null ? [own, ...others] : [own, extraFile];
    return (await Promise.all(files.map(textOf))).flatMap(parseKnownHosts);
  };
  let writing: Promise<void> = Promise.resolve();
  return {
    file: own,
    describe({ host, port }: HostAddress, blob) {
      const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
      return { host, port, type: typeOf(blob), key: Buffer.from(blob).toString('base64'), fingerprint };
    },
    async judge(address, key, extraFile) {
      return judgeHostKey(await record(extraFile), address, key, hmac);
    },
    async types(address, extraFile) {
      return recordedTypes(await record(extraFile), address, hmac);
    },
    accept(presented) {
      const add = async (): Promise<void> => {
        const text = await textOf(own);
        const verdict = judgeHostKey(parseKnownHosts(text), presented, presented, hmac);
        if (verdict === 'known') return;
        if (verdict !== 'unknown')
          throw new QlfError(
            'conflict',
            `another key of ${presented.host} is in ${own}: remove that line first, once its administrator confirms the new key`,
          );
        const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
        await writePrivately(own, `${before}${knownHostLine(presented, presented)}\n`);
      };
      writing = writing.then(add, add);
      return writing;
    },
  };
}
