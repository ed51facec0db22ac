import { Worker } from 'node:worker_threads';
import type { FuzzFinding, FuzzOrder, FuzzReport } from './worker.ts';

/** Inputs of one thread: it begins anew after them, so that what one input leaves behind cannot pile up. */
const INPUTS_A_THREAD = 20_000;
/** ms in which a thread must come to the next input, on however slow a machine. Each takes a millisecond or so. */
const HANGS_AFTER = 120_000;
const LOOK_EVERY = 500;
const HEAP_MB = 1024;

/** Reads inputs `from … to` of a target in a thread of their own; a crash, a hang or a full heap is a finding. */
function runPart(target: string, seed: number, from: number, to: number): Promise<FuzzReport> {
  const place = new Int32Array(new SharedArrayBuffer(4));
  place[0] = from;
  const order: FuzzOrder = { target, seed, from, to, place };
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: order,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  return new Promise((resolve) => {
    let at = from;
    let since = performance.now();
    let ended = false;
    const finish = (report: FuzzReport): void => {
      if (ended) return;
      ended = true;
      clearInterval(watch);
      void worker.terminate().then(() => resolve(report));
    };
    const lost = (what: string): void =>
      finish({ outcomes: {}, findings: [{ target, seed, index: Atomics.load(place, 0), what, input: '' }] });
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0);
      if (now !== at) {
        at = now;
        since = performance.now();
      } else if (performance.now() - since > HANGS_AFTER) lost('hangs');
    }, LOOK_EVERY);
    worker.once('message', finish);
    worker.once('error', (error) =>
      lost(`crashes: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.once('exit', (code) => lost(`ends with ${String(code)}`));
  });
}

/** Reads `count` bad inputs of a target, or those from `first` on. */
export async function fuzz(target: string, seed: number, count: number, first = 0): Promise<FuzzReport> {
  const outcomes: Record<string, number> = {};
  const findings: FuzzFinding[] = [];
  for (let from = first; from < first + count; from += INPUTS_A_THREAD) {
    const part = await runPart(target, seed, from, Math.min(first + count, from + INPUTS_A_THREAD));
    for (const [word, times] of Object.entries(part.outcomes)) outcomes[word] = (outcomes[word] ?? 0) + times;
    findings.push(...part.findings);
  }
  return { outcomes, findings };
}
