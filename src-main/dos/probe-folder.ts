import { sourceOf } from '#shared/domain/source.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { FolderProbe } from '../domain/ports/connection-probes.ts';
import type { SftpLinks } from '../domain/ports/sftp.ts';
import { createBackoff } from './backoff.ts';
import { createExposureFolderClient } from './exposure-folder/client.ts';
import { type FolderAccess, LOCAL_ACCESS } from './exposure-folder/folder-access.ts';
import { parseRemoteAddress } from './remote-folder/address.ts';
import { createRemoteAccess } from './remote-folder/remote-access.ts';

/** ms without an answer after which a data host is given up */
const STALL = 15_000;
const EIGHT_DIGITS = /^\d{8}$/;
/** What is there now is looked at as it is; nobody waits whether it still grows. */
const PROMPT = { whole: 0, short: 0, damaged: 0 };
/** So many of the newest nights are looked through for the last exposure. */
const NIGHTS = 3;

/** @param open makes the links of one look, which it ends */
export function createFolderProbe(open: () => SftpLinks): FolderProbe {
  /** Runs a look at a folder, here or there, and ends its connection. */
  async function look<T>(
    text: string,
    signal: AbortSignal,
    use: (access: FolderAccess, path: string) => Promise<T>,
  ): Promise<T> {
    const source = sourceOf(text);
    if (source.kind === 'opsdb') throw new QlfError('bad-request', 'an operations database is no folder');
    if (source.kind === 'folder') return use(LOCAL_ACCESS, source.path);
    const address = parseRemoteAddress(source.address);
    const links = open();
    const access = createRemoteAccess({ host: address.host, links, stall: STALL, backoff: createBackoff() });
    const abort = (): void => access.stop();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await use(access, address.path);
    } finally {
      signal.removeEventListener('abort', abort);
      access.stop();
      links.close();
    }
  }

  return {
    contents: (source, signal) =>
      look(source, signal, async (access, path) => {
        const entries = await access.list(path);
        const nights = entries.map(({ name }) => name).filter((name) => EIGHT_DIGITS.test(name));
        const newestNight = nights.sort().at(-1) ?? null;
        const inside = newestNight === null ? [] : await access.list(access.join(path, newestNight));
        const exposures = inside.filter(({ name }) => EIGHT_DIGITS.test(name)).length;
        return { nights: nights.length, newestNight, exposures };
      }),
    lastExposure: (source, signal) =>
      look(source, signal, (access, directory) =>
        createExposureFolderClient({ directory, access, patience: PROMPT, nights: NIGHTS }).getLastExposure(),
      ),
  };
}
