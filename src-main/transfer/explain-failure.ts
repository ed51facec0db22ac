import type { QlfError } from '#shared/ipc/result.ts';
import { HostKeyError } from '../domain/host-key-error.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import { TransferFailure, type Remedy } from './failure.ts';
import type { RemoteOptions } from './remote-options.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

/** s that asking a host for its key may take */
const SCAN_SECONDS = 5;

/** The keys that the host presents now, the one that ssh would show first; empty when it does not say. */
async function presentedKeys(host: RemoteHost, env: Record<string, string>): Promise<Buffer[]> {
  const signal = AbortSignal.timeout(2 * SCAN_SECONDS * 1000);
  const scan = ['ssh-keyscan', '-T', String(SCAN_SECONDS), '-p', String(host.port), '--', host.host] as const;
  const end = await runProgram([...scan], { input: '', env, signal }).catch(() => null);
  const keys = [...(end?.stdout ?? '').matchAll(/^[^#\s]\S* (\S+) ([A-Za-z0-9+/]+=*)$/gm)];
  const rank = (type = ''): number => (type === 'ssh-ed25519' ? 0 : type.startsWith('ecdsa') ? 1 : 2);
  return keys.sort((a, b) => rank(a[1]) - rank(b[1])).map(([, , key = '']) => Buffer.from(key, 'base64'));
}

/** What a program said that tells most: ssh's own complaint, else the first line that is not only a consequence. */
function complaint(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.filter(
    (line) => /[A-Za-z]{3}/.test(line) && !/^rsync error:|connection unexpectedly closed/.test(line),
  );
  return said.find((line) => line.startsWith('ssh:')) ?? said[0] ?? lines.find(Boolean) ?? '';
}

/** ssh did not trust the host: which key it has, and what the record says of it. */
async function hostKeyFailure(host: RemoteHost, stderr: string, options: RemoteOptions): Promise<QlfError> {
  const keys = await presentedKeys(host, options.environment);
  const presented = keys.map((blob) => options.hostKeys.describe(host, blob));
  const judged = await Promise.all(
    presented.map(async (key) => ({ key, verdict: await options.hostKeys.judge(host, key, host.knownHostsFile) })),
  );
  for (const wanted of ['revoked', 'changed', 'unknown'] as const) {
    const found = judged.find(({ verdict }) => verdict === wanted);
    if (found) return new HostKeyError(wanted, found.key);
  }
  const changed = stderr.includes('REMOTE HOST IDENTIFICATION HAS CHANGED');
  const what = changed ? 'presents another key than the one on record' : 'presents a key that is not on record';
  return new TransferFailure('person', `${host.host} ${what}, and does not tell it again; ask its administrator`);
}

/** What the other side says where it lets nobody run a program, or has no rsync. */
const NO_RSYNC =
  /(?:rsync|command) not found|not found: rsync|No such file or directory.*rsync$|is your shell clean|sftp connections only|account is currently not available/m;

/**
 * What the end of ssh or rsync means for whoever waits for the file.
 * @param path the file; null where only the connection was asked for
 */
export async function explainFailure(
  host: RemoteHost,
  path: string | null,
  { code, stdout, stderr, failure }: ProgramEnd,
  options: RemoteOptions,
): Promise<QlfError> {
  const because = (remedy: Remedy, text: string): TransferFailure =>
    new TransferFailure(remedy, path === null ? text : `${path}: ${text}`);
  if (failure !== null)
    return because('no-rsync', `ssh or rsync could not be started (${failure}); are they installed here?`);
  if (/Host key verification failed/.test(stderr)) return hostKeyFailure(host, stderr, options);
  if (/Permission denied \(/.test(stderr))
    return because(
      'person',
      `${host.host} does not let ${host.user} in; check the key, its passphrase and authorized_keys`,
    );
  if (NO_RSYNC.test(stderr) || NO_RSYNC.test(stdout))
    return because('no-rsync', `${host.host} has no rsync; install it there`);
  const missing =
    /(?:link_stat|change_dir) .* failed: (.*)/.exec(stderr)?.[1] ??
    /\bopen .* failed: (.*)|send_files failed/.exec(stderr)?.[1];
  if (missing !== undefined) return because('file', `${host.host} cannot give it: ${missing}`);
  if (code === 30 || /timeout in data send\/receive|Timeout, server/.test(stderr))
    return because('link', `${host.host} sends nothing any more`);
  if (code === 11 || /No space left|write failed|mkstemp/.test(stderr))
    return because('link', `it cannot be written here: ${complaint(stderr)}`);
  const words = `${host.host}: ${complaint(stderr) || `rsync ended with ${String(code)}`}`;
  // Nothing came at all: an account without a shell, as well as a link that was lost at once.
  if (code === 12 && /0 bytes received so far/.test(stderr)) return because('no-rsync', words);
  if (code !== 23 && /Broken pipe|[1-9]\d* bytes received so far/.test(stderr))
    return because('link', `the connection to ${host.host} was lost`);
  return because(code === 23 ? 'file' : 'link', words);
}
