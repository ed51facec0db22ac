/** A thread that reads bad inputs one after another and says where it is, so that a hang can be told and ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { randomOf } from './random.ts';
import { TARGETS } from './targets.ts';

export interface FuzzOrder {
  target: string;
  seed: number;
  from: number;
  to: number;
  /** [0] is the input that is being read. */
  place: Int32Array<SharedArrayBuffer>;
}

export interface FuzzFinding {
  target: string;
  seed: number;
  /** Which input; -1 at the end of all. */
  index: number;
  what: string;
  /** The input, base64, cut at 3000 bytes. */
  input: string;
}

export interface FuzzReport {
  /** Word or code → how many inputs ended so. */
  outcomes: Record<string, number>;
  findings: FuzzFinding[];
}

const MOST_FINDINGS = 5;
const { target: name, seed, from, to, place } = workerData as FuzzOrder;
const outcomes: Record<string, number> = {};
const findings: FuzzFinding[] = [];
const found = (index: number, error: unknown, input: Uint8Array): void => {
  const what = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const start = Buffer.from(input.subarray(0, 3000)).toString('base64');
  findings.push({ target: name, seed, index, what, input: start });
};

const target = TARGETS[name]?.open();
if (!target) throw new Error(`there is no target ${name}`);
const one = async (index: number): Promise<void> => {
  const input = target.input(randomOf(seed, name, index));
  try {
    const word = await target.run(input);
    outcomes[word] = (outcomes[word] ?? 0) + 1;
  } catch (error) {
    found(index, error, input);
  }
};
const together = target.together ?? 1;
for (let index = from; index < to && findings.length < MOST_FINDINGS; index += together) {
  Atomics.store(place, 0, index);
  await Promise.all(Array.from({ length: Math.min(together, to - index) }, (_, i) => one(index + i)));
}
try {
  await target.close?.();
} catch (error) {
  found(-1, error, new Uint8Array());
}
parentPort?.postMessage({ outcomes, findings } satisfies FuzzReport);
