import { expect, it } from 'vitest';
import { pressureComplaints, runPressureNight } from '../soak/pressure-night.ts';

it('exposures that come faster than they are processed: the newest is next, gaps are visible, idle time catches up', async () => {
  const report = await runPressureNight({ exposures: 24, each: 3, say: () => undefined });
  expect(pressureComplaints(report)).toEqual([]);
  expect(report.underPressure).toBeLessThan(12);
  expect(report.superseded).toBeGreaterThan(12);
}, 600_000);
