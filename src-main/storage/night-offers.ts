import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { NIGHT_MANIFEST } from '#shared/domain/night-file.ts';
import type { NightOffer } from '#shared/domain/opened.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { readManifest } from './night-files.ts';

const MOST = 20;

export interface NightOffers {
  /**
   * Looks at an exported night that a person has opened by its manifest.
   * @throws QlfError `conflict` for what is no exported night or of a newer QLF
   */
  offer(manifest: string): Promise<NightOffer>;
  /** The folder of an offer. @throws QlfError `not-found` */
  folderOf(offer: string): string;
}

/** Nights that were opened and may be taken in; the page knows them by a word that means nothing. */
export function createNightOffers(): NightOffers {
  const folders = new Map<string, string>();
  return {
    async offer(manifest) {
      const folder = dirname(manifest);
      if (basename(manifest) !== NIGHT_MANIFEST)
        throw new QlfError('conflict', `${basename(manifest)} is no exported night: its file is ${NIGHT_MANIFEST}`);
      const { night, origin, writtenAt, files } = await readManifest(folder);
      const offer = randomUUID();
      folders.set(offer, folder);
      for (const oldest of [...folders.keys()].slice(0, Math.max(0, folders.size - MOST))) folders.delete(oldest);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      return { offer, folder, night, origin, writtenAt, files: files.length, bytes };
    },
    folderOf(offer) {
      const folder = folders.get(offer);
      if (folder === undefined) throw new QlfError('not-found', 'this night is no longer open; open it again');
      return folder;
    },
  };
}
