import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** An exposure's folder: `NIGHT/EXPID8`. */
export interface ExposureFolder {
  readonly expid: number;
  readonly night: string;
  readonly path: string;
}

const EIGHT_DIGITS = /^\d{8}$/;
/** Newest nights that are read each time: new exposures come there. */
const WATCHED_NIGHTS = 2;
/** ms between looks at the time stamps of all other nights */
const LOOK_AT_ALL = 30_000;
/** A folder changed this recently is read again, since its time stamp may not tell two changes apart. ms */
const RECENT = 10_000;

/** Names of all exposures below a raw folder, brought up to date cheaply even where there are thousands of nights. */
export class Catalogue {
  private readonly directory: string;
  private readonly absentIsEmpty: boolean;
  private readonly nights = new Map<string, { changed: number; folders: ExposureFolder[] }>();
  private all: readonly ExposureFolder[] = [];
  private lookedAtAll = -Infinity;

  /** @param absentIsEmpty a folder that is not there (yet) holds no exposures and is no error */
  constructor(directory: string, absentIsEmpty: boolean) {
    this.directory = directory;
    this.absentIsEmpty = absentIsEmpty;
  }

  /**
   * All exposures in ascending order of EXPID; the same array as long as nothing changes.
   * @throws the file system's error when the folder cannot be read
   */
  async refresh(): Promise<readonly ExposureFolder[]> {
    const names = (await this.list(this.directory, this.absentIsEmpty))
      .filter((name) => EIGHT_DIGITS.test(name))
      .sort();
    const present = new Set(names);
    let changed = false;
    for (const night of this.nights.keys()) {
      if (!present.has(night)) changed = this.nights.delete(night) || changed;
    }
    const lookAtAll = Date.now() - this.lookedAtAll > LOOK_AT_ALL;
    if (lookAtAll) this.lookedAtAll = Date.now();
    const watched = new Set(names.slice(-WATCHED_NIGHTS));
    for (const night of names) {
      if (lookAtAll || watched.has(night) || !this.nights.has(night)) {
        changed = (await this.refreshNight(night, watched.has(night))) || changed;
      }
    }
    if (changed) {
      this.all = [...this.nights.values()].flatMap(({ folders }) => folders).sort((a, b) => a.expid - b.expid);
    }
    return this.all;
  }

  /** The newest night's folder, where the next exposure is likely to come. */
  newestNight(): string | undefined {
    const newest = [...this.nights.keys()].sort().at(-1);
    return newest === undefined ? undefined : join(this.directory, newest);
  }

  /** @returns whether its exposures have changed */
  private async refreshNight(night: string, always: boolean): Promise<boolean> {
    const path = join(this.directory, night);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isDirectory()) return this.nights.delete(night);
    const known = this.nights.get(night);
    const quiet = Date.now() - info.mtimeMs > RECENT;
    if (known?.changed === info.mtimeMs && quiet && !always) return false;
    const names = (await this.list(path, true)).filter((name) => EIGHT_DIGITS.test(name)).sort();
    const same =
      known?.folders.length === names.length &&
      known.folders.every(({ path: old }, i) => old === join(path, names[i] ?? ''));
    const folders = same
      ? known.folders
      : names.map((name) => ({ expid: Number(name), night, path: join(path, name) }));
    this.nights.set(night, { changed: info.mtimeMs, folders });
    return !same;
  }

  private async list(path: string, absentIsEmpty: boolean): Promise<string[]> {
    try {
      return await readdir(path);
    } catch (error) {
      if (absentIsEmpty && error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
}
