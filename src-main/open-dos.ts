import type { DosClient } from './domain/ports/dos-client.ts';
import { createExposureFolderClient } from './dos/exposure-folder/client.ts';
import type { EngineOptions } from './composition.ts';
import type { TestEnvironmentControls } from './orchestrator/handlers.ts';

export interface OpenDos {
  client: DosClient;
  /** Null on a real night. */
  controls: TestEnvironmentControls | null;
}

/** The DOS of this start: an exposure folder where a source is given, else the test environment. */
export function openDos(options: EngineOptions, source: string): OpenDos {
  const environmentCalibration = process.env['DESI_SPECTRO_CALIB'];
  return {
    client: createExposureFolderClient({
      directory: source,
      ...(options.calibration === null ? {} : { calibration: options.calibration }),
      ...(environmentCalibration ? { environmentCalibration } : {}),
    }),
    controls: null,
  };
}
