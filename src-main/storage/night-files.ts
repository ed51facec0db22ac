import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as breathe } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { expid8 } from '#shared/domain/exposure.ts';
import {
  NIGHT_DATA,
  NIGHT_FILE_VERSION,
  NIGHT_MANIFEST,
  NightLineSchema,
  nightFile,
  NightManifestSchema,
  type NightFile,
  type NightLine,
  type NightManifest,
} from '#shared/domain/night-file.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { NightExchangeStore, TakenIn } from '../domain/ports/night-exchange.ts';
import { isOwn } from './inventory.ts';
import type { Progress } from './work.ts';

/** Bytes of a manifest and of a line, at most. */
const LARGEST_MANIFEST = 100_000_000;
const LARGEST_LINE = 64_000_000;

export interface NightFileParts {
  store: NightExchangeStore;
  /** Products, logs and QA files of a run. */
  redux: (night: string, expid: number, runId: number) => string;
  /** QLF's own folder. */
  root: string;
  /** Told when exposures have come. */
  taken: (night: string) => void;
  now: () => number;
}

export interface NightFiles {
  /** Writes the night into a new folder `qlf-night-NIGHT` in `into`. @returns what was written, in words */
  write(night: string, products: boolean, into: string, signal: AbortSignal, onProgress: Progress): Promise<string>;
  /**
   * Takes in what is not here yet of a night's folder. @returns what was taken in, in words
   * @throws QlfError `conflict` for what is damaged, incomplete, hostile, of a newer QLF or of nights of the other kind; nothing
   *   has been touched then
   */
  read(from: string, signal: AbortSignal, onProgress: Progress): Promise<string>;
}

async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const refuse = (from: string, why: string): QlfError =>
  new QlfError('conflict', `${from} is not taken in: ${why}. Export the night again`);

/** What an exported night's folder says of itself. @throws QlfError `conflict` where it is none */
export async function readManifest(from: string): Promise<NightManifest> {
  const file = join(from, NIGHT_MANIFEST);
  const about = await lstat(file).catch(() => null);
  if (!about?.isFile() || about.size > LARGEST_MANIFEST)
    throw refuse(from, `it has no ${NIGHT_MANIFEST}, so it is no exported night, or not a whole one`);
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw refuse(from, `its ${NIGHT_MANIFEST} is damaged`);
  }
  if (!Value.Check(NightManifestSchema, manifest))
    throw refuse(from, `its ${NIGHT_MANIFEST} is none of an exported night`);
  if (manifest.version > NIGHT_FILE_VERSION)
    throw new QlfError(
      'conflict',
      `${from} was written by a newer QLF (form ${manifest.version}); take it in with that one`,
    );
  return manifest;
}

/** Whether all that the manifest names is there as it was written, and nothing in it leads out of the folder. */
async function prove(from: string, { files }: NightManifest, signal: AbortSignal, onProgress: Progress): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let seen = 0;
  const names = new Set<string>();
  for (const { name, bytes, sha256 } of files) {
    signal.throwIfAborted();
    if (name !== NIGHT_DATA && nightFile(name) === null) throw refuse(from, `it names ${JSON.stringify(name)}`);
    if (names.has(name)) throw refuse(from, `it names ${name} twice`);
    names.add(name);
    const path = join(from, name);
    const about = await lstat(path).catch(() => null);
    if (!about?.isFile() || !(await isOwn(from, dirname(path)))) throw refuse(from, `${name} is missing, or a link`);
    if (about.size !== bytes) throw refuse(from, `${name} has ${about.size} bytes, not ${bytes}`);
    if ((await sha256Of(path, signal)) !== sha256) throw refuse(from, `${name} is not what was written`);
    seen += bytes;
    onProgress(total === 0 ? null : seen / total / 2, `checking ${name}`);
  }
  if (!names.has(NIGHT_DATA)) throw refuse(from, `${NIGHT_DATA} is missing`);
}

/** Where a file of the night lies in a data folder; null where it has no place in this one. */
type PlaceOf = (file: NightFile) => string | null;

/** The files of a night in a data folder, by their names in the night's own folder. */
async function* filesOf(
  exposures: readonly number[],
  runs: readonly { id: number; expid: number }[],
  night: string,
  placeOf: PlaceOf,
): AsyncGenerator<{ name: string; path: string }> {
  const inFolder = async function* (prefix: string, sample: NightFile): AsyncGenerator<{ name: string; path: string }> {
    const folder = dirname(placeOf(sample) ?? '');
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const name = `${prefix}/${entry.name}`;
      const file = nightFile(name);
      if (entry.isFile() && file !== null && (file.kind !== 'log' || file.night === night))
        yield { name, path: join(folder, entry.name) };
    }
  };
  for (const { id, expid } of runs)
    yield* inFolder(`files/${expid8(expid)}/run-${id}`, { kind: 'product', expid, run: id, file: 'any' });
  for (const expid of exposures) yield* inFolder(`beside/${expid8(expid)}`, { kind: 'beside', expid, file: 'any' });
  yield* inFolder('logs', { kind: 'log', night, file: 'any' });
}

async function* linesOf(file: string, from: string): AsyncGenerator<NightLine> {
  const input = createReadStream(file, { encoding: 'utf8' });
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1;
    let line: unknown;
    try {
      if (text.length > LARGEST_LINE) throw new Error('too long');
      line = JSON.parse(text);
    } catch {
      throw refuse(from, `line ${number} of ${NIGHT_DATA} cannot be read`);
    }
    if (!Value.Check(NightLineSchema, line))
      throw refuse(from, `line ${number} of ${NIGHT_DATA} is no part of a night`);
    yield line;
  }
}

/** Puts a copy of a file where none is; false where one is. */
async function place(source: string, target: string): Promise<boolean> {
  if (await lstat(target).catch(() => null)) return false;
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.importing`;
  await rm(partial, { force: true });
  await copyFile(source, partial, constants.COPYFILE_EXCL);
  try {
    await link(partial, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

function words({ added, known }: TakenIn, night: string, files: number, kept: number): string {
  const parts = (['exposure', 'run', 'job', 'measurement', 'comment', 'flag', 'note', 'alarm'] as const).map(
    (type) => `${added[type]} ${type}s${known[type] === 0 ? '' : ` (${known[type]} were here)`}`,
  );
  return `night ${night}: ${parts.join(', ')}, ${files} files${kept === 0 ? '' : ` (${kept} were here)`}`;
}

/** Nights as folders of plain files: rows a line each, the runs' files beside, and a manifest with checksums, written last. */
export function createNightFiles({ store, redux, root, taken, now }: NightFileParts): NightFiles {
  /** @param runHere number of a run in this folder, by what the night's folder calls it */
  const placesOf =
    (night: string, runHere: (run: number, expid: number) => number | undefined): PlaceOf =>
    (file) => {
      switch (file.kind) {
        case 'product': {
          const run = runHere(file.run, file.expid);
          return run === undefined ? null : join(redux(night, file.expid, run), file.file);
        }
        case 'beside':
          return join(root, 'raw', night, expid8(file.expid), file.file);
        case 'log':
          return file.night === night ? join(root, 'logs', file.file) : null;
      }
    };
  return {
    async write(night, products, into, signal, onProgress) {
      const target = join(into, `qlf-night-${night}`);
      const partial = `${target}.partial`;
      if (await lstat(target).catch(() => null))
        throw new QlfError('conflict', `${target} is there already; choose another folder, or take it away`);
      await rm(partial, { recursive: true, force: true });
      try {
        await mkdir(partial, { recursive: true });
        const files: NightManifest['files'] = [];
        const runs: { id: number; expid: number }[] = [];
        const exposures: number[] = [];
        const data = await open(join(partial, NIGHT_DATA), 'wx');
        let lines = 0;
        try {
          for (const line of store.nightLines(night)) {
            signal.throwIfAborted();
            await data.appendFile(`${JSON.stringify(line)}\n`);
            if (line.type === 'run') runs.push(line);
            if (line.type === 'exposure') exposures.push(line.exposure.expid);
            lines += 1;
            if (lines % 50 === 0) onProgress(null, `${lines} rows`);
          }
          await data.sync();
        } finally {
          await data.close();
        }
        if (lines === 0) throw new QlfError('not-found', `there is nothing of night ${night} here`);
        const keep = async (name: string): Promise<void> => {
          const path = join(partial, name);
          files.push({ name, bytes: (await lstat(path)).size, sha256: await sha256Of(path, signal) });
        };
        await keep(NIGHT_DATA);
        const here = placesOf(night, (run) => run);
        for await (const { name, path } of filesOf(exposures, runs, night, here)) {
          signal.throwIfAborted();
          const file = nightFile(name);
          if (!products && file?.kind === 'product' && /\.fits(\.fz|\.gz)?$/.test(name)) continue;
          await mkdir(dirname(join(partial, name)), { recursive: true });
          await copyFile(path, join(partial, name), constants.COPYFILE_EXCL);
          await keep(name);
          const done = file?.kind === 'product' ? runs.findIndex(({ id }) => id === file.run) + 1 : runs.length;
          onProgress(runs.length === 0 ? null : done / runs.length, name);
        }
        const manifest: NightManifest = {
          ...{ format: 'qlf-night', version: NIGHT_FILE_VERSION, night, origin: store.origin, writtenAt: now(), files },
        };
        const last = await open(join(partial, NIGHT_MANIFEST), 'wx');
        try {
          await last.writeFile(`${JSON.stringify(manifest, null, 1)}\n`);
          await last.sync();
        } finally {
          await last.close();
        }
        await rename(partial, target);
        return `${target}: ${lines} rows, ${files.length} files`;
      } catch (error) {
        await rm(partial, { recursive: true, force: true });
        throw error;
      }
    },

    async read(from, signal, onProgress) {
      const manifest = await readManifest(from);
      const { night, files, origin } = manifest;
      if (origin !== store.origin)
        throw new QlfError('conflict', `${from} is of ${origin} nights; this folder is for ${store.origin} ones`);
      await prove(from, manifest, signal, onProgress);
      const logOf = (expid: number, runId: number, camera: string): string =>
        join(redux(night, expid, runId), `run-${camera}.log`).slice(root.length + 1);
      const intake = store.nightIntake(night, logOf, now());
      // Every line is looked at before the first is taken in.
      let lines = 0;
      const exposures = new Set<number>();
      for await (const line of linesOf(join(from, NIGHT_DATA), from)) {
        signal.throwIfAborted();
        intake.check(line);
        if (line.type === 'exposure') exposures.add(line.exposure.expid);
        lines += 1;
        if (lines % 50 === 0) onProgress(null, `checking row ${lines}`);
      }
      let count = 0;
      const placeHere = placesOf(
        night,
        (run, expid) => intake.runs.find((known) => known.there === run && known.expid === expid)?.here,
      );
      let placed = 0;
      let kept = 0;
      try {
        for await (const line of linesOf(join(from, NIGHT_DATA), from)) {
          signal.throwIfAborted();
          intake.take(line);
          count += 1;
          if (count % 20 === 0) {
            onProgress(0.5 + (0.25 * count) / lines, `${count} rows`);
            await breathe();
          }
        }
        for (const [i, { name }] of files.entries()) {
          const file = nightFile(name);
          const target = file && (file.kind === 'log' || exposures.has(file.expid)) ? placeHere(file) : null;
          if (target === null) continue;
          signal.throwIfAborted();
          if (await place(join(from, name), target)) placed += 1;
          else kept += 1;
          onProgress(0.75 + (0.25 * (i + 1)) / files.length, name);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new QlfError('conflict', `${count} of ${lines} rows stay; an import again takes in the rest`);
      } finally {
        if (count > 0) taken(night);
      }
      return words(intake.result, night, placed, kept);
    },
  };
}
