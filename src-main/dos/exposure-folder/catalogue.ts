import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** An exposure's folder: `NIGHT/EXPID8`. */
export interface ExposureFolder {
  readonly expid: number;
  readonly night: string;
  readonly path: string;
}

const EIGHT_DIGITS = /^\d{8}$/;
/** A folder changed this recently is read again, since its time stamp may not tell two changes apart. ms */
const RECENT = 10_000;

/** Names of all exposures below a raw folder, brought up to date cheaply: only nights that have changed are read again. */
export class Catalogue {
  private readonly directory: string;
  private readonly absentIsEmpty: boolean;
  private readonly nights = new Map<string, { changed: number; folders: ExposureFolder[] }>();

  /** @param absentIsEmpty a folder that is not there (yet) holds no exposures and is no error */
  constructor(directory: string, absentIsEmpty: boolean) {
    this.directory = directory;
    this.absentIsEmpty = absentIsEmpty;
  }

  /** All exposures in ascending order of EXPID. @throws the file system's error when the folder cannot be read */
  async refresh(): Promise<ExposureFolder[]> {
    const names = (await this.list(this.directory, this.absentIsEmpty))
      .filter((name) => EIGHT_DIGITS.test(name))
      .sort();
    for (const night of this.nights.keys()) if (!names.includes(night)) this.nights.delete(night);
    const newest = names.at(-1);
    for (const night of names) await this.refreshNight(night, night === newest);
    return [...this.nights.values()].flatMap(({ folders }) => folders).sort((a, b) => a.expid - b.expid);
  }

  /** The newest night's folder, where the next exposure is likely to come. */
  newestNight(): string | undefined {
    const newest = [...this.nights.keys()].sort().at(-1);
    return newest === undefined ? undefined : join(this.directory, newest);
  }

  private async refreshNight(night: string, always: boolean): Promise<void> {
    const path = join(this.directory, night);
    const info = await stat(path).catch(() => undefined);
    if (!info?.isDirectory()) {
      this.nights.delete(night);
      return;
    }
    const known = this.nights.get(night);
    const quiet = Date.now() - info.mtimeMs > RECENT;
    if (known?.changed === info.mtimeMs && quiet && !always) return;
    const names = (await this.list(path, true)).filter((name) => EIGHT_DIGITS.test(name));
    const folders = names.map((name) => ({ expid: Number(name), night, path: join(path, name) }));
    this.nights.set(night, { changed: info.mtimeMs, folders });
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
