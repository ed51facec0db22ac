import type { TransferUpdate } from '../domain/ports/transfer.ts';

/** ms between two reports, and the time over which the rate is taken. */
const PERIOD_MS = 250;
const WINDOW_MS = 1000;

/** Turns "so many bytes are here" into reports with a rate, a few a second. */
export interface ProgressMeter {
  at(bytes: number): void;
  /** Reports whatever the time. */
  finish(bytes: number): void;
}

export function createProgressMeter(
  totalBytes: () => number | null,
  onProgress: ((update: TransferUpdate) => void) | undefined,
): ProgressMeter {
  const samples: { at: number; bytes: number }[] = [];
  let last = -Infinity;
  const report = (bytes: number): void => {
    const at = performance.now();
    last = at;
    samples.push({ at, bytes });
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > WINDOW_MS) samples.shift();
    const [first] = samples;
    const seconds = first ? (at - first.at) / 1000 : 0;
    const rate = first && seconds > 0 ? (bytes - first.bytes) / seconds : null;
    const total = totalBytes();
    const secondsLeft = total !== null && rate !== null && rate > 0 ? Math.max(0, total - bytes) / rate : null;
    onProgress?.({ bytes, totalBytes: total, rate, secondsLeft });
  };
  return {
    at(bytes) {
      if (performance.now() - last >= PERIOD_MS) report(bytes);
    },
    finish: report,
  };
}
