import type { FileLocation, RemoteHost } from '../domain/ports/dos-client.ts';
import type { TransferUpdate } from '../domain/ports/transfer.ts';
import { remedyOf } from './failure.ts';
import { fetchLocal } from './fetch-local.ts';
import { fetchRemote, sizeOf } from './fetch-remote.ts';
import { fetchSftp } from './fetch-sftp.ts';
import { createProgressMeter, type ProgressMeter } from './progress.ts';
import { remoteFile } from './remote.ts';
import type { RemoteOptions } from './remote-options.ts';
import { createSftpLinks } from './sftp-links.ts';
import { createSshLinks } from './ssh-links.ts';
import type { Staging } from './staging.ts';
import type { Expected } from './verify.ts';

export interface BringRequest {
  source: FileLocation;
  staging: Staging;
  /** Environment by which the programs of this transfer are known. */
  mark: Record<string, string>;
  signal: AbortSignal;
  onProgress: ((update: TransferUpdate) => void) | undefined;
}

/** What has been brought into staging. */
export interface Brought extends Expected {
  bytes: number;
  /** True where a part from an earlier attempt was gone on with. */
  resumed: boolean;
}

/** The ways to a file, chosen by its place and by what its host can do. */
export interface Bringer {
  bring(request: BringRequest): Promise<Brought>;
  /** Ends the connections. */
  close(): Promise<void>;
}

export function createBringer(options: RemoteOptions): Bringer {
  const ssh = createSshLinks(options);
  const sftp = createSftpLinks(options);
  /** Accounts that were found to have neither a shell nor rsync. */
  const withoutRsync = new Set<string>();

  async function fromHere(request: BringRequest, total: Total): Promise<Expected> {
    const { source, staging, signal } = request;
    const bytes = await fetchLocal(source.path, staging, signal, total.meter);
    return { bytes: source.bytes ?? bytes, sha256: source.sha256 };
  }

  async function byRsync(host: RemoteHost, request: BringRequest, total: Total): Promise<Expected> {
    const { source, staging, mark, signal } = request;
    const remote = remoteFile(host, source.path, ssh, options);
    const bytes = source.bytes ?? (await remote.size(signal));
    total.bytes = bytes;
    return fetchRemote(remote, { bytes, sha256: source.sha256 }, staging, mark, signal, total.meter);
  }

  async function bySftp(host: RemoteHost, request: BringRequest, total: Total): Promise<Expected> {
    const { source, staging, signal } = request;
    const onTotal = (bytes: number): void => {
      total.bytes = bytes;
    };
    const asked = { host, path: source.path, staging, onTotal, signal, meter: total.meter };
    const bytes = await fetchSftp(asked, sftp, options);
    return { bytes: source.bytes ?? bytes, sha256: source.sha256 };
  }

  async function fromHost(host: RemoteHost, request: BringRequest, total: Total): Promise<Expected> {
    const key = JSON.stringify(host);
    if (withoutRsync.has(key)) return bySftp(host, request, total);
    try {
      return await byRsync(host, request, total);
    } catch (error) {
      if (remedyOf(error) !== 'no-rsync') throw error;
      // Where SFTP does no better, what rsync said is the plainer word: it may be the link that is lost.
      const brought = await bySftp(host, request, total).catch((other: unknown) => {
        request.signal.throwIfAborted();
        throw remedyOf(other) === 'file' ? other : error;
      });
      withoutRsync.add(key);
      return brought;
    }
  }

  return {
    async bring(request) {
      const { source, staging } = request;
      const total = new Total(source.bytes, request.onProgress);
      const resumed = (await sizeOf(staging.file)) > 0;
      const expected =
        source.host === null ? await fromHere(request, total) : await fromHost(source.host, request, total);
      const bytes = expected.bytes ?? (await sizeOf(staging.file));
      total.bytes = bytes;
      total.meter.finish(bytes);
      return { bytes, sha256: expected.sha256, resumed: resumed && source.host !== null };
    },
    async close() {
      sftp.close();
      await ssh.close();
    },
  };
}

/** How much there is in all, as soon as that is known, for those who report how much of it has come. */
class Total {
  bytes: number | null;
  readonly meter: ProgressMeter;
  constructor(bytes: number | null, onProgress: BringRequest['onProgress']) {
    this.bytes = bytes;
    this.meter = createProgressMeter(() => this.bytes, onProgress);
  }
}
