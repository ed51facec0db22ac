import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';

const HOST = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/;

/** Refuses what would be more than a host and a user where they become arguments. @throws QlfError `bad-request` */
export function checkAccount({ host, user }: RemoteHost): void {
  if (!HOST.test(host)) throw new QlfError('bad-request', `${JSON.stringify(host)} is not a host name`);
  if (!USER.test(user)) throw new QlfError('bad-request', `${JSON.stringify(user)} is not a user name`);
}

/** A path as ssh's options take it; it would expand `%` and `${}` itself. */
function quotedPath(path: string, what: string): string {
  if (/["\n\r\0]|\$\{/.test(path)) throw new QlfError('bad-request', `${what} ${JSON.stringify(path)} cannot be used`);
  return `"${path.replaceAll('%', '%%')}"`;
}

const options = (list: readonly string[]): string[] => list.flatMap((option) => ['-o', option]);

/** Files of known hosts, in the order in which they are asked; where the account names none, ssh's own come last. */
function knownHosts(host: RemoteHost, ownFile: string): string[] {
  const own = quotedPath(ownFile, 'the file of known hosts');
  if (host.knownHostsFile !== null) {
    const given = quotedPath(host.knownHostsFile, 'the file of known hosts');
    return [`UserKnownHostsFile=${[own, given].join(' ')}`, 'GlobalKnownHostsFile=/dev/null'];
  }
  return [`UserKnownHostsFile=${own} ~/.ssh/known_hosts ~/.ssh/known_hosts2`];
}

/**
 * Arguments by which ssh reaches a data host; what they do not say is taken from the user's own configuration.
 * @param ownKnownHosts QLF's own file of known hosts
 */
export function sshArguments(host: RemoteHost, timeoutSeconds: number, ownKnownHosts: string): string[] {
  checkAccount(host);
  const identity =
    host.identityFile === null
      ? []
      : [`IdentityFile=${quotedPath(host.identityFile, 'the key file')}`, 'IdentitiesOnly=yes'];
  return options([
    `Port=${String(host.port)}`,
    `User=${host.user}`,
    ...identity,
    ...knownHosts(host, ownKnownHosts),
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    `ConnectTimeout=${String(timeoutSeconds)}`,
    // Given up a little after rsync has: it says what happened.
    `ServerAliveInterval=${String(Math.max(1, Math.ceil(timeoutSeconds / 2)))}`,
    'ServerAliveCountMax=3',
    // The fastest where both sides have AES in hardware; the others remain.
    'Ciphers=^aes128-gcm@openssh.com',
    'Compression=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'PermitLocalCommand=no',
  ]);
}

/** Never a question to anybody. */
export const SILENT: readonly string[] = options(['BatchMode=yes']);

/** One question, for the passphrase of a key; no other way to prove who we are would ask for anything else. */
export const ONE_PASSPHRASE: readonly string[] = options([
  'BatchMode=no',
  'NumberOfPasswordPrompts=1',
  'PasswordAuthentication=no',
  'KbdInteractiveAuthentication=no',
]);

/** Opens a connection that others share through the socket; it ends by itself when nobody has used it for a while. */
export function sharing(socket: string, idleSeconds: number): string[] {
  const path = `ControlPath=${quotedPath(socket, 'the socket')}`;
  return ['-N', ...options(['ControlMaster=yes', `ControlPersist=${String(idleSeconds)}`, path])];
}

/** Goes through a shared connection where it is up, else makes its own. */
export function shared(socket: string): string[] {
  return options(['ControlMaster=no', `ControlPath=${quotedPath(socket, 'the socket')}`]);
}

/** The same as rsync's `--rsh` takes it: split at spaces but inside quotes, where a quote is written twice. */
export function rsyncShell(args: readonly string[]): string {
  return ['ssh', ...args.map((arg) => `'${arg.replaceAll("'", "''")}'`)].join(' ');
}
