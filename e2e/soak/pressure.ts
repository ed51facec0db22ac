/**
 * npm run soak -- pressure [--exposures 300] [--each 4]: a bright night in which exposures come faster than they can be
 * processed. Fails where the newest was not next, a gap was not visible or not caught up, or memory or disk grew without end.
 */
import { parseArgs } from 'node:util';
import { pressureComplaints, runPressureNight } from './pressure-night.ts';

const { values } = parseArgs({
  options: { exposures: { type: 'string', default: '300' }, each: { type: 'string', default: '4' } },
});
const print = (text: string): boolean => process.stdout.write(`${text}\n`);
const report = await runPressureNight({
  exposures: Number(values.exposures),
  each: Number(values.each),
  say: (text) => print(`pressure: ${text}`),
});
print(JSON.stringify(report, null, 1));
const wrong = pressureComplaints(report);
for (const text of wrong) print(`pressure: ${text}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
