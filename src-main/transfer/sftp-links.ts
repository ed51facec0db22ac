import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AnyAuthMethod, type Client, type ServerHostKeyAlgorithm } from 'ssh2';
import { HostKeyError } from '../domain/host-key-error.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import type { SftpLinks, SftpSession } from '../domain/ports/sftp.ts';
import { TransferFailure } from './failure.ts';
import type { RemoteOptions } from './remote-options.ts';
import { checkAccount } from './ssh-arguments.ts';

/** Those of the original's years and of today; older ones only by the system's ssh. */
const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
/** An RSA key is on record by the old name of its type, whatever signs with it. */
const recordedTypeOf = (algorithm: string): string => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);

/** Host key algorithms, those first whose keys can be compared with the record. */
function hostKeyOrder(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const known = HOST_KEYS.filter((algorithm) => types.includes(recordedTypeOf(algorithm)));
  return [...known, ...HOST_KEYS.filter((algorithm) => !known.includes(algorithm))];
}

/** Key files in the order in which they are tried. */
function keyFiles(host: RemoteHost): string[] {
  if (host.identityFile !== null) return [host.identityFile];
  return ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name));
}

/** The ways to prove who we are: keys that can be read, and the agent where one runs and no named key does. */
async function authentication(host: RemoteHost, options: RemoteOptions): Promise<AnyAuthMethod[]> {
  const username = host.user;
  const passphrase = (await options.passphrase?.(host)) ?? undefined;
  const keys: AnyAuthMethod[] = [];
  for (const file of keyFiles(host)) {
    const text = await readFile(file).catch(() => null);
    if (text === null || ssh2.utils.parseKey(text, passphrase) instanceof Error) continue;
    keys.push({ type: 'publickey', username, key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  }
  const agent = options.environment['SSH_AUTH_SOCK'];
  if (agent === undefined || (host.identityFile !== null && keys.length > 0)) return keys;
  return [{ type: 'agent', username, agent }, ...keys];
}

/** What the library says, in the words of the other way. */
function explain(host: RemoteHost, error: Error & { level?: string }): Error {
  if (error instanceof TransferFailure || error instanceof HostKeyError) return error;
  if (error.level === 'client-authentication')
    return new TransferFailure(
      'person',
      `${host.host} does not let ${host.user} in; check the key, its passphrase and authorized_keys`,
    );
  return new TransferFailure('link', `${host.host}: ${error.message}`);
}

/** A connection whose host is known and who knows us. */
async function connect(host: RemoteHost, options: RemoteOptions): Promise<Client> {
  checkAccount(host);
  const { hostKeys, stallSeconds } = options;
  const types = await hostKeys.types(host, host.knownHostsFile);
  const authHandler = await authentication(host, options);
  const client = new ssh2.Client();
  let refused: Error | undefined;
  const trusts = async (blob: Buffer): Promise<boolean> => {
    try {
      const presented = hostKeys.describe(host, blob);
      const verdict = await hostKeys.judge(host, presented, host.knownHostsFile);
      if (verdict === 'known') return true;
      refused = new HostKeyError(verdict, presented);
    } catch (error) {
      refused = error instanceof Error ? error : new Error(String(error));
    }
    return false;
  };
  return new Promise((resolve, reject) => {
    client.on('error', (error: Error) => reject(refused ?? explain(host, error)));
    client.once('close', () => reject(refused ?? new TransferFailure('link', `${host.host} ended the connection`)));
    client.once('ready', () => {
      // Small requests go out at once: without it each waits for the answer to the one before.
      client.setNoDelay(true);
      resolve(client);
    });
    client.connect({
      host: host.host,
      port: host.port,
      username: host.user,
      authHandler,
      hostVerifier: (blob: Buffer, verify: (valid: boolean) => void) => void trusts(blob).then(verify),
      readyTimeout: stallSeconds * 1000,
      keepaliveInterval: Math.ceil((stallSeconds * 1000) / 3),
      keepaliveCountMax: 3,
      algorithms: {
        serverHostKey: hostKeyOrder(types),
        cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
        compress: ['none'],
      },
    });
  });
}

/** Sessions of SFTP, one a host, for accounts that have neither a shell nor rsync, and for all that only look. */
export function createSftpLinks(options: RemoteOptions): SftpLinks {
  const sessions = new Map<string, Promise<SftpSession>>();
  const clients = new Map<string, Client>();
  const keyOf = ({ host, port, user, identityFile, knownHostsFile }: RemoteHost): string =>
    JSON.stringify([host, port, user, identityFile, knownHostsFile]);

  async function openSession(host: RemoteHost, key: string): Promise<SftpSession> {
    const client = await connect(host, options);
    const forget = (): void => {
      if (clients.get(key) !== client) return;
      clients.delete(key);
      sessions.delete(key);
    };
    clients.set(key, client);
    client.once('close', forget);
    return new Promise((resolve, reject) => {
      client.once('close', () => reject(new TransferFailure('link', `${host.host} ended the connection`)));
      client.sftp((error, sftp) => {
        if (error) {
          client.end();
          reject(new TransferFailure('never', `${host.host} offers neither rsync nor SFTP: ${error.message}`));
        } else resolve(sftp);
      });
    });
  }

  const drop = (key: string): void => {
    clients.get(key)?.destroy();
    clients.delete(key);
    sessions.delete(key);
  };

  return {
    async open(host, signal) {
      const key = keyOf(host);
      let session = sessions.get(key);
      if (!session) {
        session = openSession(host, key);
        sessions.set(key, session);
        session.catch(() => drop(key));
      }
      const sftp = await session;
      signal.throwIfAborted();
      return sftp;
    },
    drop: (host) => drop(keyOf(host)),
    close() {
      for (const key of [...clients.keys()]) drop(key);
    },
  };
}
