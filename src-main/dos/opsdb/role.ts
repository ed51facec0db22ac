import type { Ask } from './link.ts';

/** Tables that are named, at most. */
const NAMED = 5;

/**
 * Tells where the role could change something: QLF never does, but whoever takes its password could. Views of the server's own
 * do not count; a right to a single column does.
 */
export async function tellIfMayWrite(ask: Ask, user: string, tell: (message: string) => void): Promise<void> {
  const { rows } = await ask(
    `SELECT r.rolsuper::text AS super, array_to_string((array_agg(c.name ORDER BY c.name))[1:${NAMED}], ', ') AS tables
     FROM pg_roles r LEFT JOIN (
       SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
         AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
     ) c ON true
     WHERE r.rolname = current_user GROUP BY r.rolsuper`,
  );
  const [found] = rows;
  if (!found) return;
  const advice = 'QLF only reads; give it a role that may only read, as resources/opsdb.sql makes it.';
  if (found['super'] === 'true') tell(`the role ${user} is an administrator of the database. ${advice}`);
  else if (found['tables']) tell(`the role ${user} may change ${found['tables']}. ${advice}`);
}
