import { writeCalibration } from '../files/calibration-files.ts';
import { writeExposure } from '../files/exposure-files.ts';
import type { ProgramArguments } from './arguments.ts';
import { nextExposure, readyAfter } from './observe.ts';

/**
 * Data made on purpose have a fixed date where none is given, so that the same command gives the same bytes on any day.
 */
const DATE = Date.parse('2019-11-16T02:00:00Z');

/** Writes a number of exposures as fast as it can, one after the other on the emulated clock. */
export async function writeBatch(
  args: ProgramArguments,
  exposures: number,
  report: (folder: string) => void,
): Promise<void> {
  await writeCalibration(args.directory, args.settings.size);
  let instant = args.date ?? DATE;
  for (let i = 0; i < exposures; i++) {
    const { exposure } = await nextExposure(args, args.settings, instant);
    report(await writeExposure(args.directory, exposure));
    instant = readyAfter(exposure);
  }
}
