import { type FSWatcher, watch } from 'node:fs';
import { expid8 } from '#shared/domain/exposure.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { HostKeyError } from '../../domain/host-key-error.ts';
import type { DosClient, DosExposure, FileLocation } from '../../domain/ports/dos-client.ts';
import { type CalibrationPlaces, findCalibration, listCalibration } from './calibration.ts';
import { Catalogue, type ExposureFolder } from './catalogue.ts';
import { type Completeness, Exposures, type SettledExposure } from './exposures.ts';
import { type FolderAccess, LOCAL_ACCESS } from './folder-access.ts';
import type { Patience } from './look.ts';

export interface ExposureFolderOptions extends CalibrationPlaces {
  /** The raw tree: NIGHT/EXPID8/desi-EXPID8.fits[.fz] below it. */
  directory: string;
  /** The file system that it is in; this machine's where none is given. */
  access?: FolderAccess;
  /** How it is called in messages and on the screen. */
  adapter?: string;
  /** ms between looks for new exposures */
  pollInterval?: number;
  patience?: Patience;
  /** So many of the newest nights are looked at; without it all. */
  nights?: number;
  /** True where the folder may come later: it then holds no exposures, which is no error. */
  mayBeAbsent?: boolean;
  /** Hears, once each, of what is strange and no exposure. */
  onProblem?: (text: string) => void;
}

const POLL_INTERVAL = 1000;
const LOOKS_AT_ONCE = 8;
/** Newest nights in which exposures may still come late. */
const LATE_NIGHTS = 3;
/** Late exposures that one question looks at, at most; the next one goes on. */
const LATE_AT_ONCE = 100;
const DEFAULT_PATIENCE: Patience = { whole: 900, short: 5000, damaged: 30_000 };

/** The DOS as a folder in the archive's layout. */
export function createExposureFolderClient(options: ExposureFolderOptions): DosClient {
  const { directory, adapter = 'exposure folder', access = LOCAL_ACCESS } = options;
  const catalogue = new Catalogue(access, directory, options.mayBeAbsent ?? false, options.nights, options.onProblem);
  const exposures = new Exposures(access, catalogue, options.patience ?? DEFAULT_PATIENCE, options.onProblem);
  const listeners = new Set<() => void>();
  const watcher = createWatcher(() => void poll());
  let timer: NodeJS.Timeout | undefined;
  let polling = false;
  let newest = -1;

  /** Hints when the newest complete exposure has changed. What goes wrong here, the next question will say. */
  async function poll(): Promise<void> {
    if (polling) return;
    polling = true;
    try {
      const last = await findLast(() => true);
      const night = catalogue.newestNight();
      if (access.host === null) watcher.follow(night === undefined ? [directory] : [directory, night]);
      if (last && last.exposure.expid !== newest) {
        newest = last.exposure.expid;
        for (const listener of listeners) listener();
      }
    } catch {
      watcher.follow([]);
    } finally {
      polling = false;
    }
  }

  async function names(asked: string): Promise<readonly ExposureFolder[]> {
    try {
      return await exposures.names();
    } catch (error) {
      if (access.host !== null) throw fromElsewhere(asked, error);
      throw unavailable(
        asked,
        `the folder ${directory} cannot be read (${messageOf(error)})`,
        'Check that it is mounted.',
      );
    }
  }

  /** What stopped a look; what another machine says has its own words. */
  async function lookAt(folder: ExposureFolder, asked: string): Promise<Completeness> {
    try {
      return await exposures.complete(folder);
    } catch (error) {
      throw fromElsewhere(asked, error);
    }
  }

  async function findLast(
    accept: (found: SettledExposure) => boolean,
    night?: string,
  ): Promise<SettledExposure | null> {
    const folders = await names('the last exposure');
    for (let i = folders.length - 1; i >= 0; i--) {
      const folder = folders[i];
      if (!folder || (night !== undefined && folder.night !== night)) continue;
      const found = await lookAt(folder, 'the last exposure');
      if (typeof found !== 'string' && accept(found)) return found;
    }
    return null;
  }

  async function find(expid: number, asked: string): Promise<SettledExposure> {
    const folder = (await names(asked)).find((candidate) => candidate.expid === expid);
    if (!folder)
      throw new QlfError('not-found', `${adapter}: ${asked} of exposure ${expid}: no such exposure in ${directory}.`);
    const found = await lookAt(folder, `${asked} of exposure ${expid}`);
    if (typeof found !== 'string') return found;
    throw unavailable(`${asked} of exposure ${expid}`, `${folder.path} is not complete yet`, 'Try again in a moment.');
  }

  /** A file of an exposure, null when there is none of that name. */
  async function beside(expid: number, asked: string, name: (id: string) => string): Promise<FileLocation | null> {
    const { folder, checksums } = await find(expid, asked);
    return locate(folder, name(expid8(expid)), checksums, `${asked} of exposure ${expid}`);
  }

  async function locate(
    folder: string,
    name: string,
    checksums: ReadonlyMap<string, string>,
    asked: string,
  ): Promise<FileLocation | null> {
    const path = access.join(folder, name);
    const info = await access.info(path).catch((error: unknown) => {
      throw fromElsewhere(asked, error);
    });
    if (info?.kind !== 'file') return null;
    return { host: access.host, path, bytes: info.size, sha256: checksums.get(name) ?? null };
  }

  /** An error of the way to another machine, which says itself what to do, under this adapter's name. */
  function fromElsewhere(asked: string, error: unknown): Error {
    if (error instanceof HostKeyError) return error;
    const code = error instanceof QlfError ? error.code : 'unavailable';
    return new QlfError(code, `${adapter}: ${asked}: ${messageOf(error)}`, { cause: error });
  }

  function unavailable(asked: string, what: string, todo: string): QlfError {
    return new QlfError('unavailable', `${adapter}: ${asked}: ${what}. ${todo}`);
  }

  return {
    adapter,
    async start() {
      timer ??= setInterval(() => void poll(), options.pollInterval ?? POLL_INTERVAL);
      await poll();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      watcher.follow([]);
    },
    async getLastExposure(params = {}) {
      const { night, flavors } = params;
      const found = await findLast(({ exposure }) => flavors?.includes(exposure.flavor) ?? true, night);
      return found?.exposure ?? null;
    },
    async getExposuresSince(expid) {
      const folders = await names('new exposures');
      const news = folders.filter((folder) => expid === null || folder.expid > expid);
      const found: DosExposure[] = [];
      for (let i = 0; i < news.length; i += LOOKS_AT_ONCE) {
        const looks = await Promise.all(
          news.slice(i, i + LOOKS_AT_ONCE).map((folder) => lookAt(folder, 'new exposures')),
        );
        for (const look of looks) {
          // Those after it wait for one that is on its way: who asks for what is newer would never hear of it.
          if (look === 'arriving') return found;
          if (look !== 'empty') found.push(look.exposure);
        }
      }
      return found;
    },
    async getLateExposures(below, isKnown) {
      const folders = await names('late exposures');
      const newest = [...new Set(folders.map(({ night }) => night))].sort().slice(-LATE_NIGHTS);
      const late = folders.filter(({ night, expid }) => expid < below && newest.includes(night) && !isKnown(expid));
      const looks: Completeness[] = [];
      for (const folder of late.slice(-LATE_AT_ONCE)) looks.push(await lookAt(folder, 'late exposures'));
      return looks.flatMap((look) => (typeof look === 'string' ? [] : look.exposure));
    },
    async getFileLocation(expid) {
      const { folder, rawName, checksums } = await find(expid, 'the raw file');
      const asked = `the raw file of exposure ${expid}`;
      const location = await locate(folder, rawName, checksums, asked);
      if (location) return location;
      throw unavailable(asked, `${access.join(folder, rawName)} is gone`, 'Check the folder.');
    },
    getFibermap: (expid) => beside(expid, 'the fibermap', (id) => `fibermap-${id}.fits`),
    getTelemetry: (expid) => beside(expid, 'the telemetry', (id) => `telemetry-${id}.json`),
    getEtc: (expid) => beside(expid, 'the exposure-time data', (id) => `etc-${id}.json`),
    async getCalibrationFiles(expid) {
      const asked = 'the calibration files';
      const { ccdConfiguration } = await find(expid, asked);
      try {
        const root = await findCalibration(access, directory, options);
        return root === null ? [] : await listCalibration(root, ccdConfiguration);
      } catch (error) {
        if (error instanceof QlfError) throw fromElsewhere(`${asked} of exposure ${expid}`, error);
        throw unavailable(`${asked} of exposure ${expid}`, messageOf(error), 'Check the calibration folder.');
      }
    },
    onHint(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Watches some folders where the file system can; polling finds what it misses. */
function createWatcher(changed: () => void): { follow: (folders: readonly string[]) => void } {
  const watchers = new Map<string, FSWatcher>();
  return {
    follow(folders) {
      for (const [folder, watcher] of watchers) {
        if (folders.includes(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders) {
        if (watchers.has(folder)) continue;
        try {
          const watcher = watch(folder, { persistent: false }, changed);
          watcher.on('error', () => {
            watcher.close();
            watchers.delete(folder);
          });
          watchers.set(folder, watcher);
        } catch {
          // No watching here: the poll alone will do.
        }
      }
    },
  };
}
