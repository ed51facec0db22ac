import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expid8 } from '#shared/domain/exposure.ts';
import type { DosExposure } from '../../domain/ports/dos-client.ts';
import { type Catalogue, type ExposureFolder } from './catalogue.ts';
import { isSettled, lookAtRawFile, type Patience, type RawFileLook } from './look.ts';
import { metadataOf } from './metadata.ts';

/** Longest pause between two looks at an exposure that is not complete, ms. */
const LONGEST_PAUSE = 60_000;

/** A complete exposure (or a damaged one that will not change any more). */
export interface SettledExposure {
  readonly exposure: DosExposure;
  readonly folder: string;
  readonly rawFile: string;
  readonly ccdConfiguration: string | null;
}

/** `arriving`: its files are on their way · `empty`: there is no raw file and none is likely to come soon. */
export type Completeness = SettledExposure | 'arriving' | 'empty';

/** A folder without raw file is taken for one that is being filled this long after its last change, ms. */
const FILLING = 60_000;

/** An exposure's folder whose raw file is absent, incomplete, or has not been looked at. */
interface PendingExposure {
  firstSeen: number;
  nextLook: number;
  size: number;
  /** When the file was first seen with this size. */
  stableSince: number;
  look: RawFileLook | null;
  answer: 'arriving' | 'empty';
}

/** The exposures below a folder, each looked into until it is complete, then remembered. */
export class Exposures {
  private readonly catalogue: Catalogue;
  private readonly patience: Patience;
  private readonly settled = new Map<string, SettledExposure>();
  private readonly pending = new Map<string, PendingExposure>();
  private seen: readonly ExposureFolder[] = [];

  constructor(catalogue: Catalogue, patience: Patience) {
    this.catalogue = catalogue;
    this.patience = patience;
  }

  /** Names of all exposures, ascending; those that have vanished are forgotten. */
  async names(): Promise<readonly ExposureFolder[]> {
    const folders = await this.catalogue.refresh();
    if (folders === this.seen) return folders;
    this.seen = folders;
    const present = new Set(folders.map(({ path }) => path));
    for (const path of this.settled.keys()) if (!present.has(path)) this.settled.delete(path);
    for (const path of this.pending.keys()) if (!present.has(path)) this.pending.delete(path);
    return folders;
  }

  /** The exposure if it is complete. Looks at most as often as makes sense. */
  async complete(folder: ExposureFolder): Promise<Completeness> {
    const known = this.settled.get(folder.path);
    if (known) return known;
    const now = Date.now();
    const pending = this.pending.get(folder.path) ?? newlySeen(now);
    this.pending.set(folder.path, pending);
    if (now < pending.nextLook) return pending.answer;
    const found = await this.look(folder, pending, now);
    if (typeof found === 'string') {
      pending.answer = found;
      pending.nextLook = now + Math.min(LONGEST_PAUSE, (now - pending.firstSeen) / 10);
    } else {
      this.pending.delete(folder.path);
      this.settled.set(folder.path, found);
    }
    return found;
  }

  private async look(folder: ExposureFolder, pending: PendingExposure, now: number): Promise<Completeness> {
    const file = await findRawFile(folder);
    if (!file) return (await changedWithin(folder.path, now, FILLING)) ? 'arriving' : 'empty';
    if (file.size !== pending.size) {
      pending.size = file.size;
      pending.stableSince = now;
      pending.look = null;
    }
    pending.look ??= await lookAtRawFile(file.path);
    // A file that was there before this client knows by its time stamp how long it has been the same.
    const stableFor = now - Math.min(pending.stableSince, file.changed);
    if (!isSettled(pending.look, stableFor, this.patience)) return 'arriving';
    const { header, expected, ccdConfiguration } = pending.look;
    const metadata = metadataOf(header, folder.expid, folder.night);
    return {
      exposure: { ...metadata, camerasExpected: [...expected] },
      folder: folder.path,
      rawFile: file.path,
      ccdConfiguration,
    };
  }
}

function newlySeen(now: number): PendingExposure {
  return { firstSeen: now, nextLook: now, size: -1, stableSince: now, look: null, answer: 'arriving' };
}

async function changedWithin(path: string, now: number, span: number): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && now - info.mtimeMs < span;
}

async function findRawFile(folder: ExposureFolder): Promise<{ path: string; size: number; changed: number } | null> {
  for (const ending of ['.fits.fz', '.fits']) {
    const path = join(folder.path, `desi-${expid8(folder.expid)}${ending}`);
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile()) return { path, size: info.size, changed: info.mtimeMs };
  }
  return null;
}
