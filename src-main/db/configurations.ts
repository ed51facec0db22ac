import type Database from 'better-sqlite3';
import type { ConfigurationVersion } from '#shared/domain/configuration.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Store } from '../domain/ports/store.ts';

/** Versions are only ever added; the newest is the current one. */
export function configurationRepository(
  db: Database.Database,
): Pick<Store, 'currentConfiguration' | 'saveConfiguration'> {
  const COLUMNS = 'id, yaml, author, reason, created_at AS createdAt';
  const newest = db.prepare<[], ConfigurationVersion>(`SELECT ${COLUMNS} FROM configuration ORDER BY id DESC LIMIT 1`);
  const insert = db.prepare<[string, string, string, number], ConfigurationVersion>(
    `INSERT INTO configuration (yaml, author, reason, created_at) VALUES (?, ?, ?, ?) RETURNING ${COLUMNS}`,
  );
  const found = (row: ConfigurationVersion | undefined): ConfigurationVersion => {
    if (!row) throw new QlfError('internal', `${db.name} has no QL configuration`);
    return row;
  };
  return {
    currentConfiguration: () => found(newest.get()),
    saveConfiguration: ({ yaml, author, reason, createdAt }) => found(insert.get(yaml, author, reason, createdAt)),
  };
}
