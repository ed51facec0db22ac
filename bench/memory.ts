/**
 * Memory of the window and of the engine while exposures are really observed: the emulated telescope takes one as soon as the one
 * before is processed, and every camera of each goes through the whole pipeline. Prints megabytes beside the goal; no test
 * passes or fails by it.
 *
 *   npm run bench:memory [-- --observed 24]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort, openQlf, type Qlf } from '../e2e/fixtures/qlf.ts';

const { values: options } = parseArgs({ options: { observed: { type: 'string', default: '24' } } });
const observed = Number(options.observed);
/** Lines of the table. */
const LINES = 8;
/** The first exposures fill what is kept on purpose: the recent exposures, the tail of the log, compiled code. */
const WARM_UP = 0.25;
/** An exposure that takes longer has failed to come, ms. */
const PATIENCE_MS = 600_000;

interface Memory {
  done: number;
  /** Live objects of the page after a collection, MB. */
  page: number;
  /** Resident set of the engine's process, MB. */
  engine: number;
}

async function memoryOf(qlf: Qlf, done: number): Promise<Memory> {
  const session = await qlf.page.context().newCDPSession(qlf.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const engine = await qlf.electron.evaluate(() => process.memoryUsage().rss / 1e6);
  return { done, page: usedSize / 1e6, engine };
}

/** Takes the next exposure and waits until it is processed. */
async function observe(qlf: Qlf, done: number): Promise<void> {
  await qlf.ask('test-environment.expose-now', {});
  for (let waited = 0; waited < PATIENCE_MS; waited += 250) {
    const { engine, current, exposures } = await qlf.ask('control-room.snapshot', {});
    const ended = engine.activity === 'idle' && current !== null && current.run.state !== 'running';
    if (ended && exposures[0]?.state === 'processed' && exposures[0].expid > done) return;
    await pause(250);
  }
  throw new Error(`exposure ${String(done + 1)} was not processed within ${String(PATIENCE_MS / 1000)} s`);
}

/** MB a hundred exposures: the slope of a line through the points, by least squares. */
function growth(points: readonly Memory[], of: (memory: Memory) => number): number {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(({ done }) => done)), mean(points.map(of))];
  const above = points.reduce((sum, point) => sum + (point.done - x) * (of(point) - y), 0);
  return (100 * above) / points.reduce((sum, point) => sum + (point.done - x) ** 2, 0);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-memory-'));
  const args = ['--seed', '31', '--size', 'compact', '--cadence', 'manual', '--no-catch-up'];
  const qlf = await openQlf({ folder, ingestPort: await freePort(), args });
  try {
    await qlf.page.getByRole('grid', { name: 'Cameras' }).waitFor();
    const settings = await qlf.ask('settings.get', {});
    const flavors: typeof settings.flavors = ['science', 'object', 'arc', 'flat', 'bias', 'dark'];
    await qlf.ask('settings.set', { settings: { ...settings, flavors } });
    console.log('MB after exposures observed          page heap   engine');
    const points: Memory[] = [];
    const begun = performance.now();
    for (let done = 0; done <= observed; done++) {
      if (done > 0) await observe(qlf, done - 1);
      if (done % Math.max(1, Math.floor(observed / LINES)) !== 0) continue;
      const point = await memoryOf(qlf, done);
      points.push(point);
      const cells = [point.page.toFixed(1), point.engine.toFixed(0)].map((text) => text.padStart(9));
      console.log(`${String(done).padStart(10)}${' '.repeat(27)}${cells.join('')}`);
    }
    const steady = points.filter(({ done }) => done >= observed * WARM_UP);
    const slopes = [growth(steady, ({ page }) => page), growth(steady, ({ engine }) => engine)];
    console.log(
      `MB more every 100, after the first quarter   ${slopes.map((slope) => slope.toFixed(1)).join(' and ')} ` +
        `(goal: no growth); ${((performance.now() - begun) / 1000 / observed).toFixed(1)} s an exposure`,
    );
  } finally {
    await qlf.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
