import type { FitsFile } from './image.ts';
import type { NightManifest } from './night-file.ts';

/** An exported night that somebody has opened: what its manifest says. It is taken in only when somebody says so. */
export interface NightOffer extends Pick<NightManifest, 'night' | 'origin' | 'writtenAt'> {
  /** What `night.import` takes; good until QLF ends or other folders are chosen. */
  offer: string;
  folder: string;
  files: number;
  bytes: number;
}

/** What came of a file that the desktop gave to QLF. */
export type Opened =
  | { kind: 'fits'; file: FitsFile }
  | { kind: 'night'; night: NightOffer }
  | { kind: 'refused'; name: string; message: string };
