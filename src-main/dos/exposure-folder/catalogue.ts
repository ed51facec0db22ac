import type { FolderAccess, FolderEntry } from './folder-access.ts';

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
/** Nights that are read at once. */
const AT_ONCE = 8;
/** A folder below that must not be read, or has gone, is nobody's misfortune but its own. */
const UNREADABLE = ['ENOENT', 'EACCES', 'ENOTDIR'];

/** Names of all exposures below a raw folder, brought up to date cheaply even where there are thousands of nights. */
export class Catalogue {
  private readonly access: FolderAccess;
  private readonly directory: string;
  private readonly absentIsEmpty: boolean;
  private readonly newest: number;
  private readonly nights = new Map<string, { changed: number; folders: ExposureFolder[] }>();
  private readonly onProblem: (text: string) => void;
  /** Folders whose exposure is another one's, which were told about. */
  private readonly doubles = new Set<string>();
  private all: readonly ExposureFolder[] = [];
  private lookedAtAll = -Infinity;
  private refreshing: Promise<readonly ExposureFolder[]> | null = null;

  /**
   * @param absentIsEmpty a folder that is not there (yet) holds no exposures and is no error
   * @param newest so many of the newest nights are looked at, and no others
   * @param onProblem hears of exposures that are there twice
   */
  constructor(
    access: FolderAccess,
    directory: string,
    absentIsEmpty: boolean,
    newest = Infinity,
    onProblem: (text: string) => void = () => undefined,
  ) {
    this.onProblem = onProblem;
    this.access = access;
    this.directory = directory;
    this.absentIsEmpty = absentIsEmpty;
    this.newest = newest;
  }

  /**
   * All exposures in ascending order of EXPID; the same array as long as nothing changes.
   * @throws the file system's error when the folder cannot be read
   */
  refresh(): Promise<readonly ExposureFolder[]> {
    // Who asks while it is being read gets the same answer.
    this.refreshing ??= this.readAll().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async readAll(): Promise<readonly ExposureFolder[]> {
    const entries = (await this.list(this.directory, this.absentIsEmpty ? ['ENOENT'] : []))
      .filter(({ name }) => EIGHT_DIGITS.test(name))
      .sort(byName)
      .slice(-this.newest);
    const present = new Set(entries.map(({ name }) => name));
    let changed = false;
    for (const night of this.nights.keys()) {
      if (!present.has(night)) changed = this.nights.delete(night) || changed;
    }
    const lookAtAll = performance.now() - this.lookedAtAll > LOOK_AT_ALL;
    if (lookAtAll) this.lookedAtAll = performance.now();
    const watched = new Set(entries.slice(-WATCHED_NIGHTS));
    const due = entries.filter((entry) => lookAtAll || watched.has(entry) || !this.nights.has(entry.name));
    for (let i = 0; i < due.length; i += AT_ONCE) {
      const looks = due.slice(i, i + AT_ONCE).map((entry) => this.refreshNight(entry, watched.has(entry)));
      changed = (await Promise.all(looks)).includes(true) || changed;
    }
    if (changed) {
      const folders = [...this.nights.values()].flatMap((night) => night.folders);
      this.all = this.single(folders.sort((a, b) => a.expid - b.expid || (a.night < b.night ? -1 : 1)));
    }
    return this.all;
  }

  /** One folder a number: the one that was there first, else that of the earlier night. */
  private single(folders: readonly ExposureFolder[]): ExposureFolder[] {
    const before = new Set(this.all.map(({ path }) => path));
    const chosen = new Map<number, ExposureFolder>();
    for (const folder of folders) {
      const other = chosen.get(folder.expid);
      if (!other || (before.has(folder.path) && !before.has(other.path))) chosen.set(folder.expid, folder);
    }
    for (const { path, expid } of folders) {
      const used = chosen.get(expid)?.path;
      if (used === undefined || used === path || this.doubles.has(path)) continue;
      this.doubles.add(path);
      this.onProblem(`exposure ${expid} is there twice: ${used} is taken, ${path} is left alone`);
    }
    return [...chosen.values()];
  }

  /** The newest night's folder, where the next exposure is likely to come. */
  newestNight(): string | undefined {
    const newest = [...this.nights.keys()].sort().at(-1);
    return newest === undefined ? undefined : this.access.join(this.directory, newest);
  }

  /** @returns whether its exposures have changed */
  private async refreshNight({ name: night, info: told }: FolderEntry, always: boolean): Promise<boolean> {
    const path = this.access.join(this.directory, night);
    const info = told ?? (await this.access.info(path));
    if (info?.kind !== 'folder') return this.nights.delete(night);
    const known = this.nights.get(night);
    const quiet = Date.now() - info.changed > RECENT;
    if (known?.changed === info.changed && quiet && !always) return false;
    const entries = (await this.list(path, UNREADABLE)).filter(({ name }) => EIGHT_DIGITS.test(name)).sort(byName);
    const paths = entries.map(({ name }) => this.access.join(path, name));
    const same = known?.folders.length === paths.length && known.folders.every(({ path: old }, i) => old === paths[i]);
    const folders = same
      ? known.folders
      : entries.map(({ name }) => ({ expid: Number(name), night, path: this.access.join(path, name) }));
    this.nights.set(night, { changed: info.changed, folders });
    return !same;
  }

  /** @param empty codes of errors that mean an empty folder */
  private async list(path: string, empty: readonly string[]): Promise<FolderEntry[]> {
    try {
      return await this.access.list(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && empty.includes(String(error.code))) return [];
      throw error;
    }
  }
}

const byName = (a: FolderEntry, b: FolderEntry): number => (a.name < b.name ? -1 : 1);
