import type Database from 'better-sqlite3';
import type { ConfigurationScope, ConfigurationSummary, ConfigurationVersion } from '#shared/domain/configuration.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Store } from '../domain/ports/store.ts';

type Methods = 'currentConfiguration' | 'saveConfiguration' | 'configuration' | 'listConfigurations';

/** Versions are only ever added; the newest is the current one. Those of imported nights belong to their runs alone. */
export function configurationRepository(db: Database.Database): Pick<Store, Methods> {
  const OWN = 'imported_at IS NULL';
  const COLUMNS = 'id, yaml, author, reason, created_at AS createdAt';
  const newest = db.prepare<[], ConfigurationVersion>(
    `SELECT ${COLUMNS} FROM configuration WHERE ${OWN} ORDER BY id DESC LIMIT 1`,
  );
  const byId = db.prepare<[number], ConfigurationVersion>(`SELECT ${COLUMNS} FROM configuration WHERE id = ?`);
  const insert = db.prepare<[string, string, string, number, string | null], ConfigurationVersion>(
    `INSERT INTO configuration (yaml, author, reason, created_at, scopes) VALUES (?, ?, ?, ?, ?) RETURNING ${COLUMNS}`,
  );
  const count = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM configuration WHERE ${OWN}`);
  type SummaryRow = Omit<ConfigurationSummary, 'scopes'> & { scopes: string | null };
  const page = db.prepare<[number, number], SummaryRow>(`
    SELECT c.id, c.author, c.reason, c.created_at AS createdAt, c.scopes,
      (SELECT count(*) FROM run r WHERE r.configuration_id = c.id) AS runs,
      (SELECT min(r.expid) FROM run r WHERE r.configuration_id = c.id) AS firstExpid,
      (SELECT max(r.expid) FROM run r WHERE r.configuration_id = c.id) AS lastExpid
    FROM configuration c WHERE c.${OWN} ORDER BY c.id DESC LIMIT ? OFFSET ?`);
  const found = (row: ConfigurationVersion | undefined): ConfigurationVersion => {
    if (!row) throw new QlfError('internal', `${db.name} has no QL configuration`);
    return row;
  };
  return {
    currentConfiguration: () => found(newest.get()),
    configuration: (id) => byId.get(id),
    saveConfiguration: ({ yaml, author, reason, createdAt }, scopes = null) =>
      found(insert.get(yaml, author, reason, createdAt, scopes && JSON.stringify(scopes))),
    listConfigurations: ({ limit, offset }) => ({
      total: count.get()?.n ?? 0,
      versions: page.all(limit, offset).map(({ scopes, ...row }) => ({
        ...row,
        scopes: scopes === null ? null : (JSON.parse(scopes) as ConfigurationScope[]),
      })),
    }),
  };
}
