import { existsSync } from 'node:fs';
import { Value } from 'typebox/value';
import { sourceOf } from '#shared/domain/source.ts';
import { AlarmSettingsSchema, DEFAULT_ALARM_SETTINGS } from '#shared/domain/alarm.ts';
import type { Finding } from '#shared/domain/command-line.ts';
import { EngineSettingsSchema, type EngineSettings } from '#shared/domain/settings.ts';
import { DEFAULT_STORAGE_SETTINGS, StorageSettingsSchema } from '#shared/domain/storage.ts';
import { alarmSettingsFrom } from './alarms/settings.ts';
import { reachEngine } from './control/call-control.ts';
import { checkDatabase } from './db/backup.ts';
import { MIGRATIONS } from './db/migrations.ts';
import type { QlfDatabase } from './db/open-database.ts';
import { readDatabase, sqliteVersion } from './db/read-database.ts';
import { examine, fault, good, unchecked, warning, type Check } from './doctor/finding.ts';
import { lookAtFileSystem, lookAtFolder, lookAtSpace, nearest } from './doctor/folder.ts';
import { lookAtAgent, lookAtClock, lookAtPort, lookAtProgram, lookAtRuntime } from './doctor/machine.ts';
import type { ProgramLauncher } from './domain/ports/program-launcher.ts';
import type { Secrets } from './domain/ports/secrets.ts';
import { findCalibration } from './dos/exposure-folder/calibration.ts';
import { LOCAL_ACCESS } from './dos/exposure-folder/folder-access.ts';
import { liveSettings } from './live-settings.ts';
import { connectHandlers, openAsking } from './open-connect.ts';
import { folderOwner, hasLock } from './orchestrator/folder-lock.ts';
import { dataFolder } from './orchestrator/folders.ts';
import { minimalEnvironment } from './pipeline/minimal-environment.ts';
import { parseSavedConfiguration } from './pipeline/ql-yaml.ts';
import { tryPipeline } from './pipeline/try-pipeline.ts';
import { createSecretKeeper } from './secrets/secret-keeper.ts';
import { standardDataFolder, type Place } from './standard-folders.ts';
import { createHostKeys } from './transfer/host-keys.ts';

/** No clock is right that is before this QLF. */
const EARLIEST = Date.UTC(2025, 0, 1);
/** ms that the pipeline's program, and each part of a connection, may take. */
const PATIENCE_MS = 60_000;

export interface DoctorOptions extends Place {
  calibration: string | null;
  launcher: ProgramLauncher;
  /** What the desktop keeps secrets in; null where this is no desktop. */
  secrets: (() => Promise<Secrets>) | null;
  env: NodeJS.ProcessEnv;
  now: () => number;
}

/** What the database knows, where it can be read. */
interface Known {
  store: QlfDatabase | null;
  settings: EngineSettings;
  fullAt: number;
  newest: number | null;
}

const NO_STORE = { setting: () => undefined, saveSetting: () => undefined };

function know(file: string, now: () => number): Known {
  let store: QlfDatabase | null = null;
  try {
    store = readDatabase(file, now);
  } catch {
    // Its own check says why.
  }
  const settings = liveSettings(store ?? NO_STORE, { catchUp: null, parallel: null, ingestPort: null }).get();
  const alarms = alarmSettingsFrom(store?.setting('alarm-settings'));
  const last = store?.lastRun();
  return { store, settings, fullAt: alarms.diskWarning, newest: last ? (last.endedAt ?? last.startedAt) : null };
}

function databaseChecks(file: string, source: string | null, { store }: Known): Check[] {
  const mend = 'End QLF, then: qlf restore --newest (the damaged one is put aside, not deleted)';
  const origin = source === null ? 'emulated' : 'real';
  return [
    {
      name: 'database',
      mend,
      look: () => {
        if (!existsSync(file)) return good(`${file} is made at the first start`);
        const facts = checkDatabase(file);
        if (facts.origin !== origin)
          return fault(
            `${file} is of ${facts.origin} nights, and the source of ${origin} ones`,
            'Choose another data folder (--data), or the right --source.',
          );
        if (facts.schema < MIGRATIONS.length)
          return warning(
            `read through and whole, of an older QLF (schema ${facts.schema} of ${MIGRATIONS.length})`,
            'The next start brings it up to date; before that: qlf backup',
          );
        return good(`read through and whole, schema ${facts.schema}`);
      },
    },
    {
      name: 'settings',
      mend,
      look: () => {
        if (!store) return unchecked('they are in the database, which is not there or cannot be read', '');
        const defaults = liveSettings(NO_STORE, { catchUp: null, parallel: null, ingestPort: null }).get();
        const groups = [
          ['settings', 'engine', EngineSettingsSchema, defaults],
          ['storage', 'storage', StorageSettingsSchema, DEFAULT_STORAGE_SETTINGS],
          ['alarm-settings', 'alarms', AlarmSettingsSchema, DEFAULT_ALARM_SETTINGS],
        ] as const;
        const bad = groups.filter(([key, , schema, standard]) => {
          const stored = store.setting(key);
          return stored !== undefined && !Value.Check(schema, { ...standard, ...(stored as object) });
        });
        if (bad.length === 0) return good('they fit this QLF');
        const names = bad.map(([, name]) => name).join(', ');
        return fault(
          `stored settings of ${names} do not fit, the standard ones are used`,
          'Set them again: qlf config get, then qlf config set KEY VALUE',
        );
      },
    },
    {
      name: 'QL configuration',
      mend: 'Save a whole one: Settings, QL configuration; or qlf config import qlconfig_science.yaml',
      look: () => {
        if (!store) return unchecked('it is in the database, which is not there or cannot be read', '');
        const { id, yaml, author } = store.currentConfiguration();
        parseSavedConfiguration(yaml);
        return good(`version ${id} by ${author} is whole`);
      },
    },
  ];
}

async function lookAtLock(root: string, engine: Engine): Promise<Omit<Finding, 'check'>> {
  const owner = folderOwner(root);
  if (engine.kind === 'engine') return good(`the engine of this folder runs (pid ${engine.pid})`);
  if (owner !== null)
    return fault(
      `pid ${owner} works in ${root} and does not answer (${engine.words})`,
      `Close QLF; where that does not help: kill ${owner}`,
    );
  if (engine.kind === 'silent')
    return fault(engine.words, 'End the program that listens there, or choose another --data.');
  const left = [...(hasLock(root) ? ['lock'] : []), ...(engine.kind === 'stale' ? ['socket'] : [])];
  if (left.length > 0)
    return warning(
      `the ${left.join(' and ')} of a QLF that was killed`,
      'Nothing to do: the next start takes them over.',
    );
  return good('nobody works in it');
}

type Engine =
  | { kind: 'engine'; pid: number; ingestUrl: string; settings: EngineSettings; words: string }
  | { kind: 'absent' | 'stale' | 'silent'; words: string };

async function engineOf(root: string): Promise<Engine> {
  const reached = await reachEngine(root);
  if (reached.kind !== 'engine') return reached;
  try {
    const { engine } = await reached.link.call('control-room.snapshot', {});
    const settings = await reached.link.call('settings.get', {});
    return { kind: 'engine', pid: reached.link.greeting.pid, ingestUrl: engine.ingestUrl, settings, words: '' };
  } finally {
    reached.link.close();
  }
}

/** Every part of the way to the source, each tried as the settings' own trial does. */
async function sourceChecks(options: DoctorOptions, known: Known, secrets: Secrets): Promise<Check[]> {
  const { source, root, launcher } = options;
  if (source === null) return [{ name: 'DOS', mend: '', look: () => good('the test environment, on this machine') }];
  const quiet = { publish: () => undefined, log: () => undefined };
  const agent = options.env['SSH_AUTH_SOCK'];
  const environment = minimalEnvironment(agent ? { SSH_AUTH_SOCK: agent } : {});
  const asking = openAsking(secrets, quiet);
  const handlers = connectHandlers({
    ...{ asking, environment, launcher, events: quiet, hostKeys: createHostKeys(asking.knownHostsFile) },
    store: { addJournal: () => undefined },
    settings: () => known.settings,
    answered: () => undefined,
    ingest: () => ({ url: '', warning: null }),
    standard: (from) => standardDataFolder(from === null),
  });
  const parts = await handlers['connection.plan']({ source });
  const own = parts.filter(({ part }) => !['data-folder', 'ingest', 'pipeline'].includes(part));
  return own.map((check) => ({
    name: `DOS: ${check.part.replace('-', ' ')}${check.dataHost === null ? '' : ` of ${check.dataHost}`}`,
    mend: 'Settings, Folders and data tries each part and says more.',
    look: async () => {
      const { outcome, found, advice } = await handlers['connection.try']({ source, data: root, check });
      if (outcome === 'good') return good(found);
      if (outcome === 'doubt') return warning(found, advice);
      return fault(found, advice || 'Check the source: --source, or Settings, Folders and data.');
    },
  }));
}

async function lookAtCalibration({ source, calibration, env }: DoctorOptions): Promise<Omit<Finding, 'check'>> {
  if (source === null) return good('the test environment makes its own');
  const known = sourceOf(source);
  if (known.kind !== 'folder')
    return unchecked('it comes from the data host with the exposures', 'Camera screens say where a job lacked one.');
  const environmentCalibration = env['DESI_SPECTRO_CALIB'];
  const found = await findCalibration(LOCAL_ACCESS, known.path, {
    ...(calibration === null ? {} : { calibration }),
    ...(environmentCalibration ? { environmentCalibration } : {}),
  });
  if (found) return good(found.path);
  return warning(
    'no calibration files are found: science exposures cannot be extracted',
    'Put them in calib beside the source folder, or start QLF with --calibration FOLDER, or set DESI_SPECTRO_CALIB.',
  );
}

/** Looks at everything that QLF needs; changes nothing. */
export async function openDoctor(options: DoctorOptions): Promise<Finding[]> {
  const { root, source, launcher, env, now } = options;
  const { database } = dataFolder(root);
  const stored = know(database, now);
  const remote = source !== null && sourceOf(source).kind !== 'folder';
  const engine = await engineOf(root);
  // What the start said counts more than what is stored.
  const known = engine.kind === 'engine' ? { ...stored, settings: engine.settings } : stored;
  const programs = minimalEnvironment({});
  let secrets = createSecretKeeper(null);
  const keyring: Check = {
    name: 'keyring',
    mend: 'Unlock the keyring, or use an SSH agent.',
    look: async () => {
      if (!options.secrets) return lookAtAgent(env['SSH_AUTH_SOCK']);
      secrets = await options.secrets();
      const { keeping, words } = secrets.keeping;
      return keeping === 'system'
        ? good(words)
        : warning(words, 'Install and unlock GNOME Keyring or KWallet, or use an SSH agent.');
    },
  };
  try {
    const first = await examine([
      { name: 'runtime', mend: 'Install QLF again.', look: () => lookAtRuntime(process.versions, sqliteVersion()) },
      {
        name: 'data folder',
        mend: 'Choose a folder that this account may write to: --data',
        look: () => lookAtFolder(root),
      },
      { name: 'file system', mend: 'Choose a folder that is there: --data', look: () => lookAtFileSystem(root) },
      {
        name: 'disk space',
        mend: 'Choose a folder that is there: --data',
        look: () => lookAtSpace(root, known.fullAt),
      },
      ...databaseChecks(database, source, known),
      { name: 'instance', mend: '', look: () => lookAtLock(root, engine) },
      {
        name: 'ingest port',
        mend: 'Choose another: qlf config set engine.ingestPort',
        look: () => lookAtPort(known.settings.ingestPort, engine.kind === 'engine' ? engine.ingestUrl : null),
      },
      {
        name: 'pipeline',
        mend: 'Choose which program runs: Settings, Pipeline; or qlf config set engine.pipeline',
        look: async () => good(await tryPipeline(known.settings.pipeline, launcher, AbortSignal.timeout(PATIENCE_MS))),
      },
      { name: 'rsync', mend: 'apt install rsync', look: () => lookAtProgram('rsync', remote, programs) },
      { name: 'ssh', mend: 'apt install openssh-client', look: () => lookAtProgram('ssh', remote, programs) },
      {
        name: 'calibration',
        mend: 'Start QLF with a --calibration FOLDER that is there.',
        look: () => lookAtCalibration(options),
      },
      keyring,
      {
        name: 'clock',
        mend: '',
        look: async () =>
          lookAtClock({ folder: await nearest(root), now, env, newest: known.newest, earliest: EARLIEST }),
      },
    ]);
    return [...first, ...(await examine(await sourceChecks(options, known, secrets)))];
  } finally {
    known.store?.close();
  }
}
