import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isReachable, readWindowPlace, writeWindowPlace } from './window-bounds.ts';

const left = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 2560, height: 1440 };
const at = (x: number, y: number) => ({ x, y, width: 1440, height: 900 });

describe('where the window stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-window-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is taken up again while its screen is there', () => {
    expect(isReachable(at(2000, 100), [left, right])).toBe(true);
    expect(isReachable(at(2000, 100), [left])).toBe(false);
  });

  it('is given up where one could not take hold of the window', () => {
    expect(isReachable(at(-1400, 10), [left])).toBe(false);
    expect(isReachable(at(10, -40), [left])).toBe(false);
    expect(isReachable(at(10, 1070), [left])).toBe(false);
  });

  it('is kept in a file, and a damaged file is no place', () => {
    const file = join(folder, 'window.json');
    expect(readWindowPlace(file)).toBeUndefined();
    writeWindowPlace(file, { bounds: at(1, 2), maximized: true });
    expect(readWindowPlace(file)).toEqual({ bounds: at(1, 2), maximized: true });
    writeFileSync(file, '{"bounds":{"x":"1"');
    expect(readWindowPlace(file)).toBeUndefined();
    writeFileSync(file, '{"bounds":{"x":"1"},"maximized":true}');
    expect(readWindowPlace(file)).toBeUndefined();
  });
});
