-- The operations database as QLF reads it when its configuration says nothing else. Every name here can be mapped to
-- another in QLF's configuration; nothing but SELECT (and LISTEN) is ever asked.
--
--   createdb desi && psql -d desi -f opsdb.sql
--
-- The role qlf_reader gets its password from the administrator:  \password qlf_reader

CREATE TABLE exposure (
  expid            integer PRIMARY KEY CHECK (expid BETWEEN 0 AND 99999999),
  night            integer NOT NULL,
  flavor           text NOT NULL,
  program          text,
  exptime          double precision,
  airmass          double precision,
  seeing           double precision,
  tileid           integer,
  mjd_obs          double precision,
  date_obs         timestamptz,
  ra               double precision,
  dec              double precision,
  obstype          text,
  header           jsonb NOT NULL DEFAULT '{}',
  cameras_expected text[],
  complete         boolean NOT NULL DEFAULT false,
  data_host        text,
  raw_path         text NOT NULL,
  raw_bytes        bigint,
  raw_sha256       text,
  fibermap_path    text,
  fibermap_bytes   bigint,
  fibermap_sha256  text
);
CREATE INDEX exposure_night ON exposure (night);

COMMENT ON TABLE  exposure IS 'One row an exposure, of every flavor; updated when its raw file is complete.';
COMMENT ON COLUMN exposure.expid IS 'EXPID';
COMMENT ON COLUMN exposure.night IS 'NIGHT, YYYYMMDD of the local evening';
COMMENT ON COLUMN exposure.flavor IS 'science, arc, flat, bias, dark, zero …';
COMMENT ON COLUMN exposure.program IS 'dark, gray, bright, arc, flat, calib …';
COMMENT ON COLUMN exposure.exptime IS 'exposure time [s]';
COMMENT ON COLUMN exposure.airmass IS 'airmass at the start [1]';
COMMENT ON COLUMN exposure.seeing IS 'FWHM of the seeing [arcsec]';
COMMENT ON COLUMN exposure.tileid IS 'TILEID';
COMMENT ON COLUMN exposure.mjd_obs IS 'start of the exposure, modified Julian date, UTC [d]';
COMMENT ON COLUMN exposure.date_obs IS 'start of the exposure, UTC';
COMMENT ON COLUMN exposure.ra IS 'right ascension of the telescope, ICRS [deg]';
COMMENT ON COLUMN exposure.dec IS 'declination of the telescope, ICRS [deg]';
COMMENT ON COLUMN exposure.obstype IS 'OBSTYPE';
COMMENT ON COLUMN exposure.header IS 'all other cards of the global header, keyword to value';
COMMENT ON COLUMN exposure.cameras_expected IS 'cameras that should be in the raw file, b0 to z9; null: all 30';
COMMENT ON COLUMN exposure.complete IS 'the raw file is whole on the data host';
COMMENT ON COLUMN exposure.data_host IS 'name of the data host in QLF''s configuration; null: the machine of QLF itself';
COMMENT ON COLUMN exposure.raw_path IS 'absolute path of the raw file on the data host';
COMMENT ON COLUMN exposure.raw_bytes IS 'size of the raw file [byte]';
COMMENT ON COLUMN exposure.raw_sha256 IS 'SHA-256 of the raw file, hexadecimal';
COMMENT ON COLUMN exposure.fibermap_path IS 'absolute path of the fibermap on the data host; null: none';
COMMENT ON COLUMN exposure.fibermap_bytes IS 'size of the fibermap [byte]';
COMMENT ON COLUMN exposure.fibermap_sha256 IS 'SHA-256 of the fibermap, hexadecimal';

CREATE TABLE calibration (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind          text NOT NULL DEFAULT 'tree' CHECK (kind IN ('tree', 'fiberflat')),
  relative_path text NOT NULL,
  data_host     text,
  path          text NOT NULL,
  bytes         bigint,
  sha256        text,
  valid_from    integer NOT NULL DEFAULT 0,
  valid_until   integer,
  UNIQUE (relative_path, valid_from)
);

COMMENT ON TABLE  calibration IS 'Calibration files and the nights for which they hold.';
COMMENT ON COLUMN calibration.kind IS 'tree: part of the calibration tree; fiberflat: one file with HDUs of every camera';
COMMENT ON COLUMN calibration.relative_path IS 'path below the calibration folder, e.g. spec/sp0/b0.yaml';
COMMENT ON COLUMN calibration.data_host IS 'as exposure.data_host';
COMMENT ON COLUMN calibration.path IS 'absolute path on the data host';
COMMENT ON COLUMN calibration.bytes IS 'size [byte]';
COMMENT ON COLUMN calibration.sha256 IS 'SHA-256, hexadecimal';
COMMENT ON COLUMN calibration.valid_from IS 'first night, YYYYMMDD; of two for the same path the later begun holds';
COMMENT ON COLUMN calibration.valid_until IS 'last night, YYYYMMDD; null: still valid';

CREATE TABLE telemetry (
  time_recorded timestamptz NOT NULL,
  name          text NOT NULL,
  value         double precision,
  unit          text NOT NULL,
  PRIMARY KEY (name, time_recorded)
);
CREATE INDEX telemetry_time ON telemetry (time_recorded);

COMMENT ON TABLE  telemetry IS 'What sensors said, one row a value.';
COMMENT ON COLUMN telemetry.time_recorded IS 'when it was measured, UTC';
COMMENT ON COLUMN telemetry.name IS 'what was measured, e.g. outside temperature';
COMMENT ON COLUMN telemetry.value IS 'its value in the unit that stands beside it';
COMMENT ON COLUMN telemetry.unit IS 'unit of the value, e.g. deg C; empty for a number without one';

CREATE TABLE etc_data (
  expid          integer NOT NULL,
  time_recorded  timestamptz NOT NULL,
  transparency   double precision,
  sky_level      double precision,
  seeing         double precision,
  effective_time double precision,
  PRIMARY KEY (expid, time_recorded)
);

COMMENT ON TABLE  etc_data IS 'What the exposure-time calculator knew during an exposure.';
COMMENT ON COLUMN etc_data.expid IS 'EXPID';
COMMENT ON COLUMN etc_data.time_recorded IS 'when it was reckoned, UTC';
COMMENT ON COLUMN etc_data.transparency IS 'transparency of the atmosphere over a perfect one''s [1]';
COMMENT ON COLUMN etc_data.sky_level IS 'brightness of the sky over a dark zenith''s [1]';
COMMENT ON COLUMN etc_data.seeing IS 'FWHM of the seeing [arcsec]';
COMMENT ON COLUMN etc_data.effective_time IS 'effective exposure time so far [s]';

-- Tells listeners at once of each exposure that is new or has become complete.
CREATE FUNCTION announce_exposure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('exposure', NEW.expid::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER exposure_announced AFTER INSERT OR UPDATE ON exposure
  FOR EACH ROW EXECUTE FUNCTION announce_exposure();

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'qlf_reader') THEN
    CREATE ROLE qlf_reader LOGIN;
  END IF;
END
$$;
ALTER ROLE qlf_reader SET default_transaction_read_only = on;
GRANT SELECT ON exposure, calibration, telemetry, etc_data TO qlf_reader;
