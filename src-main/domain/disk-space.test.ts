import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diskSpace } from './disk-space.ts';

it('blocks kept for root are neither used nor free', () => {
  expect(diskSpace({ blocks: 100, bfree: 50, bavail: 30, bsize: 4096 })).toEqual({
    totalBytes: 80 * 4096,
    freeBytes: 30 * 4096,
    used: 1 - 30 / 80,
  });
  expect(diskSpace({ blocks: 0, bfree: 0, bavail: 0, bsize: 4096 }).used).toBe(0);
});

it('says what df says', () => {
  const { stdout } = spawnSync('df', ['--output=pcent', '.'], { encoding: 'utf8' });
  const told = Number(/(\d+)%/.exec(stdout)?.[1]);
  const { used } = diskSpace(statfsSync('.'));
  // df rounds up, and others write meanwhile.
  expect(Math.abs(used * 100 - told)).toBeLessThan(2);
});
