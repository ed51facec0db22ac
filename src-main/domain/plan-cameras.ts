import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { JobState } from '#shared/domain/run.ts';
import type { SplitResult } from './ports/splitter.ts';

export interface PlannedJob {
  camera: CameraName;
  state: Extract<JobState, 'waiting' | 'failed' | 'missing' | 'not-expected'>;
  reason: string;
}

/**
 * One job for each of the 30 cameras of a run: to be processed where the split made a file, failed where the HDU was
 * damaged, missing where it was expected, not expected otherwise.
 */
export function planCameras(expected: readonly CameraName[], split: readonly SplitResult[]): PlannedJob[] {
  const found = new Map(split.map((result) => [result.camera, result]));
  const wanted = new Set(expected);
  return CAMERAS.map((camera) => {
    const result = found.get(camera);
    if (result?.ok) return { camera, state: 'waiting', reason: '' };
    if (result) return { camera, state: 'failed', reason: result.reason };
    return wanted.has(camera)
      ? { camera, state: 'missing', reason: 'expected, not in the file' }
      : { camera, state: 'not-expected', reason: '' };
  });
}
