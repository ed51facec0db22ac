import { assertNever } from '#shared/assert-never.ts';
import type { CheckResult, ConnectionCheck, ConnectionPart } from '#shared/domain/connection.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { type Source, sourceOf } from '#shared/domain/source.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { DatabaseProbe, FolderProbe, HostProbe } from '../domain/ports/connection-probes.ts';
import type { DosExposure, RemoteHost } from '../domain/ports/dos-client.ts';
import { doubt, failed, good, passphraseOf, passwordOf } from './outcome.ts';
import { tryDataFolder } from './try-data-folder.ts';

export interface TrialParts {
  host: HostProbe;
  database: DatabaseProbe;
  folder: FolderProbe;
  /** @throws QlfError that names the file */
  configuration: (file: string) => Promise<OpsdbConfiguration>;
  /** @throws QlfError that says what is wrong with the address */
  address: (text: string) => RemoteHost;
  /** Whether nobody has given the passphrase of this host's key, which needs one. */
  lacksPassphrase: (host: RemoteHost) => Promise<boolean>;
  lacksPassword: (configuration: OpsdbConfiguration) => Promise<boolean>;
  /** Where pipelines post to, and what is unusual about it. */
  ingest: () => { url: string; warning: string | null };
  /** Starts the pipeline's program, as far as that is possible without an exposure; what it found. */
  pipeline: (signal: AbortSignal) => Promise<CheckResult>;
}

export interface Trial extends ConnectionCheck {
  source: string | null;
  /** QLF's own folder as it would be. */
  data: string;
}

const COMMON = ['data-folder', 'ingest', 'pipeline'] as const;
const HOST = ['reach', 'host-key', 'log-in', 'rsync'] as const;
const DATABASE = ['database', 'tls', 'sign-in', 'role', 'columns', 'last-exposure'] as const;

const of = (parts: readonly ConnectionPart[], dataHost: string | null = null): ConnectionCheck[] =>
  parts.map((part) => ({ part, dataHost }));

/** What there is to try for a source, in the order in which the parts depend on each other. */
export async function planOf(
  text: string | null,
  configuration: TrialParts['configuration'],
): Promise<ConnectionCheck[]> {
  if (text === null) return of(COMMON);
  const source = sourceOf(text);
  switch (source.kind) {
    case 'folder':
      return of(['folder', 'last-exposure', ...COMMON]);
    case 'ssh':
      return of([...HOST, 'folder', 'last-exposure', ...COMMON]);
    case 'opsdb': {
      // A file that cannot be read is told by its own trial.
      const hosts = await configuration(source.file).then(
        ({ dataHosts }) => Object.keys(dataHosts),
        () => [],
      );
      return [...of(['configuration', ...DATABASE]), ...hosts.flatMap((name) => of(HOST, name)), ...of(COMMON)];
    }
  }
}

const exposureWords = ({ expid, night, flavor }: DosExposure): string => `${expid8(expid)}, ${flavor}, night ${night}`;

/** Tries one part; never rejects for what the part itself shows. */
export async function tryPart(trial: Trial, parts: TrialParts, signal: AbortSignal): Promise<CheckResult> {
  try {
    const source = trial.source === null ? null : sourceOf(trial.source);
    switch (trial.part) {
      case 'data-folder':
        return await tryDataFolder(trial.data);
      case 'ingest': {
        const { url, warning } = parts.ingest();
        return warning === null ? good(`Pipelines post to ${url}`) : doubt(warning, `They post to ${url}`);
      }
      case 'pipeline':
        return await parts.pipeline(signal);
      case 'configuration':
        return await tryConfiguration(configurationFile(source), parts);
      case 'reach':
      case 'host-key':
      case 'log-in':
      case 'rsync':
        return await tryHost(trial.part, await hostOf(source, trial.dataHost, parts), parts, signal);
      case 'database':
      case 'tls':
      case 'sign-in':
      case 'role':
      case 'columns':
        return await tryDatabase(trial.part, await parts.configuration(configurationFile(source)), parts, signal);
      case 'folder':
        return await tryFolder(trial.source ?? '', parts, signal);
      case 'last-exposure': {
        const last =
          source?.kind === 'opsdb'
            ? await parts.database.lastExposure(await parts.configuration(source.file), signal)
            : await parts.folder.lastExposure(trial.source ?? '', signal);
        if (last) return good(exposureWords(last));
        return doubt('There is no complete exposure yet', 'QLF waits for the first one; nothing is wrong with that.');
      }
      default:
        return assertNever(trial.part, 'part');
    }
  } catch (error) {
    return failed(signal.aborted ? new Error('Given up') : error);
  }
}

function configurationFile(source: Source | null): string {
  if (source?.kind === 'opsdb') return source.file;
  throw new QlfError('bad-request', 'only an operations database has a configuration');
}

async function hostOf(source: Source | null, dataHost: string | null, parts: TrialParts): Promise<RemoteHost> {
  if (source?.kind === 'ssh') return parts.address(source.address);
  const { dataHosts } = await parts.configuration(configurationFile(source));
  const found = dataHost !== null && Object.hasOwn(dataHosts, dataHost) ? dataHosts[dataHost] : undefined;
  if (found) return found;
  throw new QlfError('not-found', `the configuration has no data host ${JSON.stringify(dataHost)}`);
}

async function tryConfiguration(file: string, parts: TrialParts): Promise<CheckResult> {
  const { user, host, port, database } = await parts.configuration(file);
  return good(`${user} at ${host}, port ${port}, database ${database}`);
}

async function tryHost(
  part: (typeof HOST)[number],
  host: RemoteHost,
  parts: TrialParts,
  signal: AbortSignal,
): Promise<CheckResult> {
  switch (part) {
    case 'reach':
      return good(`${host.host}, port ${host.port}: ${await parts.host.reach(host, signal)}`);
    case 'host-key': {
      const { type, fingerprint } = await parts.host.hostKey(host, signal);
      return good(`${fingerprint} (${type}) is on record`);
    }
    case 'log-in':
      try {
        await parts.host.logIn(host, signal);
        return good(`${host.user} is let in, and may read by SFTP`);
      } catch (error) {
        if (!(await parts.lacksPassphrase(host))) throw error;
        const advice = 'The key is locked by a passphrase: give it above, or add the key to an SSH agent.';
        return { ...failed(error, advice), secret: passphraseOf(host) };
      }
    case 'rsync':
      if ((await parts.host.rsync(host, signal)) === 'rsync') return good('rsync answers there');
      return doubt(
        'There is no rsync for this account: files come by SFTP',
        'That works and is slower. Install rsync there, or allow it for this key.',
      );
  }
}

async function tryDatabase(
  part: Exclude<(typeof DATABASE)[number], 'last-exposure'>,
  configuration: OpsdbConfiguration,
  { database, lacksPassword }: TrialParts,
  signal: AbortSignal,
): Promise<CheckResult> {
  const { host, port, user, tls } = configuration;
  switch (part) {
    case 'database':
      await database.reach(configuration, signal);
      return good(`${host}, port ${port} answers`);
    case 'tls':
      await database.secure(configuration, signal);
      if (tls.mode === 'verify-full') return good('Encrypted, and the server has proved its name');
      return tls.mode === 'require'
        ? doubt(
            'Encrypted, but any server would do',
            'Give the authority\u2019s certificate and choose \u201cverified\u201d.',
          )
        : doubt(
            'Not encrypted: the network can read along',
            'Choose \u201cverified\u201d where the server offers TLS.',
          );
    case 'sign-in':
      try {
        return good(`${user} is let in by ${await database.signIn(configuration, signal)}`);
      } catch (error) {
        if (!(await lacksPassword(configuration))) throw error;
        return { ...failed(error, 'Give the password above.'), secret: passwordOf(configuration) };
      }
    case 'role': {
      const may = await database.mayChange(configuration, signal);
      if (may.length === 0) return good(`${user} may only read`);
      return doubt(
        `${user} may also change: ${may.join('; ')}`,
        'QLF only reads, in read-only transactions; a role that may only read is safer.',
      );
    }
    case 'columns':
      return good(`${await database.columns(configuration, signal)} mapped columns are there, with fitting types`);
  }
}

async function tryFolder(text: string, { folder }: TrialParts, signal: AbortSignal): Promise<CheckResult> {
  const { nights, newestNight, exposures } = await folder.contents(text, signal);
  if (nights === 0)
    return doubt(
      'It can be read, and holds no night',
      'Nights are folders named YYYYMMDD directly below it. Is it the right folder, and mounted?',
    );
  return good(
    `${nights === 1 ? '1 night' : `${nights} nights`}, newest ${newestNight} with ${exposures === 1 ? '1 exposure' : `${exposures} exposures`}`,
  );
}
