/**
 * npm run soak -- kills [--kills 200] [--seed N] [--minutes 90]: kills the headless engine at random instants through a night,
 * starts it again, and fails where an acknowledged measurement is lost or doubled, an exposure stuck, or a process left.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { complaints, KillNight } from './kill-night.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '90' },
  },
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'qlf-kills-'));
say(`kills: seed ${values.seed}, data in ${folder}`);
const begun = performance.now();
const report = await KillNight.run({
  kills: Number(values.kills),
  seed: Number(values.seed),
  folder,
  longestMs: Number(values.minutes) * 60_000,
  say: (text) => say(`${((performance.now() - begun) / 1000).toFixed(0).padStart(6)} s  ${text}`),
});
say(JSON.stringify(report, null, 1));
const wrong = complaints(report);
if (wrong.length === 0) {
  rmSync(folder, { recursive: true, force: true });
  say(
    `kills: ${String(report.kills)} kills, ${String(report.acknowledged)} values acknowledged, none lost, none doubled`,
  );
} else {
  say(`kills: ${String(wrong.length)} things wrong; the data stay in ${folder}\n${wrong.slice(0, 50).join('\n')}`);
  process.exitCode = 1;
}
