import { describe, expect, it } from 'vitest';
import { readableOn } from './contrast.ts';

describe('text on a coloured patch', () => {
  const dark = ['#3f9bf0', '#39414c', '#f0983f'] as const;
  const red = ['#8f0c04', '#2a0500', '#ff4a2e'] as const;
  it('is light in the quiet middle and dark on a bright end', () => {
    expect(readableOn(0, dark, ['#f2f5f9', '#111419'])).toBe('#f2f5f9');
    expect(readableOn(1, dark, ['#f2f5f9', '#111419'])).toBe('#111419');
  });
  it('is never white in the red theme', () => {
    expect([-1, 0, 0.4, 1].map((share) => readableOn(share, red, ['#ff4e32', '#0b0100']))).toEqual([
      '#ff4e32',
      '#ff4e32',
      '#ff4e32',
      '#0b0100',
    ]);
  });
  it('falls back to the first colour', () => {
    expect(readableOn(0, ['a', 'b', 'c'], ['x', 'y'])).toBe('x');
  });
});
