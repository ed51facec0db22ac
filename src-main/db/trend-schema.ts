/** Tables that trends, observing conditions and the footprint read, filled from the measurements that are there already. */
export const TREND_SCHEMA = `
CREATE TABLE trend_series (
  id INTEGER PRIMARY KEY,
  metric TEXT NOT NULL,
  key TEXT NOT NULL,
  UNIQUE (metric, key)
) STRICT;

-- Deviations from the reference that are normal or a warning; the same few sets serve all exposures.
CREATE TABLE trend_limits (
  id INTEGER PRIMARY KEY,
  normal_low REAL, normal_high REAL, warn_low REAL, warn_high REAL
) STRICT;
CREATE UNIQUE INDEX trend_limits_values ON trend_limits (
  coalesce(normal_low, 'none'), coalesce(normal_high, 'none'), coalesce(warn_low, 'none'), coalesce(warn_high, 'none'));

-- The judged numbers of each exposure's and camera's newest measurement, once more, without their arrays. In the order of
-- exposures: what arrives together lies together.
CREATE TABLE trend_element (
  series_id INTEGER NOT NULL REFERENCES trend_series (id),
  expid INTEGER NOT NULL,
  camera TEXT NOT NULL,
  position INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  measurement_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  value REAL,
  reference REAL,
  -- place in QA_STATUSES: normal, warning, alarm, unknown
  status INTEGER NOT NULL,
  limits_id INTEGER NOT NULL REFERENCES trend_limits (id),
  PRIMARY KEY (series_id, expid, camera, position)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE newest AS
  SELECT m.id, m.metric, m.keys, j.run_id, j.expid, j.camera,
    row_number() OVER (PARTITION BY j.expid, j.camera, m.metric ORDER BY j.run_id DESC, m.revision DESC) AS place
  FROM job j JOIN measurement m ON m.job_id = j.id;
DELETE FROM newest WHERE place > 1;
CREATE TEMP TABLE judged AS
  SELECT n.id, n.metric, n.run_id, n.expid, n.camera, k.value ->> 'key' AS key, k.value -> 'elements' AS elements,
    k.value ->> '$.normalRange[0]' AS normal_low, k.value ->> '$.normalRange[1]' AS normal_high,
    k.value ->> '$.warnRange[0]' AS warn_low, k.value ->> '$.warnRange[1]' AS warn_high
  FROM newest n, json_each(n.keys) k;
INSERT INTO trend_series (metric, key) SELECT DISTINCT metric, key FROM judged;
INSERT INTO trend_limits (normal_low, normal_high, warn_low, warn_high)
  SELECT DISTINCT normal_low, normal_high, warn_low, warn_high FROM judged;
INSERT INTO trend_element (series_id, expid, camera, position, run_id, measurement_id, label, value, reference, status,
    limits_id)
  SELECT s.id, j.expid, j.camera, e.key, j.run_id, j.id, e.value ->> 'label', e.value ->> 'value', e.value ->> 'reference',
    CASE e.value ->> 'status' WHEN 'normal' THEN 0 WHEN 'warning' THEN 1 WHEN 'alarm' THEN 2 ELSE 3 END, l.id
  FROM judged j
  JOIN trend_series s ON s.metric = j.metric AND s.key = j.key
  JOIN trend_limits l ON l.normal_low IS j.normal_low AND l.normal_high IS j.normal_high
    AND l.warn_low IS j.warn_low AND l.warn_high IS j.warn_high,
  json_each(j.elements) e;
DROP TABLE judged;
DROP TABLE newest;

-- All that trends and conditions ask of an exposure, without its header.
CREATE INDEX exposure_conditions ON exposure (night, expid, flavor, program, mjd_obs, registered_at, exptime, airmass,
  seeing, last_run_id);
CREATE INDEX exposure_tile ON exposure (tileid, night) WHERE tileid IS NOT NULL;

CREATE TABLE planned_tile (
  tileid INTEGER PRIMARY KEY,
  ra REAL NOT NULL,
  dec REAL NOT NULL,
  program TEXT
) STRICT;
`;
