import { statfs } from 'node:fs/promises';
import { Value } from 'typebox/value';
import type { Json } from '#shared/domain/measurement.ts';
import {
  DEFAULT_STORAGE_SETTINGS,
  StorageSettingsSchema,
  type CleaningPlan,
  type StorageSettings,
} from '#shared/domain/storage.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { Store } from '../domain/ports/store.ts';
import { backupFolderOf, keepBackups, listBackups } from './backups.ts';
import type { Cleaner } from './cleaner.ts';
import { WorkDesk, type Progress } from './work.ts';
import { diskSpace } from '../domain/disk-space.ts';

const SETTINGS = 'storage';
const LAST = 'storage-last';
const DAY_MS = 24 * 3_600_000;

/** Stored settings over the defaults; a stored value that no longer fits the schema gives way to them. */
export function storageSettingsFrom(stored: Json | undefined): StorageSettings {
  const merged =
    typeof stored === 'object' && stored !== null && !Array.isArray(stored)
      ? { ...DEFAULT_STORAGE_SETTINGS, ...stored }
      : DEFAULT_STORAGE_SETTINGS;
  return Value.Check(StorageSettingsSchema, merged) ? merged : DEFAULT_STORAGE_SETTINGS;
}

/** When something was last done by day, ms since the epoch. */
interface Last {
  cleaned: number;
  copied: number;
}

export interface ServiceParts {
  root: string;
  store: Pick<Store, 'setting' | 'saveSetting' | 'addJournal'>;
  events: Pick<EventSink, 'log'>;
  cleaner: Cleaner;
  /** Copies the database; complete and proven when it resolves, gone where it was cancelled. */
  backup: (file: string, signal: AbortSignal, onProgress: Progress) => Promise<void>;
  /** Proves a copy and lays it beside the database, to take its place. @returns where it lies */
  prepareExchange: (copy: string, signal: AbortSignal, onProgress: Progress) => Promise<string>;
  /** Used share of the disk from which it is too full. */
  fullAt: () => number;
  /** Used share of the disk now; that of the data folder's where absent. */
  used?: () => Promise<number>;
  now: () => number;
}

/** What a cleaning did, in words. */
export function wordsOf({ bytes, files, exposures, kept }: CleaningPlan): string {
  const stay = kept.reduce((sum, reason) => sum + reason.exposures, 0);
  const freed = `${(bytes / 1e9).toFixed(2)} GB freed: ${String(files)} files of ${String(exposures)} exposures`;
  return stay === 0 ? freed : `${freed}; files of ${String(stay)} exposures stay`;
}

/** Cleans and copies by hand, by day, and when the disk is full. */
export class StorageService {
  readonly desk: WorkDesk;
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.desk = new WorkDesk(parts.now);
  }

  get settings(): StorageSettings {
    return storageSettingsFrom(this.#parts.store.setting(SETTINGS));
  }

  saveSettings(settings: StorageSettings): void {
    this.#parts.store.saveSetting(SETTINGS, settings);
  }

  /** Where the daily copies lie. */
  get backupFolder(): string {
    return backupFolderOf(this.settings, this.#parts.root);
  }

  backups(): ReturnType<typeof listBackups> {
    return listBackups(this.backupFolder);
  }

  /** Null where it was cancelled. @throws QlfError `conflict` while other work is under way */
  preview(): Promise<CleaningPlan | null> {
    const { cleaner } = this.#parts;
    return this.desk.through(
      'preview',
      (signal) => cleaner.preview(signal),
      ({ files }) => `${String(files)} files`,
    );
  }

  /** @throws QlfError `conflict` while other work is under way */
  clean(why: 'by hand' | 'daily' | 'disk full', by: string): Promise<void> {
    const { cleaner, store, events, now } = this.#parts;
    const full = why === 'disk full' ? { stillFull: () => this.#isFull() } : {};
    return this.desk.begin('cleaning', async (signal, onProgress) => {
      const done = await cleaner.clean({ why, by, signal, onProgress, ...full });
      const text = wordsOf(done);
      if (done.files > 0 || why === 'by hand') {
        events.log('engine', 'info', `cleaning (${why}): ${text}`);
        store.addJournal({ at: now(), kind: 'cleaning', expid: null, camera: null, text: `${why} ${by}: ${text}` });
      }
      if (why === 'disk full' && !signal.aborted && (await this.#isFull()))
        events.log('engine', 'warning', 'the disk is still too full: what is left may not be deleted by the settings');
      return text;
    });
  }

  /** Copies the database into a file. @throws QlfError `conflict` while other work is under way */
  copyTo(file: string): Promise<void> {
    const { backup, events } = this.#parts;
    return this.desk.begin('backup', async (signal, onProgress) => {
      await backup(file, signal, onProgress);
      events.log('engine', 'info', `the database was copied to ${file}`);
      return file;
    });
  }

  /** Lays a copy beside the database. @returns where; null: cancelled. @throws QlfError where it is no copy to be used */
  prepareExchange(copy: string): Promise<string | null> {
    const { prepareExchange } = this.#parts;
    return this.desk.through(
      'restore',
      (signal, onProgress) => prepareExchange(copy, signal, onProgress),
      () => copy,
    );
  }

  /** What is due by now. */
  async tick(): Promise<void> {
    if (this.desk.isBusy) return;
    const { now, events, backup } = this.#parts;
    const { daily, whenFull, backupDaily, backupKeep } = this.settings;
    const last = this.#last();
    if (backupDaily && now() - last.copied >= DAY_MS) {
      this.#remember({ copied: now() });
      const folder = this.backupFolder;
      await this.desk.begin('backup', async (signal, onProgress) => {
        const copy = (file: string): Promise<void> => backup(file, signal, onProgress);
        const file = await keepBackups(folder, backupKeep, now(), copy);
        events.log('engine', 'info', `the database was copied to ${file}`);
        return file;
      });
      const { shown } = this.desk;
      if (shown?.state === 'failed')
        events.log('engine', 'error', `the daily copy of the database failed: ${shown.text}`);
      if (shown?.state === 'cancelled')
        events.log('engine', 'warning', 'the daily copy of the database was cancelled; the next is due tomorrow');
    }
    if (daily && now() - last.cleaned >= DAY_MS) {
      this.#remember({ cleaned: now() });
      await this.clean('daily', '');
    } else if (whenFull && (await this.#isFull())) await this.clean('disk full', '');
  }

  close(): Promise<void> {
    return this.desk.close();
  }

  async #isFull(): Promise<boolean> {
    const { used, fullAt, root } = this.#parts;
    if (used) return (await used()) >= fullAt();
    return diskSpace(await statfs(root)).used >= fullAt();
  }

  #last(): Last {
    const stored = this.#parts.store.setting(LAST);
    const known = typeof stored === 'object' && stored !== null ? (stored as Partial<Last>) : {};
    return { cleaned: known.cleaned ?? 0, copied: known.copied ?? 0 };
  }

  #remember(change: Partial<Last>): void {
    this.#parts.store.saveSetting(LAST, { ...this.#last(), ...change });
  }
}
