import { expid8 } from '#shared/domain/exposure.ts';
import type { DosExposure } from '../../domain/ports/dos-client.ts';
import { type Catalogue, type ExposureFolder } from './catalogue.ts';
import type { FileInfo, FolderAccess } from './folder-access.ts';
import { isSettled, lookAtRawFile, type Patience, type RawFileLook } from './look.ts';
import { metadataOf } from './metadata.ts';

/** Longest pause between two looks at an exposure that is not complete, ms. */
const LONGEST_PAUSE = 60_000;

/** A complete exposure (or a damaged one that will not change any more). */
export interface SettledExposure {
  readonly exposure: DosExposure;
  readonly folder: string;
  /** Of the raw file in that folder. */
  readonly rawName: string;
  readonly ccdConfiguration: string | null;
  /** SHA-256 of files of its folder by their names, as far as the folder says them. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** `arriving`: its files are on their way · `empty`: there is no raw file and none is likely to come soon. */
export type Completeness = SettledExposure | 'arriving' | 'empty';

/** A folder without raw file is taken for one that is being filled this long after its last change, ms. */
const FILLING = 60_000;

/** By so much another machine's clock may be wrong, ms: younger time stamps of it prove nothing. */
const CLOCK_ERROR = 3_600_000;

/** An exposure's folder whose raw file is absent, incomplete, or has not been looked at. */
interface PendingExposure {
  firstSeen: number;
  nextLook: number;
  size: number;
  /** Its time stamp. */
  changed: number;
  /** When the file was first seen with this size and time stamp. */
  stableSince: number;
  look: RawFileLook | null;
  answer: 'arriving' | 'empty';
  /** The look that is under way. */
  looking: Promise<Completeness> | null;
}

/** The exposures below a folder, each looked into until it is complete, then remembered. */
export class Exposures {
  private readonly access: FolderAccess;
  private readonly catalogue: Catalogue;
  private readonly patience: Patience;
  private readonly settled = new Map<string, SettledExposure>();
  private readonly pending = new Map<string, PendingExposure>();
  private seen: readonly ExposureFolder[] = [];
  /** Folders without raw file that were told about. */
  private readonly named = new Set<string>();
  private readonly onProblem: (text: string) => void;

  /** @param onProblem hears of what is no exposure though it lies where one should */
  constructor(
    access: FolderAccess,
    catalogue: Catalogue,
    patience: Patience,
    onProblem: (text: string) => void = () => undefined,
  ) {
    this.onProblem = onProblem;
    this.access = access;
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
    // Pauses are measured on a clock that never jumps; the machine's own is for comparing with time stamps alone.
    const now = performance.now();
    const pending = this.pending.get(folder.path) ?? newlySeen(now);
    this.pending.set(folder.path, pending);
    if (pending.looking) return pending.looking;
    if (now < pending.nextLook) return pending.answer;
    pending.looking = this.look(folder, pending, now);
    try {
      const found = await pending.looking;
      if (typeof found === 'string') {
        pending.answer = found;
        pending.nextLook = now + Math.min(LONGEST_PAUSE, (now - pending.firstSeen) / 10);
      } else {
        this.pending.delete(folder.path);
        this.settled.set(folder.path, found);
      }
      return found;
    } finally {
      pending.looking = null;
    }
  }

  private async look(folder: ExposureFolder, pending: PendingExposure, now: number): Promise<Completeness> {
    const file = await this.findFiles(folder);
    if (!file) {
      if (await this.isFilling(folder, pending, now)) return 'arriving';
      await this.nameForeign(folder);
      return 'empty';
    }
    if (file.size !== pending.size || file.changed !== pending.changed) {
      pending.size = file.size;
      pending.changed = file.changed;
      pending.stableSince = now;
      pending.look = null;
    }
    const { host } = this.access;
    // A file that was there before this client knows by its time stamp how long it has been the same.
    const byStamp = Date.now() - file.changed - (host === null ? 0 : CLOCK_ERROR);
    const stableFor = Math.max(now - pending.stableSince, byStamp);
    const final = file.checksums.has(file.name);
    // Over a network the headers of a file that still grows are not worth their way.
    if (host !== null && !final && stableFor < this.patience.whole) return 'arriving';
    pending.look ??= await lookAtRawFile(this.access, file.path);
    if (!final && !isSettled(pending.look, stableFor, this.patience)) return 'arriving';
    const { header, expected, ccdConfiguration } = pending.look;
    const metadata = metadataOf(header, folder.expid, folder.night);
    const remarks = remarksOn(pending.look, folder, file);
    return {
      exposure: { ...metadata, camerasExpected: [...expected], ...(remarks.length > 0 ? { remarks } : {}) },
      folder: folder.path,
      rawName: file.name,
      ccdConfiguration,
      checksums: file.checksums,
    };
  }

  /** Says once what lies in the place of a raw file. */
  private async nameForeign({ path, expid }: ExposureFolder): Promise<void> {
    if (this.named.has(path)) return;
    const names = (await this.list(path)).map(({ name }) => name).sort();
    if (names.length === 0) return;
    this.named.add(path);
    const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    this.onProblem(`${path} holds no desi-${expid8(expid)}.fits.fz but ${shown}: no exposure, left alone`);
  }

  /** Whether a folder without raw file is likely to get one. */
  private async isFilling({ path }: ExposureFolder, pending: PendingExposure, now: number): Promise<boolean> {
    const info = await this.access.info(path);
    if (!info) return false;
    const age = Date.now() - info.changed;
    if (this.access.host === null) return age < FILLING;
    return age < FILLING + CLOCK_ERROR && now - pending.firstSeen < FILLING;
  }

  /** The raw file, and the checksums that are written when the folder is whole (its marker). */
  private async findFiles({ path, expid }: ExposureFolder): Promise<RawFile | null> {
    const entries = new Map((await this.list(path)).map((entry) => [entry.name, entry]));
    const id = expid8(expid);
    for (const name of [`desi-${id}.fits.fz`, `desi-${id}.fits`]) {
      const entry = entries.get(name);
      const file = this.access.join(path, name);
      const info = entry && (entry.info ?? (await this.access.info(file)));
      if (info?.kind !== 'file') continue;
      const list = `checksum-${id}.sha256sum`;
      const text = entries.has(list) ? await this.access.text(this.access.join(path, list)) : undefined;
      return { ...info, name, path: file, checksums: checksumsOf(text ?? '') };
    }
    return null;
  }

  /** A folder that has just gone, or that must not be read yet, has no files. */
  private async list(path: string): ReturnType<FolderAccess['list']> {
    return this.access.list(path).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (this.access.host === null || code === 'ENOENT' || code === 'EACCES') return [];
      throw error;
    });
  }
}

/** What an observer should know of a raw file before it is processed. */
function remarksOn({ damage, header }: RawFileLook, { expid }: ExposureFolder, { name, size }: RawFile): string[] {
  const said = header.number('EXPID');
  return [
    ...(size === 0 ? [`${name} is empty`] : damage === null ? [] : [`${name} is damaged: ${damage}`]),
    ...(said === undefined || said === expid
      ? []
      : [`${name} says EXPID ${said} in its header: it was renamed, or numbered anew; compare with the observing log`]),
  ];
}

interface RawFile extends FileInfo {
  name: string;
  path: string;
  checksums: ReadonlyMap<string, string>;
}

/** Lines as sha256sum writes them: `HEX  NAME`. */
function checksumsOf(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?([^/\r\n]+)$/gm);
  return new Map(Array.from(lines, ([, sum = '', name = '']) => [name, sum]));
}

function newlySeen(now: number): PendingExposure {
  return {
    ...{ firstSeen: now, nextLook: now, size: -1, changed: 0, stableSince: now },
    ...{ look: null, answer: 'arriving', looking: null },
  };
}
