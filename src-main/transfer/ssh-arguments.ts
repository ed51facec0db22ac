import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';

const HOST = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/;

/** A path as ssh's options take it; it would expand `%` and `${}` itself. */
function quotedPath(path: string, what: string): string {
  if (/["\n\r\0]|\$\{/.test(path)) throw new QlfError('bad-request', `${what} ${JSON.stringify(path)} cannot be used`);
  return `"${path.replaceAll('%', '%%')}"`;
}

/** Arguments by which ssh reaches a data host; what they do not say is taken from the user's own configuration. */
export function sshArguments(host: RemoteHost, timeoutSeconds: number): string[] {
  if (!HOST.test(host.host)) throw new QlfError('bad-request', `${JSON.stringify(host.host)} is not a host name`);
  if (!USER.test(host.user)) throw new QlfError('bad-request', `${JSON.stringify(host.user)} is not a user name`);
  const identity =
    host.identityFile === null
      ? []
      : [`IdentityFile=${quotedPath(host.identityFile, 'the key file')}`, 'IdentitiesOnly=yes'];
  const known =
    host.knownHostsFile === null
      ? []
      : [
          `UserKnownHostsFile=${quotedPath(host.knownHostsFile, 'the file of known hosts')}`,
          'GlobalKnownHostsFile=/dev/null',
        ];
  return [
    `Port=${String(host.port)}`,
    `User=${host.user}`,
    ...identity,
    ...known,
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'BatchMode=yes',
    `ConnectTimeout=${String(timeoutSeconds)}`,
    `ServerAliveInterval=${String(Math.max(1, Math.ceil(timeoutSeconds / 3)))}`,
    'ServerAliveCountMax=3',
    // The fastest where both sides have AES in hardware; the others remain.
    'Ciphers=^aes128-gcm@openssh.com',
    'Compression=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'PermitLocalCommand=no',
  ].flatMap((option) => ['-o', option]);
}

/** The same as rsync's `--rsh` takes it: split at spaces but inside quotes, where a quote is written twice. */
export function rsyncShell(args: readonly string[]): string {
  return ['ssh', ...args.map((arg) => `'${arg.replaceAll("'", "''")}'`)].join(' ');
}
