import type Database from 'better-sqlite3';
import type { LimitRule, LimitsSummary, LimitsVersion } from '#shared/domain/limits.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Store } from '../domain/ports/store.ts';

interface Row extends Omit<LimitsVersion, 'rules'> {
  rules: string;
}

const toVersion = ({ rules, ...row }: Row): LimitsVersion => ({ ...row, rules: JSON.parse(rules) as LimitRule[] });

/**
 * Versions of the limits that people set; only ever added, the newest judges what begins next. Those of imported nights belong
 * to their runs alone.
 */
export function limitsRepository(
  db: Database.Database,
): Pick<Store, 'currentLimits' | 'limitsVersion' | 'saveLimits' | 'listLimits'> {
  const OWN = 'imported_at IS NULL';
  const COLUMNS = 'id, rules, author, reason, created_at AS createdAt';
  const newest = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM limits_version WHERE ${OWN} ORDER BY id DESC LIMIT 1`);
  const byId = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM limits_version WHERE id = ?`);
  const insert = db.prepare<[string, string, string, number], Row>(
    `INSERT INTO limits_version (rules, author, reason, created_at) VALUES (?, ?, ?, ?) RETURNING ${COLUMNS}`,
  );
  const count = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM limits_version WHERE ${OWN}`);
  const page = db.prepare<[number, number], LimitsSummary>(`
    SELECT l.id, l.author, l.reason, l.created_at AS createdAt, json_array_length(l.rules) AS rules,
      (SELECT count(*) FROM run r WHERE r.limits_id = l.id) AS runs,
      (SELECT min(r.expid) FROM run r WHERE r.limits_id = l.id) AS firstExpid,
      (SELECT max(r.expid) FROM run r WHERE r.limits_id = l.id) AS lastExpid
    FROM limits_version l WHERE l.${OWN} ORDER BY l.id DESC LIMIT ? OFFSET ?`);
  // Asked for with every post of a run: versions never change.
  const known = new Map<number, LimitsVersion>();
  const limitsVersion = (id: number): LimitsVersion | undefined => {
    const before = known.get(id);
    if (before) return before;
    const row = byId.get(id);
    if (!row) return undefined;
    if (known.size > 20) known.clear();
    const version = toVersion(row);
    known.set(id, version);
    return version;
  };
  return {
    limitsVersion,
    currentLimits: () => {
      const row = newest.get();
      return row && toVersion(row);
    },
    saveLimits: ({ rules, author, reason, createdAt }) => {
      const row = insert.get(JSON.stringify(rules), author, reason, createdAt);
      if (!row) throw new QlfError('internal', `${db.name}: the limits could not be stored`);
      return toVersion(row);
    },
    listLimits: ({ limit, offset }) => ({ total: count.get()?.n ?? 0, versions: page.all(limit, offset) }),
  };
}
