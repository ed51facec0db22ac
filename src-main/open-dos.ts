import { join } from 'node:path';
import { Value } from 'typebox/value';
import type { Json } from '#shared/domain/measurement.ts';
import { TestEnvironmentSettingsSchema, type TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import type { DosClient } from './domain/ports/dos-client.ts';
import type { EventSink } from './domain/ports/event-sink.ts';
import type { ProgramLauncher } from './domain/ports/program-launcher.ts';
import type { Store } from './domain/ports/store.ts';
import { createExposureFolderClient } from './dos/exposure-folder/client.ts';
import { createTestEnvironmentClient } from './dos/test-environment/client.ts';
import type { CommandLine } from './options.ts';
import type { TestEnvironmentControls } from './orchestrator/handlers.ts';

export interface DosOptions extends Pick<CommandLine, 'calibration' | 'seed' | 'size' | 'period' | 'cadence'> {
  launcher: ProgramLauncher;
}

export interface OpenDos {
  client: DosClient;
  /** Null on a real night. */
  controls: TestEnvironmentControls | null;
}

const SETTINGS = 'test-environment';

const DEFAULTS: TestEnvironmentSettings = {
  seed: 1,
  size: 'compact',
  cadence: 'accelerated',
  acceleratedPeriod: 20,
  faults: [],
};

/** What the command line says, over what was set last in this data folder, over the defaults. */
function emulatedSettings(options: DosOptions, stored: Json | undefined): TestEnvironmentSettings {
  const last = Value.Check(TestEnvironmentSettingsSchema, stored) ? stored : DEFAULTS;
  return {
    ...last,
    ...(options.seed === null ? {} : { seed: options.seed }),
    ...(options.size === null ? {} : { size: options.size }),
    ...(options.period === null ? {} : { acceleratedPeriod: options.period }),
    ...(options.cadence === null ? {} : { cadence: options.cadence }),
  };
}

/** The DOS of this start: an exposure folder where there is a source, else the test environment in the data folder. */
export function openDos(
  options: DosOptions,
  place: { source: string | null; root: string },
  store: Pick<Store, 'setting' | 'saveSetting'>,
  events: Pick<EventSink, 'log'>,
): OpenDos {
  if (place.source !== null) {
    const environmentCalibration = process.env['DESI_SPECTRO_CALIB'];
    const client = createExposureFolderClient({
      directory: place.source,
      ...(options.calibration === null ? {} : { calibration: options.calibration }),
      ...(environmentCalibration ? { environmentCalibration } : {}),
    });
    return { client, controls: null };
  }
  const client = createTestEnvironmentClient({
    directory: join(place.root, 'test-environment'),
    settings: emulatedSettings(options, store.setting(SETTINGS)),
    launcher: options.launcher,
    onProblem: (message) => events.log('monitor', 'warning', `test environment: ${message}`),
  });
  return {
    client,
    controls: {
      settings: () => client.settings(),
      set: async (settings) => {
        await client.set(settings);
        store.saveSetting(SETTINGS, settings);
      },
      exposeNow: (kind) => client.exposeNow(kind),
      state: () => client.state(),
    },
  };
}
