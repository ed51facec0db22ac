import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import Type from 'typebox';
import { Value } from 'typebox/value';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import type { DosClient, DosExposure } from '../../domain/ports/dos-client.ts';
import { databaseOptions, type Secret } from './database-options.ts';

const Numbers = Type.Array(Type.Number());

/** As the test environment writes it. */
const TelemetrySchema = Type.Object({
  start: Type.String(),
  seconds: Numbers,
  series: Type.Array(Type.Object({ name: Type.String(), unit: Type.String(), values: Numbers })),
});

/** As the exposure-time calculator writes it, as far as the tables have it. Times are MJD, d. */
const EtcSchema = Type.Object({
  acquisition: Type.Object({ seeing: Type.Number() }),
  thru: Type.Object({ mjd: Numbers, transparency: Numbers }),
  sky: Type.Object({ mjd: Numbers, level: Numbers }),
  accum: Type.Object({ mjd: Numbers, efftime: Numbers }),
});

const MJD_OF_EPOCH = 40_587;
const DAY = 86_400_000;

const EXPOSURE = `
  INSERT INTO exposure (expid, night, flavor, program, exptime, airmass, seeing, tileid, mjd_obs, date_obs, ra, dec, obstype,
    header, cameras_expected, complete, data_host, raw_path, raw_bytes, raw_sha256, fibermap_path, fibermap_bytes)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamp AT TIME ZONE 'UTC', $11, $12, $13, $14, $15, true, $16, $17,
    $18, $19, $20, $21)
  ON CONFLICT (expid) DO UPDATE SET complete = true, raw_path = excluded.raw_path, raw_bytes = excluded.raw_bytes,
    raw_sha256 = excluded.raw_sha256, fibermap_path = excluded.fibermap_path, fibermap_bytes = excluded.fibermap_bytes`;

const TELEMETRY = `
  INSERT INTO telemetry (time_recorded, name, value, unit)
  SELECT t, $2, v, $4 FROM unnest($1::timestamptz[], $3::double precision[]) AS sample (t, v)
  ON CONFLICT DO NOTHING`;

const ETC = `
  INSERT INTO etc_data (expid, time_recorded, transparency, sky_level, seeing, effective_time)
  SELECT $1, t, transparency, sky, $5, efftime
  FROM unnest($2::timestamptz[], $3::double precision[], $4::double precision[], $6::double precision[])
    AS sample (t, transparency, sky, efftime)
  ON CONFLICT DO NOTHING`;

const CALIBRATION = `
  INSERT INTO calibration (kind, relative_path, data_host, path, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (relative_path, valid_from) DO UPDATE SET path = excluded.path, bytes = excluded.bytes,
    sha256 = excluded.sha256`;

/** Writes exposures of a folder into the tables of resources/opsdb.sql, as an observatory's own systems would. */
export interface OpsdbFiller {
  /** All that the folder knows of a complete exposure, in one transaction; listeners hear of it when it holds. */
  fill(folder: DosClient, exposure: DosExposure): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param to the database, with a user who may write there
 * @param dataHost name under which readers know the machine of the folder; null: they are on it
 */
export async function createOpsdbFiller(
  to: OpsdbConfiguration,
  secret: Secret,
  dataHost: string | null,
): Promise<OpsdbFiller> {
  const client = new Client(await databaseOptions(to, secret));
  client.on('error', () => undefined);
  await client.connect();

  async function writeExposure(folder: DosClient, exposure: DosExposure): Promise<void> {
    const { expid, night, header, camerasExpected } = exposure;
    const raw = await folder.getFileLocation(expid);
    const fibermap = await folder.getFibermap(expid, 0);
    const { flavor, program, exptime, airmass, seeing, tileid, mjdObs, dateObs, ra, dec, obstype } = exposure;
    await client.query(EXPOSURE, [
      ...[expid, Number(night), flavor, program, exptime, airmass, seeing, tileid, mjdObs, dateObs, ra, dec, obstype],
      ...[JSON.stringify(header), camerasExpected, dataHost, raw.path, raw.bytes, raw.sha256],
      ...[fibermap?.path ?? null, fibermap?.bytes ?? null],
    ]);
  }

  async function writeTelemetry(folder: DosClient, expid: number): Promise<void> {
    const found = await folder.getTelemetry(expid);
    const telemetry: unknown = found && JSON.parse(await readFile(found.path, 'utf8'));
    if (!Value.Check(TelemetrySchema, telemetry)) return;
    const begins = Date.parse(`${telemetry.start}Z`);
    const times = telemetry.seconds.map((second) => new Date(begins + second * 1000).toISOString());
    for (const { name, unit, values } of telemetry.series) await client.query(TELEMETRY, [times, name, values, unit]);
  }

  async function writeEtc(folder: DosClient, expid: number): Promise<void> {
    const found = await folder.getEtc(expid);
    const etc: unknown = found && JSON.parse(await readFile(found.path, 'utf8'));
    if (!Value.Check(EtcSchema, etc)) return;
    const { acquisition, thru, sky, accum } = etc;
    const times = accum.mjd.map((mjd) => new Date(Math.round((mjd - MJD_OF_EPOCH) * DAY)).toISOString());
    await client.query(ETC, [expid, times, thru.transparency, sky.level, acquisition.seeing, accum.efftime]);
  }

  return {
    async fill(folder, exposure) {
      await client.query('BEGIN');
      try {
        await writeTelemetry(folder, exposure.expid);
        await writeEtc(folder, exposure.expid);
        for (const { kind, relativePath, location } of await folder.getCalibrationFiles(exposure.expid))
          await client.query(CALIBRATION, [
            ...[kind, relativePath, dataHost, location.path, location.bytes, location.sha256],
          ]);
        await writeExposure(folder, exposure);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    close: () => client.end(),
  };
}
