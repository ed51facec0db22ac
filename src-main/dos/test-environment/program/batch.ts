import { writeCalibration } from '../files/calibration-files.ts';
import { writeExposure } from '../files/exposure-files.ts';
import type { ProgramArguments } from './arguments.ts';
import { nextExposure, readyAfter } from './observe.ts';

/** Writes a number of exposures as fast as it can, one after the other on the emulated clock. */
export async function writeBatch(
  args: ProgramArguments & { exposures: number; date: number },
  report: (line: string) => void,
): Promise<void> {
  await writeCalibration(args.directory, args.settings.size);
  let instant = args.date;
  for (let i = 0; i < args.exposures; i++) {
    const exposure = await nextExposure(args, args.settings, instant);
    const folder = await writeExposure(args.directory, exposure);
    instant = readyAfter(exposure);
    report(folder);
  }
}
