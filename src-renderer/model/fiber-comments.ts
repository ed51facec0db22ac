import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { count } from './format.ts';

/** `camera`: one comment on each camera that names the fibers · `each`: one on every fiber. */
export type CommentOn = 'camera' | 'each';

/** More fibers than this are not commented one by one. */
export const MOST_EACH = 50;

/** What the engine is asked to keep. */
export interface NewComment {
  camera: CameraName | null;
  fiber: number | null;
  text: string;
}

/** 'fibers 1500 to 1524, 1530' of numbers in any order. */
export function fiberNumbers(fibers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const fiber of [...fibers].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && fiber <= last.to + 1) last.to = fiber;
    else runs.push({ from: fiber, to: fiber });
  }
  const words = runs.flatMap(({ from, to }) =>
    to - from < 2 ? (from === to ? [`${from}`] : [`${from}`, `${to}`]) : [`${from} to ${to}`],
  );
  return `${fibers.length === 1 ? 'fiber' : 'fibers'} ${words.join(', ')}`;
}

/** Longest list of numbers that a comment names; beyond it their count is said. */
const LONGEST = 600;

/** The comments that a text on some fibers becomes. */
export function commentsOn(
  fibers: readonly number[],
  on: CommentOn,
  text: string,
  cameraOf: (fiber: number) => CameraName,
): NewComment[] {
  if (on === 'each') return fibers.map((fiber) => ({ camera: null, fiber, text }));
  return CAMERAS.flatMap((camera): NewComment[] => {
    const own = fibers.filter((fiber) => cameraOf(fiber) === camera);
    if (own.length === 0) return [];
    const numbers = fiberNumbers(own);
    const named = numbers.length > LONGEST ? count(own.length, 'fiber') : numbers;
    return [{ camera, fiber: null, text: `${text.trim()} (${named})` }];
  });
}
