import { dirname, join } from 'node:path';
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
import { folderSettingsFile } from './standard-folders.ts';
import { isLockedKey } from './transfer/locked-key.ts';
import { createHostProbe } from './transfer/probe-host.ts';
import { createSftpLinks } from './transfer/sftp-links.ts';

/** s of silence after which a trial gives a data host up */
const STALL_SECONDS = 15;

/** What connections get from a person, or ask for where it is not there yet. */
export interface Asking {
  desk: QuestionDesk;
  secrets: Secrets;
  /** Of the account's key; null where none is needed or known. */
  passphrase: (host: RemoteHost) => Promise<string | null>;
  /** Of the database's user, from the desktop or from files; null where none is known. */
  password: (configuration: OpsdbConfiguration) => () => Promise<string | null>;
  /** Differs when a person has answered something since. */
  version: () => string;
}

/** The passwords, passphrases and host keys of all connections; what is missing becomes a question on the screen. */
export function openAsking(secrets: Secrets, events: Pick<EventSink, 'publish'>): Asking {
  const desk = createQuestionDesk(events, Date.now);
  return {
    desk,
    secrets,
    async passphrase(host) {
      const question = passphraseOf(host);
      const held = secrets.get(question.name);
      if (host.identityFile === null || !(await isLockedKey(host.identityFile, held))) return held;
      // An agent may hold the key; where it does not, the failure to log in says so.
      if (!process.env['SSH_AUTH_SOCK']) desk.wantSecret(question);
      return null;
    },
    password: (configuration) => async () => {
      const question = passwordOf(configuration);
      const held = secrets.get(question.name) ?? (await passwordFromFiles(process.env, configuration)());
      if (held === null) desk.wantSecret(question);
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
  const { asking, hostKeys, environment, standard } = parts;
  const ssh = { environment, hostKeys, stallSeconds: STALL_SECONDS, maxRate: null, passphrase: asking.passphrase };
  return {
    ...answerHandlers({ ...parts, ...asking, now: Date.now }),
    ...trialHandlers(
      {
        host: createHostProbe(ssh),
        database: createDatabaseProbe(asking.password),
        folder: createFolderProbe(() => createSftpLinks(ssh)),
        configuration: readOpsdbConfiguration,
        address: (text) => parseRemoteAddress(text).host,
        lacksPassphrase: async ({ identityFile }) =>
          identityFile !== null && isLockedKey(identityFile, asking.secrets.get(passphraseOf({ identityFile }).name)),
        lacksPassword: async (configuration) => (await asking.password(configuration)()) === null,
        ingest: parts.ingest,
        pipeline: async (signal) => good(await tryPipeline(parts.settings().pipeline, parts.launcher, signal)),
      },
      standard,
    ),
    ...opsdbFileHandlers({ standard: join(dirname(folderSettingsFile()), 'opsdb.json'), parse: opsdbConfiguration }),
  };
}
