import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { sumBytes } from '#shared/fits/checksum.ts';
import { FitsError } from '#shared/fits/fits-error.ts';
import { type Hdu, readHduData, scanHdus } from '#shared/fits/hdu.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Splitter, SplitResult } from '../domain/ports/splitter.ts';
import { type CameraPlan, totalLength } from './camera-plan.ts';
import { planExposure } from './exposure-plan.ts';
import { planFiberFlat } from './fiber-flat-plan.ts';
import { SourceFile, SourceReadError } from './source-file.ts';
import { DamagedHduError, isWhole, partName, writeCameraFile, type WriteOptions } from './write-camera-file.ts';

/** Cameras written at a time: as many as Node has threads for file work. */
const CAMERAS_AT_A_TIME = 4;

export interface SplitterOptions {
  /** fsync each file before its final name (default). Without, a power cut may leave a complete name with lost data. */
  durable?: boolean;
}

/** The splitter over local files. */
export function createSplitter({ durable = true }: SplitterOptions = {}): Splitter {
  return {
    splitExposure: (file, directory, expid, signal) =>
      withSource(file, `Exposure ${expid}`, async (source) => {
        const { hdus } = await scanHdus(source);
        return writePlans(planExposure(hdus, expid), source, directory, { durable, signal });
      }),
    splitFiberFlat: (file, directory, signal) =>
      withSource(file, 'Fiber flat', async (source) => {
        const { hdus } = await scanHdus(source);
        const dataSum = async (hdu: Hdu) => sumBytes(await readHduData(source, hdu));
        return writePlans(await planFiberFlat(hdus, dataSum), source, directory, { durable, signal });
      }),
  };
}

async function withSource<T>(file: string, what: string, run: (source: SourceFile) => Promise<T>): Promise<T> {
  let source: SourceFile;
  try {
    source = await SourceFile.open(file);
  } catch (error) {
    throw new QlfError('not-found', `${what}: ${file} cannot be opened`, { cause: error });
  }
  try {
    return await run(source);
  } catch (error) {
    if (error instanceof FitsError) {
      const message = `${what}: ${file} is no readable FITS file: ${error.message}. Fetch it again.`;
      throw new QlfError('conflict', message, { cause: error });
    }
    if (error instanceof SourceReadError) {
      throw new QlfError('unavailable', `${what}: ${file}: ${error.message}. Look at its disk.`, { cause: error });
    }
    throw error;
  } finally {
    await source.close();
  }
}

async function writePlans(
  plans: readonly CameraPlan[],
  source: SourceFile,
  directory: string,
  options: WriteOptions,
): Promise<SplitResult[]> {
  options.signal.throwIfAborted();
  try {
    await mkdir(directory, { recursive: true });
    await sweepParts(plans, directory);
  } catch (error) {
    throw cannotWrite(directory, error);
  }
  const results: SplitResult[] = [];
  const waiting = [...plans.entries()].reverse();
  // The first error keeps the others from beginning another camera; they are waited for before it is thrown.
  let failure: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let entry = waiting.pop(); entry && !failure; entry = waiting.pop()) {
      try {
        const [place, plan] = entry;
        results[place] = await writeOne(plan, source, directory, options);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: CAMERAS_AT_A_TIME }, worker));
  if (failure) throw failure.error;
  if (options.durable) await syncDirectory(directory);
  return results;
}

async function writeOne(
  plan: CameraPlan,
  source: SourceFile,
  directory: string,
  options: WriteOptions,
): Promise<SplitResult> {
  if (!plan.ok) return plan;
  const { camera, name, pieces } = plan;
  const file = path.join(directory, name);
  try {
    const here = await isWhole(source, file, pieces);
    const strange = here ? '' : await writeCameraFile(source, directory, name, pieces, options);
    return { camera, ok: true, path: file, bytes: totalLength(pieces), ...(strange ? { strange } : {}) };
  } catch (error) {
    if (error instanceof DamagedHduError) return { camera, ok: false, reason: error.message };
    if (error instanceof SourceReadError) return { camera, ok: false, reason: `Camera ${camera}: ${error.message}` };
    if (options.signal.aborted) throw error;
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, cause: unknown): QlfError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new QlfError('unavailable', `${file} cannot be written (${why}). Look at the disk's space and rights.`, {
    cause,
  });
}

/** Temporary files that an earlier, killed run left behind. */
async function sweepParts(plans: readonly CameraPlan[], directory: string): Promise<void> {
  const mine = new Set(plans.flatMap((plan) => (plan.ok ? [partName(plan.name)] : [])));
  for (const entry of await readdir(directory)) {
    if (mine.has(entry)) await unlink(path.join(directory, entry));
  }
}

/** Makes the renames durable, where the file system can sync a folder. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.has((error as NodeJS.ErrnoException).code ?? '')) throw cannotWrite(directory, error);
  }
}

const CANNOT_SYNC_FOLDERS = new Set(['EINVAL', 'EISDIR', 'EPERM', 'ENOTSUP']);
