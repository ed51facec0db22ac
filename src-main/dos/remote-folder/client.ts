import type { DosClient } from '../../domain/ports/dos-client.ts';
import type { SftpLinks } from '../../domain/ports/sftp.ts';
import { type Backoff, createBackoff } from '../backoff.ts';
import { createExposureFolderClient, type ExposureFolderOptions } from '../exposure-folder/client.ts';
import type { RemoteFolderAddress } from './address.ts';
import { createRemoteAccess } from './remote-access.ts';

export interface RemoteFolderOptions extends Pick<
  ExposureFolderOptions,
  'calibration' | 'environmentCalibration' | 'patience' | 'pollInterval' | 'onProblem'
> {
  address: RemoteFolderAddress;
  links: SftpLinks;
  /** ms without an answer after which the connection is given up */
  stall?: number;
  backoff?: Backoff;
}

const POLL_INTERVAL = 2000;
const STALL = 20_000;
const PATIENCE = { whole: 2000, short: 10_000, damaged: 60_000 };

/**
 * The DOS as an exposure folder on a data host, looked at over SSH: names, sizes and headers, never whole files. It comes
 * back by itself after any loss; until then every question says what is wrong.
 */
export function createRemoteFolderClient(options: RemoteFolderOptions): DosClient {
  const { address, links, stall = STALL, backoff = createBackoff(), ...others } = options;
  const access = createRemoteAccess({ host: address.host, links, stall, backoff });
  const folder = createExposureFolderClient({
    pollInterval: POLL_INTERVAL,
    patience: PATIENCE,
    ...others,
    directory: address.path,
    access,
    adapter: `exposure folder on ${address.host.host}`,
    nights: address.nights,
    ...(address.calibration === null ? {} : { calibrationThere: address.calibration }),
  });
  return {
    ...folder,
    // The first look is not waited for: the host may be far away, or away.
    start() {
      void folder.start();
      return Promise.resolve();
    },
    async stop() {
      await folder.stop();
      access.stop();
    },
  };
}
