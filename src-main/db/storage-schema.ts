/** What was deleted from the disk, when, why and for whom. */
export const STORAGE_SCHEMA = `
CREATE TABLE cleaned (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  -- null for what belongs to no exposure
  expid INTEGER,
  run_id INTEGER,
  kind TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes REAL NOT NULL,
  -- 'daily', 'disk full' or 'by hand', and the name of who asked
  why TEXT NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX cleaned_expid ON cleaned (expid, kind) WHERE expid IS NOT NULL;
`;
