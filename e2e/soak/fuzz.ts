/**
 * npm run soak -- fuzz [--inputs 1000000] [--seed N] [--target NAME] [--first I]: reads bad inputs by every reader of what comes
 * from outside, and fails where one crashes it, hangs it, or ends in anything but an error with a code. A finding names its
 * seed and place: `--target NAME --seed N --first I --inputs 1` reads that input again.
 */
import { parseArgs } from 'node:util';
import { fuzz } from '../fuzz/run-fuzz.ts';
import { TARGETS } from '../fuzz/targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string' },
    first: { type: 'string', default: '0' },
  },
});
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const seed = Number(values.seed);
const chosen = Object.entries(TARGETS).filter(([name]) => values.target === undefined || name === values.target);
if (chosen.length === 0) throw new Error(`--target takes ${Object.keys(TARGETS).join(', ')}`);
const shares = chosen.reduce((sum, [, { share }]) => sum + share, 0);
say(`fuzz: seed ${values.seed}`);

let read = 0;
let wrong = 0;
for (const [name, { share }] of chosen) {
  const count = Math.ceil((Number(values.inputs) * share) / shares);
  const begun = performance.now();
  const { outcomes, findings } = await fuzz(name, seed, count, Number(values.first));
  const words = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const each = ((performance.now() - begun) / count).toFixed(2);
  say(
    `${name.padEnd(12)}${String(count).padStart(8)} inputs, ${each} ms each: ${words.map((pair) => pair.join(' ')).join(', ')}`,
  );
  for (const { index, what, input } of findings)
    say(`${name}: input ${String(index)} of seed ${values.seed}: ${what}\n${input}`);
  read += words.reduce((sum, [, times]) => sum + times, 0);
  wrong += findings.length;
}
say(`fuzz: ${String(read)} bad inputs read or refused with a code, ${String(wrong)} not`);
process.exitCode = wrong > 0 ? 1 : 0;
