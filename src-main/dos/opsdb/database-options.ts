import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';

/** Hands in the password when the server asks for one, and never before; null: none is known. */
export type Secret = () => Promise<string | null>;

/** ms beyond the server's own limit until a statement is given up from here: then the link or the server hangs. */
const GRACE = 3000;
/** ms of silence after which the operating system asks whether the other side still lives */
const KEEP_ALIVE = 10_000;

type Reached = Pick<
  OpsdbConfiguration,
  'host' | 'port' | 'database' | 'user' | 'tls' | 'connectTimeout' | 'statementTimeout'
>;

/**
 * Everything that `pg` needs, said outright, so that variables of the environment (PGHOST …) change nothing.
 * @throws QlfError `invalid-configuration` when the authority's certificate cannot be read
 */
export async function databaseOptions(to: Reached, secret: Secret): Promise<ClientConfig> {
  return {
    host: to.host,
    port: to.port,
    database: to.database,
    user: to.user,
    password: async () => {
      const password = await secret();
      if (password === null)
        throw new QlfError(
          'unavailable',
          `the server asks for the password of ${to.user}, and none is known. Give it.`,
        );
      return password;
    },
    ssl: await tlsOptions(to),
    enableChannelBinding: to.tls.mode !== 'off',
    connectionTimeoutMillis: to.connectTimeout * 1000,
    query_timeout: to.statementTimeout * 1000 + GRACE,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE,
    application_name: 'qlf',
    // Values stay the server's own text; rows are read by what they mean, and what does not fit is named.
    types: { getTypeParser: () => (text: unknown) => text },
  };
}

async function tlsOptions({ host, tls }: Reached): Promise<ConnectionOptions | false> {
  if (tls.ca !== null) {
    const ca = await readFile(tls.ca, 'utf8').catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new QlfError('invalid-configuration', `the certificate file tls.ca cannot be read (${why}).`);
    });
    return {
      ca,
      rejectUnauthorized: true,
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    };
  }
  switch (tls.mode) {
    case 'off':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full':
      return {
        rejectUnauthorized: true,
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
      };
  }
}
