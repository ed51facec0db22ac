import { join } from 'node:path';
import { createExposureFolderClient } from '../../exposure-folder/client.ts';
import { readOpsdbConfiguration } from '../../opsdb/configuration.ts';
import { createOpsdbFiller } from '../../opsdb/fill.ts';
import { passwordFromFiles } from '../../opsdb/password-file.ts';
import type { ProgramArguments } from './arguments.ts';

/**
 * Brings an operations database up to date with the exposures of the emulated DOS's folder; those that could not be
 * written come with the next call.
 * @returns a function that says which numbers it has written; it connects for the time of one call
 */
export function databaseFiller(
  directory: string,
  { file, dataHost }: NonNullable<ProgramArguments['opsdb']>,
  env: Readonly<Record<string, string | undefined>>,
): () => Promise<number[]> {
  const folder = createExposureFolderClient({
    directory: join(directory, 'raw'),
    calibration: join(directory, 'calib'),
    patience: { whole: 0, short: 0, damaged: 0 },
  });
  let last: number | null = null;

  async function fill(): Promise<number[]> {
    const configuration = await readOpsdbConfiguration(file);
    const filler = await createOpsdbFiller(configuration, passwordFromFiles(env, configuration), dataHost);
    const written: number[] = [];
    try {
      for (const exposure of await folder.getExposuresSince(last)) {
        await filler.fill(folder, exposure);
        last = exposure.expid;
        written.push(exposure.expid);
      }
    } finally {
      await filler.close();
    }
    return written;
  }

  let filling: Promise<unknown> = Promise.resolve();
  return () => {
    const next = filling.then(fill, fill);
    filling = next;
    return next;
  };
}
