import type { CameraName } from '#shared/domain/camera.ts';

/** What the split found for one camera. */
export type SplitResult =
  /** `strange`: what a person should know of it though its data are right; told when the file is written. */
  | { camera: CameraName; ok: true; path: string; bytes: number; strange?: string }
  /** The HDU is there but damaged (cut off, its header makes no sense, its data not those summed): it fails alone. */
  | { camera: CameraName; ok: false; reason: string };

/** Takes a file with HDUs of many cameras apart into one file per camera, by byte ranges, no pixel decoded. */
export interface Splitter {
  /**
   * Raw exposure → `desi-CAM-EXPID8.fits[.fz]` in `directory`; only cameras found in the file are in the answer.
   * Files are complete or absent (temporary name, fsync, rename); what exists already and is whole is kept.
   * @throws QlfError `conflict` when it is no FITS file, or its EXPID is not `expid`
   */
  splitExposure(file: string, directory: string, expid: number, signal: AbortSignal): Promise<SplitResult[]>;
  /** Fiber flat of all cameras (EXTNAMEs FIBERFLAT_B0, IVAR_B0 …) → `fiberflat-CAM.fits` with plain EXTNAMEs. */
  splitFiberFlat(file: string, directory: string, signal: AbortSignal): Promise<SplitResult[]>;
}
