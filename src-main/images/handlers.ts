import { basename, isAbsolute } from 'node:path';
import { stat } from 'node:fs/promises';
import type { AmplifierArea, FitsFile, ImageSource } from '#shared/domain/image.ts';
import type { Run } from '#shared/domain/run.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import type { IMAGE_CONTRACT } from '#shared/ipc/image-contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { FilePicker } from '../domain/ports/file-picker.ts';
import type { StorageStore } from '../domain/ports/storage-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { Handles } from './handles.ts';
import { ImageThreads } from './image-threads.ts';
import { findRunImage, traceSources, type FoundImage, type RunFolders } from './run-images.ts';
import type { ImageRef } from './worker/protocol.ts';

export interface ImageParts {
  /** The program that reads images when it is started as a thread. */
  program: string | URL;
  store: Pick<Store, 'run'> & Pick<StorageStore, 'cleanedAt'>;
  folders: RunFolders;
  /** Null where there is nobody to ask. */
  pickFile: FilePicker | null;
}

export interface Images {
  handlers: Pick<Handlers, keyof typeof IMAGE_CONTRACT>;
  /** A file that a person dropped on the window. @throws QlfError `bad-request` when it is no file */
  openFile(path: string): Promise<FitsFile>;
  close(): Promise<void>;
}

const MOST_IMAGES = 400;
const MOST_FILES = 50;
/** Two cameras are decoded at a time; more would take the cores from the jobs. */
const THREADS = 2;
const TIMEOUT_MS = 60_000;
const MOST_WAITING = 400;
/** The threads start when QLF itself has started, so that the first picture does not wait for them. */
const WARM_AFTER_MS = 1500;

/** The engine's side of the screens that show images and FITS files. */
export function createImages({ program, store, folders, pickFile }: ImageParts): Images {
  const threads = new ImageThreads({ program, threads: THREADS, timeoutMs: TIMEOUT_MS, mostWaiting: MOST_WAITING });
  const warming = setTimeout(() => {
    threads.warm();
  }, WARM_AFTER_MS).unref();
  const images = new Handles<ImageRef>('the image', MOST_IMAGES);
  const files = new Handles<string>('the file', MOST_FILES);

  const run = (runId: number): Run => {
    const found = store.run(runId);
    if (!found) throw new QlfError('not-found', `there is no run ${String(runId)}`);
    return found;
  };
  const find = async (source: ImageSource): Promise<FoundImage & { plane: number }> => {
    if (source.kind === 'file')
      return { path: files.get(source.file), origin: 'file', choice: { index: source.hdu }, plane: source.plane };
    const found = await findRunImage(folders, run(source.runId), source.camera, source.layer, store);
    return { ...found, plane: 0 };
  };
  /** The binned product does not say where the amplifiers are; the raw file does. */
  const trimmedAmplifiers = async (source: ImageSource, view: number): Promise<AmplifierArea[]> => {
    if (source.kind !== 'run') return [];
    try {
      const { path, choice } = await findRunImage(folders, run(source.runId), source.camera, 'raw', store);
      const raw = await threads.run('open', { path, choice, plane: 0 }, { about: path, view, urgency: 'soon' });
      return raw.amplifiers.map(({ id, ccd }) => ({ id, data: ccd, ccd, bias: null }));
    } catch (error) {
      if (error instanceof QlfError) return [];
      throw error;
    }
  };
  const openFile = async (path: string): Promise<FitsFile> => {
    const found = isAbsolute(path) ? await stat(path).catch(() => null) : null;
    if (!found?.isFile()) throw new QlfError('bad-request', `${basename(path) || 'what was dropped'} is no file`);
    return { file: files.add(path), name: basename(path), bytes: found.size };
  };

  return {
    openFile,
    close: () => {
      clearTimeout(warming);
      return threads.close();
    },
    handlers: {
      'image.open': async ({ source, view }) => {
        const { path, origin, choice, plane } = await find(source);
        const [{ ref, ...info }, trimmed] = await Promise.all([
          threads.run('open', { path, choice, plane }, { about: path, view, urgency: 'soon' }),
          origin === 'preproc-binned' ? trimmedAmplifiers(source, view) : null,
        ]);
        return { ...info, amplifiers: trimmed ?? info.amplifiers, image: images.add(ref), origin };
      },
      'image.tile': ({ image, view, ...tile }) => {
        const ref = images.get(image);
        return threads.run('tile', { image: ref, ...tile }, { about: ref.path, view, urgency: 'later' });
      },
      'image.statistics': ({ image, view }) => {
        const ref = images.get(image);
        // Behind the tiles that were asked for before: the picture comes first.
        return threads.run('statistics', { image: ref }, { about: ref.path, view, urgency: 'later' });
      },
      'image.value': ({ image, view, x, y }) => {
        const ref = images.get(image);
        return threads.run('value', { image: ref, x, y }, { about: ref.path, view, urgency: 'now' });
      },
      'image.profiles': ({ image, view, x, y }) => {
        const ref = images.get(image);
        return threads.run('profiles', { image: ref, x, y }, { about: ref.path, view, urgency: 'now' });
      },
      'image.traces': async ({ runId, camera, view }) => {
        const wanted = await traceSources(folders, run(runId), camera);
        return threads.run('traces', wanted, { about: wanted.raw[0] ?? '', view, urgency: 'soon' });
      },
      'image.cancel': ({ view }) => {
        threads.cancel(view);
        return {};
      },
      'fits.choose': async () => {
        if (!pickFile) throw new QlfError('unavailable', 'files are opened in the desktop application only');
        const path = await pickFile();
        return path === null ? null : openFile(path);
      },
      'fits.describe': async ({ file }) => {
        const path = files.get(file);
        const found = await threads.run('describe', { path }, { about: path, view: null, urgency: 'soon' });
        return { file, name: basename(path), ...found };
      },
      'fits.cards': ({ file, ...cards }) => {
        const path = files.get(file);
        return threads.run('cards', { path, ...cards }, { about: path, view: null, urgency: 'soon' });
      },
      'fits.table': ({ file, ...table }) => {
        const path = files.get(file);
        return threads.run('table', { path, ...table }, { about: path, view: null, urgency: 'soon' });
      },
      'fits.bytes': ({ file, ...range }) => {
        const path = files.get(file);
        return threads.run('bytes', { path, ...range }, { about: path, view: null, urgency: 'soon' });
      },
    },
  };
}
