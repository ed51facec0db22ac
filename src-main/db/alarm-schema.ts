/** The alarms with everything that happened to them, and which runs have been judged for them. */
export const ALARM_SCHEMA = `
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'new', 'acknowledged', 'shelved', 'cleared')),
  severity TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  -- of the newest exposure in which it was seen; null for what belongs to none
  night TEXT,
  raised_at REAL NOT NULL,
  cleared_at REAL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX alarm_open ON alarm (id) WHERE state <> 'cleared';
CREATE INDEX alarm_night ON alarm (night);
CREATE INDEX alarm_raised ON alarm (raised_at);

CREATE TABLE alarm_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alarm_id INTEGER NOT NULL REFERENCES alarm (id),
  at REAL NOT NULL,
  kind TEXT NOT NULL,
  -- a person's name, empty for the engine
  by TEXT NOT NULL,
  text TEXT NOT NULL,
  expid INTEGER
) STRICT;
CREATE INDEX alarm_event_alarm ON alarm_event (alarm_id);

-- The end of a run up to which its causes are in the alarms.
CREATE TABLE alarm_run (
  run_id INTEGER PRIMARY KEY REFERENCES run (id),
  ended_at REAL NOT NULL
) STRICT;
`;
