import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

/** s that asking a host for its key may take */
const SCAN_SECONDS = 5;

/** Fingerprints of the keys that the host presents now, as ssh shows them; empty when it does not say. */
async function fingerprints(host: RemoteHost, env: Record<string, string>): Promise<string> {
  const signal = AbortSignal.timeout(2 * SCAN_SECONDS * 1000);
  try {
    const scan = ['ssh-keyscan', '-T', String(SCAN_SECONDS), '-p', String(host.port), '--', host.host] as const;
    const keys = await runProgram([...scan], { input: '', env, signal });
    const shown = await runProgram(['ssh-keygen', '-l', '-f', '-'], { input: keys.stdout, env, signal });
    return [...shown.stdout.matchAll(/SHA256:\S+.*\((\w+)\)/g)].map(([line]) => line.replace(/ .*\(/, ' (')).join(', ');
  } catch {
    return '';
  }
}

/** What a program said that tells most: ssh's own complaint, else the first line that is not only a consequence. */
function complaint(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.filter(
    (line) => /[A-Za-z]{3}/.test(line) && !/^rsync error:|connection unexpectedly closed/.test(line),
  );
  return said.find((line) => line.startsWith('ssh:')) ?? said[0] ?? lines.find(Boolean) ?? '';
}

async function hostKeyFailure(host: RemoteHost, stderr: string, env: Record<string, string>): Promise<string> {
  const file = host.knownHostsFile ?? 'the known_hosts file';
  const changed = stderr.includes('REMOTE HOST IDENTIFICATION HAS CHANGED');
  const seen = await fingerprints(host, env);
  const presents = seen ? `presents ${seen}` : 'presents a key';
  return changed
    ? `${host.host} ${presents}, not the key in ${file}: somebody may be in between; ask its administrator`
    : `${host.host} ${presents}, which is not in ${file}: compare it with its administrator, then add it there`;
}

/** What the end of ssh or rsync means for whoever waits for the file. All but a wrong request may pass by itself. */
export async function explainFailure(
  host: RemoteHost,
  path: string,
  { code, stderr, failure }: ProgramEnd,
  env: Record<string, string>,
): Promise<QlfError> {
  const unavailable = (text: string): QlfError => new QlfError('unavailable', `${path}: ${text}`);
  if (failure !== null) return unavailable(`rsync could not be started (${failure}); is it installed here?`);
  if (/Host key verification failed/.test(stderr)) return unavailable(await hostKeyFailure(host, stderr, env));
  if (/Permission denied \(/.test(stderr))
    return unavailable(`${host.host} does not let ${host.user} in; check the key and authorized_keys`);
  if (/(?:rsync|command) not found|No such file or directory.*rsync$/m.test(stderr))
    return unavailable(`${host.host} has no rsync; install it there`);
  const missing =
    /link_stat .* failed: (.*)/.exec(stderr)?.[1] ?? /\bopen .* failed: (.*)|send_files failed/.exec(stderr)?.[1];
  if (missing !== undefined) return unavailable(`${host.host} cannot give it: ${missing}`);
  if (code === 30 || /timeout in data send\/receive|Timeout, server/.test(stderr))
    return unavailable(`${host.host} sends nothing any more`);
  if (code === 11 || /No space left|write failed|mkstemp/.test(stderr))
    return unavailable(`it cannot be written here: ${complaint(stderr)}`);
  return unavailable(`${host.host}: ${complaint(stderr) || `rsync ended with ${String(code)}`}`);
}
