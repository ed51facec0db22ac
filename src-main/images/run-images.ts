import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { ImageLayer, ImageOrigin } from '#shared/domain/image.ts';
import type { Run } from '#shared/domain/run.ts';
import type { StorageKind } from '#shared/domain/storage.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { cleanedWords } from '../domain/retention.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import type { HduChoice, TraceSources } from './worker/protocol.ts';

/** Where the files of exposures and runs are. */
export interface RunFolders {
  raw(night: string, expid: number): string;
  split(night: string, expid: number): string;
  redux(night: string, expid: number, runId: number): string;
}

/** The file and HDU of a camera's image. */
export interface FoundImage {
  path: string;
  origin: ImageOrigin;
  choice: HduChoice;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function firstThatExists(candidates: readonly FoundImage[]): Promise<FoundImage | undefined> {
  for (const candidate of candidates) if (await exists(candidate.path)) return candidate;
  return undefined;
}

/** Files of the whole exposure in its raw folder, whatever their endings. */
async function exposureFiles(folder: string, expid: number): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const pattern = new RegExp(`^desi-${expid8(expid)}\\.fits(\\.fz|\\.gz)?$`);
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

async function rawCandidates(folders: RunFolders, { night, expid }: Run, camera: CameraName): Promise<FoundImage[]> {
  const choice = { camera };
  const split = folders.split(night, expid);
  const own = ['fits.fz', 'fits'].map((ending) => join(split, `desi-${camera}-${expid8(expid)}.${ending}`));
  const whole = await exposureFiles(folders.raw(night, expid), expid);
  return [
    ...own.map((path) => ({ path, origin: 'camera-file' as const, choice })),
    ...whole.map((path) => ({ path, origin: 'exposure-file' as const, choice })),
  ];
}

const MISSING: Readonly<Record<ImageLayer, string>> = {
  raw: 'QLF has no raw file of it any more; process the exposure again',
  preproc: 'there is no preprocessed image yet; it comes when the step preproc has ended',
  mask:
    'the mask is kept only with the full preprocessed image; switch WritePreprocfile on in the QL configuration and ' +
    'process the exposure again',
};

const KINDS: Readonly<Record<ImageLayer, readonly StorageKind[]>> = {
  raw: ['raw', 'split'],
  preproc: ['preproc'],
  mask: ['preproc'],
};

/**
 * Finds the image of a camera by names that QLF makes itself.
 * @throws QlfError `not-found` saying why there is none and what to do
 */
export async function findRunImage(
  folders: RunFolders,
  run: Run,
  camera: CameraName,
  layer: ImageLayer,
  store: Pick<StorageStore, 'cleanedAt'>,
): Promise<FoundImage> {
  const redux = folders.redux(run.night, run.expid, run.id);
  const product = (name: string): string => join(redux, `${name}-${camera}-${expid8(run.expid)}.fits`);
  const full = product('preproc');
  const candidates = {
    raw: (): Promise<FoundImage[]> => rawCandidates(folders, run, camera),
    preproc: (): FoundImage[] => [
      { path: full, origin: 'preproc', choice: { name: 'IMAGE' } },
      { path: product('preproc-binned'), origin: 'preproc-binned', choice: { name: 'IMAGE' } },
    ],
    mask: (): FoundImage[] => [{ path: full, origin: 'preproc', choice: { name: 'MASK' } }],
  };
  const found = await firstThatExists(await candidates[layer]());
  if (found) return found;
  const cleaned = store.cleanedAt({ expid: run.expid, runId: run.id, kinds: KINDS[layer] });
  const why = cleaned === null ? MISSING[layer] : cleanedWords(cleaned);
  throw new QlfError('not-found', `${camera} of exposure ${expid8(run.expid)}: ${why}`);
}

/** Where the worker is to look for the traces of a camera. */
export async function traceSources(folders: RunFolders, run: Run, camera: CameraName): Promise<TraceSources> {
  const redux = folders.redux(run.night, run.expid, run.id);
  const name = `${camera}-${expid8(run.expid)}`;
  const raw = await rawCandidates(folders, run, camera);
  return {
    camera,
    product: join(redux, `psf-${name}.fits`),
    configuration: join(redux, `qlconfig-${name}.yaml`),
    raw: raw.map(({ path }) => path),
  };
}
