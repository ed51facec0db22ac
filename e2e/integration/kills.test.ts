import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { complaints, KillNight } from '../soak/kill-night.ts';

const seed = Number(process.env['QLF_KILL_SEED'] ?? Math.floor(Math.random() * 1e6));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlf-kills-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('killed at random instants and started again, it loses nothing, doubles nothing and leaves nobody', async () => {
  const said: string[] = [`seed ${String(seed)} (QLF_KILL_SEED repeats it)`];
  const report = await KillNight.run({ kills: 8, seed, folder, longestMs: 600_000, say: (text) => said.push(text) });
  process.stdout.write(`${said[0] ?? ''}\n`);
  expect(complaints(report), said.join('\n')).toEqual([]);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.acknowledged, said.join('\n')).toBeGreaterThan(20);
  expect(report.measurements).toBeGreaterThanOrEqual(report.acknowledged);
}, 1_500_000);
