import Sqlite from 'better-sqlite3';

/** Tables that belong to no night: settings, the account book of the engine, the shape of the instrument. */
const OF_NO_NIGHT = [
  ...['identity', 'camera', 'qa_metric', 'setting', 'credential', 'planned_tile'],
  // Processes of this machine, and what has been judged for alarms: nothing of another machine's is.
  ...['job_process', 'alarm_run'],
  // Who may look on from elsewhere, and what was done: of this machine.
  ...['remote_token', 'remote_act'],
  // Read with those that name them.
  ...[
    'configuration',
    'limits_version',
    'trend_series',
    'trend_limits',
    'measurement_value',
    'comment_version',
    'alarm_event',
  ],
];

const OF_EXPOSURES = 'expid IN (SELECT expid FROM exposure WHERE night = @night)';
const OF_RUNS = `run_id IN (SELECT id FROM run WHERE ${OF_EXPOSURES})`;
/** The rows of a night in each table; @night is its name. */
const OF_A_NIGHT: Readonly<Record<string, string>> = {
  exposure: 'night = @night',
  run: OF_EXPOSURES,
  job: OF_RUNS,
  measurement: `job_id IN (SELECT id FROM job WHERE ${OF_RUNS})`,
  comment: OF_EXPOSURES,
  event: OF_EXPOSURES,
  cleaned: OF_EXPOSURES,
  run_summary: OF_RUNS,
  run_finding: OF_RUNS,
  run_cause: OF_RUNS,
  trend_element: OF_EXPOSURES,
  quality_flag: OF_EXPOSURES,
  night_note: 'night = @night',
  lost_time_reason: 'night = @night',
  alarm: "night = @night AND state <> 'pending'",
};
/** Columns that are each database's own: who told of an exposure, what a run's passwords and times are worth here. */
const OWN_COLUMNS = ['source', 'password_hash', 'reopened', 'imported_at'];

type Row = Record<string, unknown>;

/** Everything of a night in a database, table by table, with the numbers that each database gives replaced by what they name. */
export function nightDump(databaseFile: string, night: string): Record<string, Row[]> {
  const db = new Sqlite(databaseFile, { readonly: true });
  try {
    const rows = (sql: string, ...parameters: unknown[]): Row[] => db.prepare(sql).all(...parameters) as Row[];
    const one = (sql: string, id: unknown): string => {
      const found = rows(sql, id)[0];
      return found ? Object.values(found).join(' ') : 'nobody';
    };
    const names: Readonly<Record<string, (id: unknown) => unknown>> = {
      run_id: (id) => one('SELECT expid, kind, started_at FROM run WHERE id = ?', id),
      job_id: (id) =>
        `${String(names['run_id']?.(rows('SELECT run_id FROM job WHERE id = ?', id)[0]?.['run_id']))} ${one('SELECT camera FROM job WHERE id = ?', id)}`,
      measurement_id: (id) => {
        const row = rows('SELECT job_id, metric, revision FROM measurement WHERE id = ?', id)[0];
        return row && `${String(names['job_id']?.(row['job_id']))} ${String(row['metric'])} ${String(row['revision'])}`;
      },
      series_id: (id) => one('SELECT metric, key FROM trend_series WHERE id = ?', id),
      configuration_id: (id) => one('SELECT yaml, author, reason, created_at FROM configuration WHERE id = ?', id),
      limits_id: (id) => one('SELECT rules, author, reason, created_at FROM limits_version WHERE id = ?', id),
    };
    const named = (table: string, row: Row): Row => {
      const out: Row = {};
      for (const [column, value] of Object.entries(row)) {
        if (OWN_COLUMNS.includes(column) || (column === 'id' && table !== 'exposure')) continue;
        const name = column === 'last_run_id' ? 'run_id' : column;
        out[column] =
          table === 'trend_element' && column === 'limits_id'
            ? one('SELECT normal_low, normal_high, warn_low, warn_high FROM trend_limits WHERE id = ?', value)
            : value !== null && names[name]
              ? names[name](value)
              : Buffer.isBuffer(value)
                ? value.toString('hex')
                : value;
      }
      if (typeof out['log_file'] === 'string') out['log_file'] = out['log_file'].replace(/run-\d+/, 'run-N');
      if (table === 'alarm') {
        const { id: _id, runId, ...record } = JSON.parse(String(row['record'])) as Row;
        out['record'] = { ...record, run: runId === null ? null : names['run_id']?.(runId) };
        out['events'] = rows(
          'SELECT at, kind, by, text, expid FROM alarm_event WHERE alarm_id = ? ORDER BY id',
          row['id'],
        );
      }
      if (table === 'comment')
        out['versions'] = rows(
          'SELECT text, author, until FROM comment_version WHERE comment_id = ? ORDER BY id',
          row['id'],
        );
      if (table === 'measurement')
        out['value'] = one('SELECT value FROM measurement_value WHERE measurement_id = ?', row['id']);
      return out;
    };
    const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").map(
      ({ name }) => String(name),
    );
    const strange = tables.filter((table) => !OF_NO_NIGHT.includes(table) && !Object.hasOwn(OF_A_NIGHT, table));
    if (strange.length > 0) throw new Error(`say whether these tables belong to a night: ${strange.join(', ')}`);
    const order = (row: Row): string => JSON.stringify(row);
    return Object.fromEntries(
      Object.entries(OF_A_NIGHT).map(([table, where]) => {
        const found = db.prepare(`SELECT * FROM ${table} WHERE ${where}`).all({ night }) as Row[];
        return [table, found.map((row) => named(table, row)).sort((a, b) => (order(a) < order(b) ? -1 : 1))];
      }),
    );
  } finally {
    db.close();
  }
}
