import { isAbsolute, join, normalize, sep } from 'node:path';
import type { CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { QlfError } from '#shared/ipc/result.ts';

/** QLF's own folder: qlf.db, raw/, split/, calib/, redux/, logs/, spool/. */
export interface DataFolder {
  root: string;
  database: string;
  logs: string;
  raw(night: string, expid: number): string;
  split(night: string, expid: number): string;
  /** A calibration tree, kept by the digest of what it holds. */
  calib(digest: string): string;
  /** Products, configuration files and logs of one run. */
  redux(night: string, expid: number, runId: number): string;
  jobLog(night: string, expid: number, runId: number, camera: CameraName): string;
}

export function dataFolder(root: string): DataFolder {
  const redux = (night: string, expid: number, runId: number): string =>
    join(root, 'redux', 'exposures', night, expid8(expid), `run-${String(runId)}`);
  return {
    root,
    database: join(root, 'qlf.db'),
    logs: join(root, 'logs'),
    raw: (night, expid) => join(root, 'raw', night, expid8(expid)),
    split: (night, expid) => join(root, 'split', night, expid8(expid)),
    calib: (digest) => join(root, 'calib', digest),
    redux,
    jobLog: (night, expid, runId, camera) => join(redux(night, expid, runId), `run-${camera}.log`),
  };
}

/**
 * `name` inside `folder`.
 * @throws QlfError `bad-request` where the name would lead out of it: names from outside are data
 */
export function inside(folder: string, name: string): string {
  const path = normalize(join(folder, name));
  if (isAbsolute(name) || name.includes('\0') || !path.startsWith(folder + sep))
    throw new QlfError('bad-request', `${JSON.stringify(name)} does not stay inside ${folder}; the file is refused`);
  return path;
}
