import { describe, expect, it } from 'vitest';
import { cameraOfFiber } from '#shared/domain/fiber.ts';
import { commentsOn, fiberNumbers } from './fiber-comments.ts';

describe('a comment on many fibers', () => {
  it('names them in runs, whatever their order', () => {
    expect(fiberNumbers([7])).toBe('fiber 7');
    expect(fiberNumbers([1530, 1501, 1500, 1502, 1531, 8])).toBe('fibers 8, 1500 to 1502, 1530, 1531');
  });
  it('is one on each camera that has some of them, or one on every fiber', () => {
    const cameraOf = (fiber: number) => cameraOfFiber('r', fiber);
    expect(commentsOn([499, 500, 501, 502], 'camera', ' dark ', cameraOf)).toEqual([
      { camera: 'r0', fiber: null, text: 'dark (fiber 499)' },
      { camera: 'r1', fiber: null, text: 'dark (fibers 500 to 502)' },
    ]);
    expect(commentsOn([499, 500], 'each', 'dark', cameraOf)).toEqual([
      { camera: null, fiber: 499, text: 'dark' },
      { camera: null, fiber: 500, text: 'dark' },
    ]);
  });
  it('says how many they are where their numbers would fill the page', () => {
    const scattered = Array.from({ length: 250 }, (_, i) => 2 * i);
    expect(commentsOn(scattered, 'camera', 'low', (fiber) => cameraOfFiber('b', fiber))[0]?.text).toBe(
      'low (250 fibers)',
    );
  });
});
