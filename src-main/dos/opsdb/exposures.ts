import { ARMS, type CameraName, CAMERAS, parseCamera } from '#shared/domain/camera.ts';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { DosExposure, FileLocation, LastExposureParams, RemoteHost } from '../../domain/ports/dos-client.ts';
import type { Ask } from './link.ts';
import { Row, type TextRow } from './row.ts';
import { column, nightDigits, relation, relationName, selectList } from './sql.ts';

const LARGEST_EXPID = 99_999_999;
/** Rows that one question takes at most. */
const PAGE = 5000;
/** Rows whose nights count as the newest: others may still come late there. */
const NEWEST = 200;

/** One row of the exposure table. */
export interface ExposureRow {
  exposure: DosExposure;
  /** The raw file is whole on the data host, and its place is known. */
  complete: boolean;
  /** @throws QlfError when its place is none, or its host is not configured */
  raw: () => FileLocation;
  fibermap: () => FileLocation | null;
}

/** Questions to the table of exposures. */
export interface ExposureTable {
  last(ask: Ask, params: LastExposureParams): Promise<DosExposure | null>;
  /** All rows with a higher EXPID, ascending; the newest `firstLook` where `expid` is null. */
  since(ask: Ask, expid: number | null): Promise<ExposureRow[]>;
  /** Numbers in the newest nights below one, ascending; at most `firstLook`, the newest. */
  recent(ask: Ask, below: number): Promise<number[]>;
  /** These rows, ascending, as far as they are there. */
  these(ask: Ask, expids: readonly number[]): Promise<ExposureRow[]>;
}

export function exposureTable(configuration: OpsdbConfiguration): ExposureTable {
  const { from, columns } = configuration.mapping.exposures;
  const expid = column(columns.expid);
  // A row without number or night is no exposure yet.
  const known = `${expid} BETWEEN 0 AND ${LARGEST_EXPID} AND ${column(columns.night)} IS NOT NULL`;
  const select = `SELECT ${selectList(columns)} FROM ${relation(from)} WHERE ${known}`;
  const flag = columns.complete === null ? '' : ` AND ${column(columns.complete)}::text IN ('t', 'true', '1')`;
  const complete = ` AND ${column(columns.rawPath)} IS NOT NULL${flag}`;
  const read = (row: TextRow): ExposureRow => readRow(row, configuration);

  return {
    async last(ask, { night, flavors }) {
      const values: unknown[] = [];
      const given = (value: unknown): string => `$${values.push(value)}`;
      const ofNight = night === undefined ? '' : ` AND ${nightDigits(columns.night)} = ${given(night)}`;
      const ofFlavor =
        flavors === undefined
          ? ''
          : ` AND lower(trim(${column(columns.flavor)}::text)) = ANY(${given(flavors)}::text[])`;
      const { rows } = await ask(`${select}${complete}${ofNight}${ofFlavor} ORDER BY ${expid} DESC LIMIT 1`, values);
      return rows[0] ? read(rows[0]).exposure : null;
    },
    async since(ask, after) {
      if (after === null) {
        const { rows } = await ask(`${select} ORDER BY ${expid} DESC LIMIT $1`, [configuration.firstLook]);
        return rows.map(read).reverse();
      }
      const { rows } = await ask(`${select} AND ${expid} > $1::bigint ORDER BY ${expid} LIMIT ${PAGE}`, [after]);
      return rows.map(read);
    },
    async recent(ask, below) {
      const night = column(columns.night);
      const newest = `(SELECT ${night} FROM ${relation(from)} WHERE ${known} ORDER BY ${expid} DESC LIMIT ${NEWEST})`;
      const latest = `(SELECT max(${night}) FROM ${relation(from)} WHERE ${known})`;
      const { rows } = await ask(
        `SELECT ${expid} AS expid FROM ${relation(from)} WHERE ${known}${complete} AND ${expid} < $1::bigint ` +
          `AND ${night} IN (${newest} UNION ${latest}) ORDER BY ${expid} DESC LIMIT $2`,
        [below, configuration.firstLook],
      );
      return rows.map((row) => Number(row['expid'])).reverse();
    },
    async these(ask, expids) {
      const { rows } = await ask(`${select} AND ${expid} = ANY($1::bigint[]) ORDER BY ${expid} LIMIT ${PAGE}`, [
        expids,
      ]);
      return rows.map(read);
    },
  };
}

function readRow(values: TextRow, configuration: OpsdbConfiguration): ExposureRow {
  const { from, columns } = configuration.mapping.exposures;
  const row = new Row(values, columns, `${relationName(from)}, exposure ${values['expid'] ?? '?'}`);
  const location = (path: string, bytes: string, sha256: string): FileLocation | null => {
    const absolute = row.path(path);
    if (absolute === null) return null;
    return {
      host: dataHost(row, configuration),
      path: absolute,
      bytes: row.size(bytes),
      sha256: row.sha256(sha256),
    };
  };
  return {
    exposure: {
      expid: row.integer('expid') ?? 0,
      night: row.night('night'),
      flavor: row.text('flavor')?.toLowerCase() ?? 'unknown',
      program: row.text('program')?.toLowerCase() ?? null,
      exptime: row.number('exptime'),
      airmass: row.number('airmass'),
      seeing: row.number('seeing'),
      tileid: rounded(row.number('tileid')),
      mjdObs: row.number('mjdObs'),
      dateObs: row.time('dateObs'),
      ra: row.number('ra'),
      dec: row.number('dec'),
      obstype: row.text('obstype'),
      header: row.scalars('header'),
      camerasExpected: camerasOf(row.text('camerasExpected')),
    },
    complete: row.text('rawPath') !== null && (columns.complete === null || row.boolean('complete')),
    raw: () => location('rawPath', 'rawBytes', 'rawSha256') ?? fail(row.bad('rawPath', 'no path of the raw file')),
    fibermap: () => location('fibermapPath', 'fibermapBytes', 'fibermapSha256'),
  };
}

/** The host of a row's files. @throws QlfError `invalid-configuration` when it is not configured */
export function dataHost(row: Row, { dataHosts }: OpsdbConfiguration): RemoteHost | null {
  const name = row.text('dataHost');
  if (name === null) return null;
  const host = Object.hasOwn(dataHosts, name) ? dataHosts[name] : undefined;
  if (host) return { ...host };
  throw new QlfError(
    'invalid-configuration',
    `the database has files on the data host ${JSON.stringify(name)}, of which QLF does not know how to reach it. ` +
      'Add it to dataHosts.',
  );
}

/** Names of cameras anywhere in the text; else of spectrographs; all 30 where there is none of either. */
function camerasOf(text: string | null): CameraName[] {
  const words = (text ?? '').split(/[^A-Za-z0-9]+/);
  const named = new Set(words.flatMap((word) => parseCamera(word) ?? []));
  if (named.size > 0) return CAMERAS.filter((camera) => named.has(camera));
  const spectrographs = new Set(words.flatMap((word) => /^(?:SP)?([0-9])$/i.exec(word)?.[1] ?? []));
  if (spectrographs.size === 0) return [...CAMERAS];
  return CAMERAS.filter((camera) => ARMS.some((arm) => [...spectrographs].some((n) => camera === `${arm}${n}`)));
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value));

function fail(error: Error): never {
  throw error;
}
