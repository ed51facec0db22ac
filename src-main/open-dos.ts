import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import type { Json } from '#shared/domain/measurement.ts';
import { type Source, sourceOf } from '#shared/domain/source.ts';
import { TestEnvironmentSettingsSchema, type TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import type { DosClient } from './domain/ports/dos-client.ts';
import type { EventSink } from './domain/ports/event-sink.ts';
import type { HostKeys } from './domain/ports/host-keys.ts';
import type { ProgramLauncher } from './domain/ports/program-launcher.ts';
import type { Store } from './domain/ports/store.ts';
import { createExposureFolderClient } from './dos/exposure-folder/client.ts';
import { createOpsdbClient } from './dos/opsdb/client.ts';
import { readOpsdbConfiguration } from './dos/opsdb/configuration.ts';
import { parseRemoteAddress } from './dos/remote-folder/address.ts';
import { createRemoteFolderClient } from './dos/remote-folder/client.ts';
import { createReopeningClient } from './dos/reopening-client.ts';
import { createTestEnvironmentClient } from './dos/test-environment/client.ts';
import type { Asking } from './open-connect.ts';
import type { CommandLine } from './options.ts';
import type { TestEnvironmentControls } from './orchestrator/handlers.ts';
import { createSftpLinks } from './transfer/sftp-links.ts';

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

export interface DosPlace {
  /** As `Source`; null: the test environment. */
  source: string | null;
  /** QLF's own folder. */
  root: string;
}

/** What reaching data hosts needs. */
export interface SshParts {
  /** ssh-agent's among it */
  environment: Record<string, string>;
  hostKeys: HostKeys;
  asking: Asking;
}

/** s of silence after which a data host is given up */
const STALL_SECONDS = 20;

/** The real DOS: a folder here or on a data host, or an operations database. */
function openSource(
  source: Source,
  calibration: { calibration?: string; environmentCalibration?: string },
  root: string,
  { environment, hostKeys, asking }: SshParts,
  events: Pick<EventSink, 'log'>,
): DosClient {
  const onProblem = (text: string): void => events.log('monitor', 'warning', `exposure folder: ${text}`);
  switch (source.kind) {
    case 'folder':
      return createExposureFolderClient({ directory: source.path, ...calibration, onProblem });
    case 'ssh':
      return createReopeningClient({
        adapter: 'exposure folder over SSH',
        version: () => Promise.resolve(`${source.address} ${asking.version()}`),
        open: async () => {
          const { passphrase } = asking;
          const links = createSftpLinks({
            environment,
            hostKeys,
            passphrase,
            stallSeconds: STALL_SECONDS,
            maxRate: null,
          });
          return createRemoteFolderClient({
            address: parseRemoteAddress(source.address),
            links,
            ...calibration,
            onProblem,
          });
        },
      });
    case 'opsdb':
      return createReopeningClient({
        adapter: 'operations database',
        version: async () => {
          const { mtimeMs, size } = await stat(source.file);
          return `${mtimeMs} ${size} ${asking.version()}`;
        },
        open: async () => {
          const configuration = await readOpsdbConfiguration(source.file);
          return createOpsdbClient({
            configuration,
            secret: asking.password(configuration),
            directory: join(root, 'spool', 'opsdb'),
            onProblem: (message) => events.log('monitor', 'warning', `operations database: ${message}`),
          });
        },
      });
  }
}

/** The DOS of this start: what the source says where there is one, else the test environment in the data folder. */
export function openDos(
  options: DosOptions,
  place: DosPlace,
  store: Pick<Store, 'setting' | 'saveSetting'>,
  ssh: SshParts,
  events: Pick<EventSink, 'log'>,
): OpenDos {
  if (place.source !== null) {
    const environmentCalibration = process.env['DESI_SPECTRO_CALIB'];
    const calibration = {
      ...(options.calibration === null ? {} : { calibration: options.calibration }),
      ...(environmentCalibration ? { environmentCalibration } : {}),
    };
    return { client: openSource(sourceOf(place.source), calibration, place.root, ssh, events), controls: null };
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
