import type { CameraName, Spectrograph } from '#shared/domain/camera.ts';
import type { ExposureMetadata } from '#shared/domain/exposure.ts';

/** An account on a data host reached by SSH. */
export interface RemoteHost {
  host: string;
  port: number;
  user: string;
  /** Private key file, null: what ssh itself would use. */
  identityFile: string | null;
  knownHostsFile: string | null;
}

/** A file that the DOS offers. Host null: a path on this machine. Sizes and checksums are null where unknown. */
export interface FileLocation {
  host: RemoteHost | null;
  path: string;
  bytes: number | null;
  sha256: string | null;
  /** Last change by the clock of the machine that holds it, ms since the epoch; left out where unknown. */
  modified?: number;
}

export interface DosExposure extends ExposureMetadata {
  /** Cameras that should be in the file, as far as the DOS knows. */
  camerasExpected: CameraName[];
  /** What is strange about its file, in words for the observer; absent where nothing is. */
  remarks?: string[];
}

export interface CalibrationFile {
  /** `tree`: part of a calibration tree · `fiberflat`: one file with HDUs of every camera, for the split. */
  kind: 'tree' | 'fiberflat';
  /** Path inside QLF's calib folder, e.g. spec/sp0/b0.yaml. Never absolute, never upwards. */
  relativePath: string;
  location: FileLocation;
}

export interface LastExposureParams {
  /** Only of this night, YYYYMMDD. */
  night?: string;
  /** Only of these flavors. */
  flavors?: string[];
}

/**
 * The interface to the Data Online System, whatever is behind it. Every method rejects with an error that names the
 * adapter, what was asked and what to do; the caller retries. Only complete exposures are reported (or damaged ones that
 * have not grown for long).
 */
export interface DosClient {
  /** In words, for the screen: 'test environment', 'exposure folder' … */
  readonly adapter: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The newest exposure, null when there is none yet. */
  getLastExposure(params?: LastExposureParams): Promise<DosExposure | null>;
  /** All with a higher EXPID, oldest first; `null` for all there are. */
  getExposuresSince(expid: number | null): Promise<DosExposure[]>;
  /**
   * Complete exposures of the newest nights that came late or under another number than expected, oldest first.
   * @param below only with a lower EXPID than this
   * @param isKnown those that need not be told again
   */
  getLateExposures(below: number, isKnown: (expid: number) => boolean): Promise<DosExposure[]>;
  getFileLocation(expid: number): Promise<FileLocation>;
  /** The fibermap of an exposure; several spectrographs may share one file. Null where there is none (bias …). */
  getFibermap(expid: number, spectrograph: Spectrograph): Promise<FileLocation | null>;
  getCalibrationFiles(expid: number): Promise<CalibrationFile[]>;
  /** Telemetry and exposure-time-calculator files, as far as they exist. */
  getTelemetry(expid: number): Promise<FileLocation | null>;
  getEtc(expid: number): Promise<FileLocation | null>;
  /** Calls back when a new exposure may be there, so that nobody waits for the next poll. Returns the unsubscribe. */
  onHint(listener: () => void): () => void;
}
