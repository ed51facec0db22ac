import { connect } from 'node:net';
import type { PresentedHostKey } from '../domain/host-key-error.ts';
import type { HostProbe } from '../domain/ports/connection-probes.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import { explainFailure } from './explain-failure.ts';
import { TransferFailure } from './failure.ts';
import type { RemoteOptions } from './remote-options.ts';
import { runProgram } from './run-program.ts';
import { createSftpLinks } from './sftp-links.ts';
import { checkAccount, rsyncShell } from './ssh-arguments.ts';
import { createSshLinks } from './ssh-links.ts';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody answers there: is sshd running, and is that its port?',
  ENOTFOUND: 'that name is not known here: check its spelling and the network',
  EAI_AGAIN: 'names cannot be looked up at the moment: check the network',
  EHOSTUNREACH: 'there is no way to it: check the network',
  ENETUNREACH: 'there is no way to it: check the network',
};

/** The first words of whoever listens at the port. */
function greeting({ host, port }: RemoteHost, seconds: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: seconds * 1000 });
    const fail = (why: string): void => {
      socket.destroy();
      reject(new TransferFailure('link', `${host}, port ${port}: ${why}`));
    };
    const abort = (): void => fail('given up');
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    socket.once('timeout', () => fail(`it says nothing for ${seconds} s: check host, port and firewall`));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(WORDS[error.code ?? ''] ?? error.message));
    socket.once('end', () => fail('it hangs up at once'));
    socket.once('data', (bytes) => {
      const [, name] = /^SSH-\d[\d.]*-([\x21-\x7e]+)/.exec(bytes.toString('latin1')) ?? [];
      if (name === undefined) fail('what answers there is no SSH server');
      else resolve(name);
      socket.destroy();
    });
  });
}

/** @param options with the passphrase of the moment, and the host keys on record */
export function createHostProbe(options: RemoteOptions): HostProbe {
  /** Logs in, and says which key the host has shown on the way. */
  async function meet(
    host: RemoteHost,
    signal: AbortSignal,
  ): Promise<{ shown: PresentedHostKey | null; error: Error | null }> {
    let shown: PresentedHostKey | null = null;
    const hostKeys: HostKeys = {
      ...options.hostKeys,
      describe: (address, blob) => (shown = options.hostKeys.describe(address, blob)),
    };
    const links = createSftpLinks({ ...options, hostKeys });
    const abort = (): void => links.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      await links.open(host, signal);
      return { shown, error: null };
    } catch (error) {
      return { shown, error: error instanceof Error ? error : new Error(String(error)) };
    } finally {
      signal.removeEventListener('abort', abort);
      links.close();
    }
  }

  return {
    reach: (host, signal) => {
      checkAccount(host);
      return greeting(host, options.stallSeconds, signal);
    },
    async hostKey(host, signal) {
      const { shown, error } = await meet(host, signal);
      // Who is not let in has seen the host's key all the same.
      const refused = error instanceof TransferFailure && error.remedy === 'person';
      if (shown && (error === null || refused)) return shown;
      throw error ?? new TransferFailure('link', `${host.host} has shown no key`);
    },
    async logIn(host, signal) {
      const { error } = await meet(host, signal);
      if (error !== null) throw error;
    },
    async rsync(host, signal) {
      const links = createSshLinks(options);
      try {
        const ssh = await links.reach(host, signal);
        const address = host.host.includes(':') ? `[${host.host}]` : host.host;
        const seconds = `--timeout=${options.stallSeconds}`;
        const look = [
          'rsync',
          `--rsh=${rsyncShell(ssh)}`,
          '--list-only',
          '--dirs',
          seconds,
          '--',
          `${address}:/`,
        ] as const;
        const end = await runProgram([...look], { input: '', env: options.environment, signal });
        if (end.code === 0) return 'rsync';
        const failure = await explainFailure(host, null, end, options);
        if (failure instanceof TransferFailure && failure.remedy === 'no-rsync') return 'sftp';
        throw failure;
      } finally {
        await links.close();
      }
    },
  };
}
