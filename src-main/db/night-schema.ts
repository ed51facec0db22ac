/** Causes of what was off in a run, reasons of lost time; a released migration, never changed. */
export const NIGHT_SCHEMA = `
-- What was wrong in a run, in the order of telling; \`cameras\`: their names, with a space between.
CREATE TABLE run_cause (
  run_id INTEGER NOT NULL REFERENCES run (id),
  place INTEGER NOT NULL,
  status TEXT NOT NULL,
  cameras TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  value TEXT NOT NULL,
  camera TEXT NOT NULL REFERENCES camera (name),
  metric_key TEXT,
  PRIMARY KEY (run_id, place)
) STRICT, WITHOUT ROWID;
-- Runs that were summed up before, and had something to tell, are summed up again.
UPDATE run_summary SET stale = 1 WHERE run_id IN (SELECT run_id FROM run_finding);

-- Why time was lost. Only ever added to: the newest of a stretch holds, null takes the one before back. A stretch is named
-- by its night and the exposure before it, null at the begin of the night; its ends are those of the moment of writing.
CREATE TABLE lost_time_reason (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  night TEXT NOT NULL,
  after_expid INTEGER,
  from_at REAL NOT NULL,
  to_at REAL NOT NULL,
  cause TEXT CHECK (cause IN ('weather', 'instrument', 'telescope', 'dos', 'pipeline', 'other')),
  words TEXT NOT NULL,
  author TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;
CREATE INDEX lost_time_reason_night ON lost_time_reason (night);
`;
