import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createBackoff } from '../../src-main/dos/backoff.ts';
import { createOpsdbClient, type OpsdbClient, type OpsdbOptions } from '../../src-main/dos/opsdb/client.ts';
import { opsdbConfiguration } from '../../src-main/dos/opsdb/configuration.ts';
import { startLoopbackPostgres, type LoopbackPostgres } from './loopback-postgres.ts';

const SCHEMA = resolve('resources/opsdb.sql');
export const PASSWORD = "reader's ünusual password";
const DATABASE = 'desi';

export let postgres: LoopbackPostgres;
/** Of the test that runs. */
export let folder = '';
const open: OpsdbClient[] = [];
export const problems: string[] = [];

beforeAll(async () => {
  postgres = await startLoopbackPostgres();
  const schema = await readFile(SCHEMA, 'utf8');
  await postgres.admin('postgres', (client) => client.query(`CREATE DATABASE ${DATABASE}`));
  await sql(schema);
  await sql(`ALTER ROLE qlf_reader PASSWORD '${PASSWORD.replace("'", "''")}'`);
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qlf-opsdb-'));
  problems.length = 0;
  await sql('TRUNCATE exposure, calibration, telemetry, etc_data');
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One use of the administrator's connection. */
export function sql(text: string, values: unknown[] = []): Promise<{ rows: Record<string, unknown>[] }> {
  return postgres.admin(DATABASE, (client: Client) =>
    values.length === 0 ? client.query(text) : client.query(text, values),
  );
}

/** A reader's client of the database; `configuration` is laid over what reaches the server. */
export async function reader(
  configuration: Record<string, unknown> = {},
  options: Partial<OpsdbOptions> = {},
): Promise<OpsdbClient> {
  const client = createOpsdbClient({
    configuration: opsdbConfiguration({
      host: postgres.host,
      port: postgres.port,
      tls: { ca: postgres.caFile },
      connectTimeout: 5,
      statementTimeout: 5,
      ...configuration,
    }),
    secret: () => Promise.resolve(PASSWORD),
    directory: join(folder, 'opsdb'),
    onProblem: (message) => problems.push(message),
    backoff: createBackoff({ firstMs: 20, longestMs: 100 }),
    ...options,
  });
  open.push(client);
  await client.start();
  return client;
}

/** A row of the exposure table, complete unless `more` says otherwise. */
export const insert = (expid: number, more: Record<string, unknown> = {}): Promise<unknown> => {
  const row = { expid, night: 20191115, flavor: 'science', raw_path: `/raw/${expid}`, complete: true, ...more };
  const names = Object.keys(row);
  return sql(
    `INSERT INTO exposure (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
};
