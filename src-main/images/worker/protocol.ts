import type { CameraName } from '#shared/domain/camera.ts';
import type {
  FiberTraces,
  FitsCard,
  FitsDescription,
  FitsTablePage,
  ImageInfo,
  ImageStatistics,
  ImageTile,
  Reduction,
} from '#shared/domain/image.ts';

/** Which HDU of a file holds the image: by place, by the camera it is of, or by EXTNAME. */
export type HduChoice = { index: number } | { camera: CameraName } | { name: string };

/** An image by its place in a file. `stamp` tells a file that was written anew from the one that was opened. */
export interface ImageRef {
  path: string;
  stamp: string;
  hdu: number;
  plane: number;
}

/** Where traces may be found, the best first. */
export interface TraceSources {
  camera: CameraName;
  /** The run's own PSF, where it keeps one. */
  product: string;
  /** The job's configuration file, which names the PSF or the calibration tree. */
  configuration: string;
  /** A raw file of the camera, whose header chooses the calibration. */
  raw: readonly string[];
}

/** An image as the worker found it; the engine adds its handle and which kind of file it is. */
export type OpenedImage = { ref: ImageRef } & Omit<ImageInfo, 'image' | 'origin'>;

/** All that the worker can be asked, with its answers. */
export interface Tasks {
  open: { request: { path: string; choice: HduChoice; plane: number }; answer: OpenedImage };
  tile: {
    request: { image: ImageRef; level: number; column: number; row: number; reduction: Reduction };
    answer: ImageTile;
  };
  statistics: { request: { image: ImageRef }; answer: ImageStatistics };
  value: { request: { image: ImageRef; x: number; y: number }; answer: { value: number | string | null } };
  profiles: {
    request: { image: ImageRef; x: number; y: number };
    answer: { row: ArrayBuffer; column: ArrayBuffer };
  };
  traces: { request: TraceSources; answer: { traces: FiberTraces | null; reason: string } };
  describe: { request: { path: string }; answer: Pick<FitsDescription, 'bytes' | 'hdus' | 'trailing'> };
  cards: {
    request: { path: string; hdu: number; offset: number; limit: number };
    answer: { total: number; cards: FitsCard[] };
  };
  table: {
    request: { path: string; hdu: number; offset: number; limit: number; firstColumn: number; columns: number };
    answer: FitsTablePage;
  };
  bytes: { request: { path: string; offset: number; length: number }; answer: { data: ArrayBuffer } };
}
export type TaskName = keyof Tasks;

export interface TaskMessage<T extends TaskName = TaskName> {
  id: number;
  task: T;
  request: Tasks[T]['request'];
}

/** `code` is of ErrorCode: what the interface is told. */
export type TaskReply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; code: 'not-found' | 'conflict' | 'unavailable' | 'internal'; message: string };
