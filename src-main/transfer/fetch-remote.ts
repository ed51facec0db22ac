import { rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteFile } from './remote.ts';
import type { ProgressMeter } from './progress.ts';
import type { Staging } from './staging.ts';
import type { Expected } from './verify.ts';

/** ms between looks at how much has come. */
const LOOK_MS = 200;

/** Bytes of a file, 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

/** Reports the size of the growing file until `signal` is aborted. */
async function watchGrowth(file: string, meter: ProgressMeter, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    meter.at(await sizeOf(file));
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Brings a remote file into staging by rsync, going on where an earlier attempt stopped.
 * @param expected with the size known
 * @param mark environment by which the programs are known as ours
 * @returns what it must be, with the checksum that the host has made in the meantime
 */
export async function fetchRemote(
  remote: RemoteFile,
  expected: Expected & { bytes: number },
  staging: Staging,
  mark: Record<string, string>,
  signal: AbortSignal,
  meter: ProgressMeter,
): Promise<Expected> {
  // Ends what runs beside the transfer: when that is over, and when the caller wants no more.
  const beside = new AbortController();
  const abort = (): void => beside.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  // A part that is as long as the whole is never appended to: rsync would leave it as it is, right or wrong.
  if ((await sizeOf(staging.file)) >= expected.bytes) await rm(staging.file, { force: true });
  const growth = watchGrowth(staging.file, meter, beside.signal);
  const checksum =
    expected.sha256 === null ? remote.sha256(beside.signal).catch(() => null) : Promise.resolve(expected.sha256);
  try {
    await remote.fetchInto(staging.part, mark, signal);
    return { bytes: expected.bytes, sha256: await checksum };
  } finally {
    signal.removeEventListener('abort', abort);
    beside.abort();
    await growth;
  }
}
