import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { answerHandlers } from './connect/answer-handlers.ts';
import { opsdbFileHandlers } from './connect/opsdb-file.ts';
import { good, passphraseOf, passwordOf } from './connect/outcome.ts';
import { createQuestionDesk, type QuestionDesk } from './connect/questions.ts';
import { trialHandlers } from './connect/trial-handlers.ts';
import type { RemoteHost } from './domain/ports/dos-client.ts';
import type { EventSink } from './domain/ports/event-sink.ts';
import type { HostKeys } from './domain/ports/host-keys.ts';
import type { ProgramLauncher } from './domain/ports/program-launcher.ts';
import type { Secrets } from './domain/ports/secrets.ts';
import type { Store } from './domain/ports/store.ts';
import { opsdbConfiguration, readOpsdbConfiguration } from './dos/opsdb/configuration.ts';
import { passwordFromFiles } from './dos/opsdb/password-file.ts';
import { createDatabaseProbe } from './dos/opsdb/probe.ts';
import { createFolderProbe } from './dos/probe-folder.ts';
import { parseRemoteAddress } from './dos/remote-folder/address.ts';
import { tryPipeline } from './pipeline/try-pipeline.ts';
import { knownHostsFile, opsdbFile } from './standard-folders.ts';
import { createHostKeys } from './transfer/host-keys.ts';
import { isLockedKey } from './transfer/locked-key.ts';
import { createHostProbe } from './transfer/probe-host.ts';
import { createSftpLinks } from './transfer/sftp-links.ts';

/** s of silence after which a trial gives a data host up */
const STALL_SECONDS = 15;

/** What connections get from a person, or ask for where it is not there yet. */
export interface Asking {
  desk: QuestionDesk;
  secrets: Secrets;
  /** Where accepted keys of hosts are put on record. */
  knownHostsFile: string;
  /** Of the account's key; null where none is needed or known. */
  passphrase: (host: RemoteHost) => Promise<string | null>;
  /** Of the database's user, from the desktop or from files; null where none is known. */
  password: (configuration: OpsdbConfiguration) => () => Promise<string | null>;
  /** Differs when a person has answered something since. */
  version: () => string;
}

/** What is known of a key's passphrase; `locked`: the key needs another than that. */
async function heldPassphrase(
  secrets: Secrets,
  host: Pick<RemoteHost, 'identityFile'>,
): Promise<{ passphrase: string | null; locked: boolean }> {
  const held = secrets.get(passphraseOf(host).name);
  const locked = host.identityFile !== null && (await isLockedKey(host.identityFile, held));
  return { passphrase: locked ? null : held, locked };
}

const heldPassword = async (secrets: Secrets, configuration: OpsdbConfiguration): Promise<string | null> =>
  secrets.get(passwordOf(configuration).name) ?? passwordFromFiles(process.env, configuration)();

/** The passwords, passphrases and host keys of all connections; what is missing becomes a question on the screen. */
export function openAsking(secrets: Secrets, events: Pick<EventSink, 'publish'>): Asking {
  const desk = createQuestionDesk(events, Date.now);
  return {
    desk,
    secrets,
    knownHostsFile: knownHostsFile(),
    async passphrase(host) {
      const held = await heldPassphrase(secrets, host);
      // An agent may hold the key; where it does not, the failure to log in says so.
      if (held.locked && !process.env['SSH_AUTH_SOCK']) desk.wantSecret(passphraseOf(host));
      return held.passphrase;
    },
    password: (configuration) => async () => {
      const held = await heldPassword(secrets, configuration);
      if (held === null) desk.wantSecret(passwordOf(configuration));
      return held;
    },
    version: () => `${secrets.version} ${desk.accepted}`,
  };
}

export interface ConnectParts {
  asking: Asking;
  hostKeys: HostKeys;
  /** Of ssh and rsync. */
  environment: Record<string, string>;
  store: Pick<Store, 'addJournal'>;
  events: Pick<EventSink, 'log'>;
  launcher: ProgramLauncher;
  settings: () => EngineSettings;
  /** Told when a person has answered. */
  answered: () => void;
  ingest: () => { url: string; warning: string | null };
  /** QLF's own folder for nights of that source where none is chosen. */
  standard: (source: string | null) => string;
}

type ConnectChannels =
  | 'secret.state'
  | 'secret.set'
  | 'secret.remove'
  | 'host-key.accept'
  | 'host-key.refuse'
  | 'connection.plan'
  | 'connection.try'
  | 'connection.cancel'
  | 'opsdb.open'
  | 'opsdb.save';

export function connectHandlers(parts: ConnectParts): Pick<Handlers, ConnectChannels> {
  const { asking, environment, standard } = parts;
  const { secrets, desk } = asking;
  // What is only tried asks nobody by itself: its questions stand beside the trial.
  const ssh = {
    environment,
    hostKeys: desk.watch(createHostKeys(asking.knownHostsFile), true),
    stallSeconds: STALL_SECONDS,
    maxRate: null,
    passphrase: async (host: RemoteHost) => (await heldPassphrase(secrets, host)).passphrase,
  };
  return {
    ...answerHandlers({ ...parts, ...asking, now: Date.now }),
    ...trialHandlers(
      {
        host: createHostProbe(ssh),
        database: createDatabaseProbe((configuration) => () => heldPassword(secrets, configuration)),
        folder: createFolderProbe(() => createSftpLinks(ssh)),
        configuration: readOpsdbConfiguration,
        address: (text) => parseRemoteAddress(text).host,
        lacksPassphrase: async (host) => (await heldPassphrase(secrets, host)).locked,
        lacksPassword: async (configuration) => (await heldPassword(secrets, configuration)) === null,
        ingest: parts.ingest,
        pipeline: async (signal) => good(await tryPipeline(parts.settings().pipeline, parts.launcher, signal)),
      },
      standard,
    ),
    ...opsdbFileHandlers({ standard: opsdbFile(), parse: opsdbConfiguration }),
  };
}
