import { connect } from 'node:net';
import { Client } from 'pg';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { DatabaseProbe } from '../../domain/ports/connection-probes.ts';
import { checkMapping } from './check-mapping.ts';
import { databaseOptions, type Secret } from './database-options.ts';
import { explainFailure } from './explain-failure.ts';
import { exposureTable } from './exposures.ts';
import { type Ask, beginning } from './link.ts';
import type { TextRow } from './row.ts';
import { relation } from './sql.ts';

const ADAPTER = 'operations database';
/** Rights by which a table could be changed. */
const CHANGES = ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] as const;

/** Whether the server has refused the user, which it does only after the connection stands as it should. */
function isAboutUser(error: unknown): boolean {
  if (error instanceof QlfError) return error.code === 'unavailable';
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(?:28|3D|53|57P03|42501)/.test(code);
}

/** @param secretOf hands in the password of a configuration's user */
export function createDatabaseProbe(secretOf: (configuration: OpsdbConfiguration) => Secret): DatabaseProbe {
  async function withClient<T>(
    asked: string,
    configuration: OpsdbConfiguration,
    signal: AbortSignal,
    use: (client: Client) => Promise<T>,
  ): Promise<T> {
    try {
      const client = new Client(await databaseOptions(configuration, secretOf(configuration)));
      client.on('error', () => undefined);
      const abort = (): void => void client.end().catch(() => undefined);
      signal.addEventListener('abort', abort, { once: true });
      try {
        await client.connect();
        return await use(client);
      } finally {
        signal.removeEventListener('abort', abort);
        await client.end().catch(() => undefined);
      }
    } catch (error) {
      throw explainFailure(ADAPTER, asked, error, configuration);
    }
  }

  const read = <T>(
    asked: string,
    configuration: OpsdbConfiguration,
    signal: AbortSignal,
    use: (ask: Ask) => Promise<T>,
  ): Promise<T> =>
    withClient(asked, configuration, signal, async (client) => {
      await client.query(beginning(configuration));
      return use((sql, values) => client.query<TextRow>(sql, [...(values ?? [])]));
    });

  return {
    reach: (configuration, signal) =>
      new Promise((resolve, reject) => {
        const { host, port } = configuration;
        const to = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
        const socket = connect({ ...to, timeout: configuration.connectTimeout * 1000 });
        const fail = (error: Error): void => {
          socket.destroy();
          reject(explainFailure(ADAPTER, 'reaching the server', error, configuration));
        };
        const abort = (): void => fail(new QlfError('unavailable', 'given up'));
        signal.addEventListener('abort', abort, { once: true });
        socket.once('close', () => signal.removeEventListener('abort', abort));
        socket.once('error', fail);
        socket.once('timeout', () => fail(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
        socket.once('connect', () => {
          socket.destroy();
          resolve();
        });
      }),
    async secure(configuration, signal) {
      const options = await databaseOptions(configuration, secretOf(configuration));
      const client = new Client({
        ...options,
        password: () => Promise.reject(new QlfError('unavailable', 'not asked')),
      });
      client.on('error', () => undefined);
      const abort = (): void => void client.end().catch(() => undefined);
      signal.addEventListener('abort', abort, { once: true });
      try {
        await client.connect();
      } catch (error) {
        if (!isAboutUser(error)) throw explainFailure(ADAPTER, 'a safe connection', error, configuration);
      } finally {
        signal.removeEventListener('abort', abort);
        await client.end().catch(() => undefined);
      }
    },
    signIn: (configuration, signal) =>
      read('signing in', configuration, signal, async (ask) => {
        const { rows } = await ask("SELECT current_setting('server_version') AS version");
        return `PostgreSQL ${/^\S+/.exec(rows[0]?.['version'] ?? '')?.[0] ?? ''}`;
      }),
    mayChange: (configuration, signal) =>
      read('what the role may do', configuration, signal, async (ask) => {
        const { rows } = await ask(
          'SELECT rolsuper::text AS super, rolcreatedb::text AS db, rolcreaterole::text AS role FROM pg_roles WHERE rolname = current_user',
        );
        const may: string[] = [];
        const { super: isSuper, db, role } = rows[0] ?? {};
        if (isSuper === 'true') may.push('everything: it is a superuser');
        if (db === 'true') may.push('make databases');
        if (role === 'true') may.push('make roles');
        const { from } = configuration.mapping.exposures;
        if ('query' in from || isSuper === 'true') return may;
        const name = relation(from).replace(/ AS source$/, '');
        const rights = CHANGES.map((right) => `has_table_privilege($1, '${right}')::text AS "${right}"`).join(', ');
        const [table] = (await ask(`SELECT ${rights}`, [name])).rows;
        const allowed = CHANGES.filter((right) => table?.[right] === 'true');
        if (allowed.length > 0) may.push(`${allowed.join(', ')} in the table of exposures`);
        return may;
      }),
    columns: (configuration, signal) =>
      read('the tables', configuration, signal, async (ask) => {
        const { mapping } = configuration;
        await checkMapping(ask, mapping);
        const parts = [mapping.exposures, mapping.calibrations, mapping.etc];
        const wide = mapping.telemetry?.layout === 'wide' ? mapping.telemetry.series : [mapping.telemetry];
        return [...parts, ...wide].flatMap((part) => Object.values(part?.columns ?? {})).filter((name) => name !== null)
          .length;
      }),
    lastExposure: (configuration, signal) =>
      read('the last exposure', configuration, signal, (ask) => exposureTable(configuration).last(ask, {})),
  };
}
