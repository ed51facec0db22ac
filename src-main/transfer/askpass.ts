import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { QlfError } from '#shared/ipc/result.ts';

/** Answers ssh's question for the passphrase of a key, once, and no other question. */
const HELPER = `#!/bin/sh
case "$1" in *passphrase*) ;; *) exit 1 ;; esac
IFS= read -r answer < "\${0%/*}/answer" && printf '%s\\n' "$answer"
`;

/**
 * Runs something with an environment in which ssh gets the passphrase from a helper of ours. The passphrase goes through
 * a pipe in a folder that only this user can enter: it is in no command line, no environment and no file.
 * @param folder private folder for the helper; what is made in it is gone when this returns
 */
export async function withPassphrase<T>(
  folder: string,
  passphrase: string,
  run: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (/[\n\r\0]/.test(passphrase))
    throw new QlfError('bad-request', 'a passphrase with a line break cannot be given to ssh; add the key to an agent');
  const own = await mkdtemp(join(folder, 'ask-'));
  try {
    const helper = join(own, 'askpass');
    await writeFile(helper, HELPER, { mode: 0o700 });
    await promisify(execFile)('mkfifo', ['-m', '600', '--', join(own, 'answer')]);
    // Opened for both directions: neither side waits for the other, and what is not read is gone at the close.
    const pipe = await open(join(own, 'answer'), constants.O_RDWR | constants.O_NONBLOCK);
    try {
      await pipe.write(`${passphrase}\n`);
      return await run({ SSH_ASKPASS: helper, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env.DISPLAY ?? ':0' });
    } finally {
      await pipe.close();
    }
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
