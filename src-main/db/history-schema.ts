/** Tables of the history, of comments and flags, and of the night report; a released migration, never changed. */
export const HISTORY_SCHEMA = `
-- Covers what the history's list sorts and filters by: no exposure's header is read for it.
CREATE INDEX exposure_history ON exposure (night, expid, flavor, program, tileid, state, last_run_id, exptime, airmass,
  seeing, mjd_obs, ra, dec);

-- What became of a run, without its configuration and its measurements' values. \`stale\`: to be summed up again.
CREATE TABLE run_summary (
  run_id INTEGER PRIMARY KEY REFERENCES run (id),
  expid INTEGER NOT NULL REFERENCES exposure (expid),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL,
  stale INTEGER NOT NULL,
  status TEXT NOT NULL,
  ccd TEXT NOT NULL DEFAULT 'unknown',
  ccd_camera TEXT,
  fibers TEXT NOT NULL DEFAULT 'unknown',
  fibers_camera TEXT,
  spectra TEXT NOT NULL DEFAULT 'unknown',
  spectra_camera TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  cameras INTEGER NOT NULL DEFAULT 0,
  finding TEXT NOT NULL DEFAULT '',
  worst TEXT,
  sky REAL
) STRICT;
CREATE INDEX run_summary_expid ON run_summary (expid);
CREATE INDEX run_summary_status ON run_summary (status);
CREATE INDEX run_summary_stale ON run_summary (run_id) WHERE stale = 1;
INSERT INTO run_summary (run_id, expid, kind, state, started_at, ended_at, stale, status)
  SELECT id, expid, kind, state, started_at, ended_at, 1, CASE state WHEN 'done' THEN 'unknown' ELSE state END FROM run;

-- What was off normal in a run, camera by camera; metric '' where the job itself was.
CREATE TABLE run_finding (
  run_id INTEGER NOT NULL REFERENCES run (id),
  camera TEXT NOT NULL REFERENCES camera (name),
  metric TEXT NOT NULL,
  status TEXT NOT NULL,
  metric_key TEXT,
  label TEXT NOT NULL,
  value REAL,
  PRIMARY KEY (run_id, camera, metric)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER run_begins AFTER INSERT ON run BEGIN
  INSERT INTO run_summary (run_id, expid, kind, state, started_at, ended_at, stale, status)
    VALUES (new.id, new.expid, new.kind, new.state, new.started_at, new.ended_at, 1, 'running');
END;
CREATE TRIGGER run_changes AFTER UPDATE OF state, ended_at ON run BEGIN
  UPDATE run_summary SET state = new.state, ended_at = new.ended_at, stale = 1,
    status = CASE new.state WHEN 'done' THEN status ELSE new.state END
    WHERE run_id = new.id;
END;
CREATE TRIGGER job_changes AFTER UPDATE OF state ON job WHEN old.state IS NOT new.state BEGIN
  UPDATE run_summary SET stale = 1 WHERE run_id = new.run_id AND stale = 0;
END;
CREATE TRIGGER measurement_comes AFTER INSERT ON measurement BEGIN
  UPDATE run_summary SET stale = 1
    WHERE run_id = (SELECT run_id FROM job WHERE id = new.job_id) AND stale = 0;
END;

ALTER TABLE comment ADD COLUMN edited_at REAL;
ALTER TABLE comment ADD COLUMN edited_by TEXT;
ALTER TABLE comment ADD COLUMN deleted_at REAL;
ALTER TABLE comment ADD COLUMN deleted_by TEXT;
-- The texts that a comment had before, and until when.
CREATE TABLE comment_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  text TEXT NOT NULL,
  author TEXT NOT NULL,
  until REAL NOT NULL
) STRICT;
CREATE INDEX comment_version_comment ON comment_version (comment_id);

-- Only ever added to: the newest of an exposure holds, null takes the one before back.
CREATE TABLE quality_flag (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  expid INTEGER NOT NULL REFERENCES exposure (expid),
  flag TEXT CHECK (flag IN ('good', 'questionable', 'bad')),
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;
CREATE INDEX quality_flag_expid ON quality_flag (expid);

-- Notes for the day crew; the newest of a night holds.
CREATE TABLE night_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  night TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  at REAL NOT NULL
) STRICT;
CREATE INDEX night_note_night ON night_note (night);
`;
