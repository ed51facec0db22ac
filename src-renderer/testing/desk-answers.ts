import type { CheckResult, ConnectionCheck, ConnectionPart } from '#shared/domain/connection.ts';
import { DEFAULT_STORAGE_SETTINGS, type StorageSettings, type StorageWork } from '#shared/domain/storage.ts';
import { sourceOf } from '#shared/domain/source.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const PARTS: Readonly<Record<ReturnType<typeof sourceOf>['kind'], readonly ConnectionPart[]>> = {
  folder: ['folder', 'last-exposure', 'data-folder', 'ingest', 'pipeline'],
  ssh: ['reach', 'host-key', 'log-in', 'rsync', 'folder', 'last-exposure', 'data-folder', 'ingest', 'pipeline'],
  opsdb: [
    ...(['configuration', 'database', 'tls', 'sign-in', 'role', 'columns', 'last-exposure'] as const),
    ...(['data-folder', 'ingest', 'pipeline'] as const),
  ],
};

/** What each part is found to be: one works with a doubt, one does not. */
function found({ part }: ConnectionCheck): CheckResult {
  const good = (words: string): CheckResult => ({
    ...{ outcome: 'good', found: words, advice: '' },
    ...{ hostKey: null, secret: null },
  });
  switch (part) {
    case 'role':
      return {
        ...good('the role can write'),
        ...{ outcome: 'doubt', advice: 'Give QLF a role that can only read: ask the administrator of the database.' },
      };
    case 'rsync':
      return {
        ...good('no rsync on the data host'),
        ...{ outcome: 'failed', advice: 'Files come by SFTP, which is slower. Install rsync there, if you can.' },
      };
    case 'last-exposure':
      return good('00298417, science, dark, night 20261121');
    default:
      return good('works');
  }
}

function emptyOpsdb(file: string | null): unknown {
  return {
    ...{ file: file ?? '/data/qlf/opsdb.json', mapped: false },
    form: {
      ...{ host: 'desi-db.example', port: 5442, database: 'desi_dev', user: 'qlf_reader' },
      ...{ tls: { mode: 'verify-full' }, dataHosts: {} },
    },
  };
}

/** What stands behind the settings of storage and connection, and can be changed while it is looked at. */
export function deskAnswers(): (channel: string, request: Record<string, unknown>) => unknown {
  let settings: StorageSettings = DEFAULT_STORAGE_SETTINGS;
  let work: StorageWork | null = null;
  const begin = (kind: StorageWork['kind'], text: string): { begun: boolean } => {
    work = { kind, state: 'running', startedAt: Date.now(), share: 0.34, text };
    return { begun: true };
  };
  return (channel, request) => {
    switch (channel) {
      case 'storage.get':
        return {
          ...{ settings, work, backupFolder: '/data/qlf/backups' },
          cleaned: [298_011, 298_010, 298_009].map((expid, i) => ({
            ...{ at: Date.now() - 9 * HOUR - 4000 * i, expid, runId: null, kind: 'split' },
            ...{ files: 30, bytes: 3.1e9, why: 'daily', by: '' },
          })),
          backups: [1, 2, 3].map((days) => {
            const at = Date.now() - days * DAY;
            const name = `qlf-${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z.db`;
            return { name, bytes: 1.84e9 - 3e7 * days, at };
          }),
        };
      case 'storage.set':
        settings = request['settings'] as StorageSettings;
        return settings;
      case 'storage.preview':
        return {
          ...{ exposures: 61, files: 1891, bytes: 412e9 },
          kinds: [
            { kind: 'raw', exposures: 61, files: 61, bytes: 221e9 },
            { kind: 'split', exposures: 61, files: 1830, bytes: 191e9 },
          ],
          kept: [
            { reason: 'commented', exposures: 4, files: 124, bytes: 27e9 },
            { reason: 'to catch up', exposures: 2, files: 2, bytes: 7.2e9 },
          ],
        };
      case 'storage.clean':
        return begin('cleaning', '140.20 GB freed');
      case 'storage.backup':
        return begin('backup', 'writing /data/copy.db');
      case 'night.export':
        return begin('export', 'exposure 00298402');
      case 'night.import':
        return begin('import', '3400 rows');
      case 'storage.cancel':
        if (work) work = { ...work, state: 'cancelled', share: null, text: 'all is as it was' };
        return {};
      case 'storage.restore':
        return { replaced: null };
      case 'secret.state':
        return { keeping: 'system', words: 'Encrypted by this desktop’s keyring, for later starts too.', known: [] };
      case 'connection.plan': {
        const source = request['source'] as string | null;
        const parts = source === null ? (['data-folder', 'ingest', 'pipeline'] as const) : PARTS[sourceOf(source).kind];
        return parts.map((part) => ({ part, dataHost: null }));
      }
      case 'connection.try':
        return found(request['check'] as ConnectionCheck);
      case 'opsdb.open':
        return emptyOpsdb(request['file'] as string | null);
      case 'ingest.users':
        return [{ user: 'desi', createdAt: Date.now() - 40 * DAY }];
      default:
        return undefined;
    }
  };
}
