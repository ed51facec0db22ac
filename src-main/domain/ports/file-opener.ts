import type { FitsFile } from '#shared/domain/image.ts';
import type { NightOffer } from '#shared/domain/opened.ts';

/** Takes files that a person has opened, by dropping them on the window or from the desktop; the page never names a path. */
export interface FileOpener {
  /** @throws QlfError `bad-request` when it is no file */
  openFile(path: string): Promise<FitsFile>;
  /** What an exported night is, by its manifest. @throws QlfError `conflict` for what is none */
  offerNight(manifest: string): Promise<NightOffer>;
}
