/** Versions of the limits that people set; which parts of the saved configuration a version changed. */
export const LIMITS_SCHEMA = `
CREATE TABLE limits_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- JSON, LimitRule[]
  rules TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
-- The limits that judge a run; null: those that its pipeline posts.
ALTER TABLE run ADD COLUMN limits_id INTEGER REFERENCES limits_version (id);
CREATE INDEX run_limits ON run (limits_id, expid) WHERE limits_id IS NOT NULL;
CREATE INDEX run_configuration ON run (configuration_id, expid) WHERE configuration_id IS NOT NULL;
-- JSON, ConfigurationScope[]; null where it was not noted.
ALTER TABLE configuration ADD COLUMN scopes TEXT;
`;
