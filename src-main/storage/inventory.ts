import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { StorageKind } from '#shared/domain/storage.ts';

/** Files of one kind in one folder, of one exposure where they belong to any. */
export interface Stored {
  kind: StorageKind;
  expid: number | null;
  runId: number | null;
  folder: string;
  names: string[];
  bytes: number;
  /** The newest of their times of change, ms since the epoch. */
  modifiedAt: number;
}

const NIGHT = /^\d{8}$/;
const EXPID = /^\d{8}$/;
const RUN = /^run-(\d{1,15})$/;
const RAW = /^desi-\d{8}\.fits(\.fz|\.gz)?$/;
const ENGINE_LOG = /^engine-.*\.log(\..*)?$/;
const TRUTH = 'truth.json';
/** Folders in the spool, at most. */
const DEEPEST = 4;

/** What a file of a run is; null for what stays with it for ever: its configuration, and what is not known. */
function kindOfProduct(name: string): StorageKind | null {
  if (name.startsWith('qlconfig-')) return null;
  if (name.startsWith('ql-spool-')) return 'spool';
  if (name.endsWith('.log')) return 'logs';
  if (/^ql-.*\.(yaml|json)$/.test(name)) return 'qa';
  if (/^preproc(-binned)?-/.test(name)) return 'preproc';
  if (name.startsWith('spectra-')) return 'spectra';
  return /\.fits(\.fz|\.gz)?$/.test(name) ? 'products' : null;
}

/** Real folders and files only: what a link leads to is not ours. */
async function entriesOf(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return {
    folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
    files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
  };
}

/** True where no link is on the way from the root to the folder. */
export async function isOwn(root: string, folder: string): Promise<boolean> {
  try {
    const real = await realpath(root);
    return (await realpath(folder)) === join(real, folder.slice(root.length));
  } catch {
    return false;
  }
}

async function measure(about: Omit<Stored, 'bytes' | 'modifiedAt'>): Promise<Stored | null> {
  let bytes = 0;
  let modifiedAt = 0;
  const names: string[] = [];
  for (const name of about.names) {
    const found = await lstat(join(about.folder, name)).catch(() => null);
    if (!found?.isFile()) continue;
    names.push(name);
    bytes += found.size;
    modifiedAt = Math.max(modifiedAt, found.mtimeMs);
  }
  return names.length === 0 ? null : { ...about, names, bytes, modifiedAt };
}

/** The folders NIGHT/EXPID8 below a folder. */
async function* exposureFolders(top: string): AsyncGenerator<{ expid: number; folder: string }> {
  for (const night of (await entriesOf(top)).folders.filter((name) => NIGHT.test(name)))
    for (const id of (await entriesOf(join(top, night))).folders.filter((name) => EXPID.test(name)))
      yield { expid: Number(id), folder: join(top, night, id) };
}

async function* simple(
  top: string,
  kind: StorageKind,
  wanted: (names: string[]) => string[],
): AsyncGenerator<Stored | null> {
  for await (const { expid, folder } of exposureFolders(top)) {
    const names = wanted((await entriesOf(folder)).files);
    yield measure({ kind, expid, runId: null, folder, names });
  }
}

async function* products(top: string): AsyncGenerator<Stored | null> {
  for await (const { expid, folder } of exposureFolders(top)) {
    for (const name of (await entriesOf(folder)).folders) {
      const runId = Number(RUN.exec(name)?.[1] ?? NaN);
      if (Number.isNaN(runId)) continue;
      const run = join(folder, name);
      const kinds = new Map<StorageKind, string[]>();
      for (const file of (await entriesOf(run)).files) {
        const kind = kindOfProduct(file);
        if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), file]);
      }
      for (const [kind, names] of kinds) yield measure({ kind, expid, runId, folder: run, names });
    }
  }
}

/** Files outside any exposure, each by itself. */
async function* loose(folder: string, kind: StorageKind, wanted: RegExp, depth: number): AsyncGenerator<Stored | null> {
  const { folders, files } = await entriesOf(folder);
  for (const name of files.filter((file) => wanted.test(file)))
    yield measure({ kind, expid: null, runId: null, folder, names: [name] });
  if (depth > 0) for (const name of folders) yield* loose(join(folder, name), kind, wanted, depth - 1);
}

/**
 * Everything below QLF's own folder that a cleaning may delete. Links are not followed, and what has no name that QLF or its
 * pipelines give is not named. The small files beside a raw copy (fibermap, telemetry) stay: the screens need them.
 */
export async function* inventory(root: string): AsyncGenerator<Stored> {
  const parts = [
    simple(join(root, 'raw'), 'raw', (names) => names.filter((name) => RAW.test(name))),
    simple(join(root, 'split'), 'split', (names) => names),
    products(join(root, 'redux', 'exposures')),
    simple(join(root, 'test-environment', 'raw'), 'emulated', (names) => (names.includes(TRUTH) ? names : [])),
    loose(join(root, 'logs'), 'logs', ENGINE_LOG, 0),
    loose(join(root, 'spool'), 'spool', /./, DEEPEST),
  ];
  for (const part of parts)
    for await (const stored of part) if (stored && (await isOwn(root, stored.folder))) yield stored;
}

/** Whether a folder is another, or lies in it. */
export function liesIn(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(other.endsWith(sep) ? other : other + sep);
}
