import { createHash } from 'node:crypto';
import { link, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Exposure } from '#shared/domain/exposure.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { CalibrationFile, DosClient, FileLocation } from '../domain/ports/dos-client.ts';
import type { FileTransfer, TransferUpdate } from '../domain/ports/transfer.ts';
import type { Waiting } from '../domain/waiting.ts';
import { askAgain } from './ask-again.ts';
import { inside, type DataFolder } from './folders.ts';

/** Everything of an exposure that is on this machine after the transfer. Absolute paths. */
export interface LocalInputs {
  raw: string;
  fibermap: string | null;
  /** What sensors and the exposure-time calculator said, JSON. */
  telemetry: string | null;
  etc: string | null;
  /** Root of the calibration tree; null where the DOS has none. */
  calibRoot: string | null;
  /** The fiber flat of all cameras, not yet split. */
  fiberFlat: string | null;
}

/** What tells one content from another: its checksum where the DOS knows it, else where it lies and how it looks there. */
function identityOf({ host, path, bytes, sha256, modified }: FileLocation): string {
  return sha256 ?? [host?.host, host?.port, path, bytes, modified].join('\t');
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Puts a fetched file in its place in a calibration tree. A link, not a copy: trees differ in a few files, and nobody
 * writes into either.
 */
async function placeInTree(file: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await link(file, place).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** Same files, same digest: a changed calibration never hides behind the path of an older one. */
function digestOf(files: readonly CalibrationFile[]): string {
  const rows = files
    .map(({ kind, relativePath, location }) => [kind, relativePath, identityOf(location)].join('\t'))
    .sort();
  return shortDigest(rows.join('\n'));
}

export interface FetchReport {
  signal: AbortSignal;
  onProgress: (file: string, update: TransferUpdate) => void;
  /** A file has come that was not here before. */
  onArrived: () => void;
  /** What goes wrong while it is tried again, in words, with the ms until then; or what is strange about a file. */
  onTrouble: (text: string, waitMs?: number) => void;
  /** Asked whether a lost link is waited for beyond the usual time. */
  persists: () => boolean;
  /** Of a file that belongs to the exposure and cannot be had, in words; the rest is brought all the same. */
  onAbsent: (text: string) => void;
}

/**
 * Brings an exposure with its fibermap, telemetry, ETC and calibration files to QLF's data folder. Without its raw file
 * there is nothing to do; of the others one that cannot be had is told and left out: what needs it says so itself.
 */
export async function fetchInputs(
  parts: { dos: DosClient; transfer: FileTransfer; folder: DataFolder; waiting: Waiting },
  exposure: Exposure,
  { signal, onProgress, onArrived, onTrouble, onAbsent, persists }: FetchReport,
): Promise<LocalInputs> {
  const { dos, transfer, folder, waiting } = parts;
  const { expid, night } = exposure;
  const ask = <T>(question: () => Promise<T>): Promise<T> =>
    askAgain(question, { signal, waiting, onTrouble, persists });
  const fetchTo = async (location: FileLocation, destination: string): Promise<string> => {
    const done = await transfer.fetch(location, destination, {
      signal,
      onProgress: (update) => onProgress(basename(destination), update),
      onTrouble,
      persists,
    });
    if (!done.existed) onArrived();
    return done.path;
  };
  const rawFolder = folder.raw(night, expid);
  /** Null where it cannot be had. */
  const unlessAbsent = (what: string, fetching: Promise<string | null>): Promise<string | null> =>
    fetching.catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof QlfError)) throw error;
      onAbsent(`${what} cannot be had: ${error.message}`);
      return null;
    });
  const beside = async (what: string, question: () => Promise<FileLocation | null>): Promise<string | null> => {
    const toRaw = async (): Promise<string | null> => {
      const location = await ask(question);
      return location && fetchTo(location, inside(rawFolder, basename(location.path)));
    };
    return unlessAbsent(what, toRaw());
  };

  const rawLocation = await ask(() => dos.getFileLocation(expid));
  const raw = await fetchTo(rawLocation, inside(rawFolder, basename(rawLocation.path)));
  const fibermap = await beside('its fibermap', () => dos.getFibermap(expid, 0));
  const telemetry = await beside('its telemetry', () => dos.getTelemetry(expid));
  const etc = await beside('its exposure-time data', () => dos.getEtc(expid));

  const calibration = await ask(() => dos.getCalibrationFiles(expid));
  const calib = folder.calib(digestOf(calibration));
  const tree = join(calib, 'tree');
  let fiberFlat: string | null = null;
  for (const file of calibration) {
    const path = inside(file.kind === 'tree' ? tree : calib, file.relativePath);
    // Fetched once for all trees that hold it: of a changed tree only what has changed comes again.
    const content = join(folder.calib('files'), shortDigest(identityOf(file.location)));
    const fetching = fetchTo(file.location, inside(content, basename(file.relativePath)));
    const fetched = await unlessAbsent(`the calibration file ${file.relativePath}`, fetching);
    if (fetched === null) continue;
    await placeInTree(fetched, path);
    if (file.kind === 'fiberflat') fiberFlat = path;
  }
  return {
    raw,
    fibermap,
    telemetry,
    etc,
    calibRoot: calibration.some((file) => file.kind === 'tree') ? tree : null,
    fiberFlat,
  };
}
