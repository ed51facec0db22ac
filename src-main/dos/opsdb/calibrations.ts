import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import type { CalibrationFile } from '../../domain/ports/dos-client.ts';
import { dataHost } from './exposures.ts';
import type { Ask } from './link.ts';
import { Row } from './row.ts';
import { column, nightDigits, relation, relationName, selectList } from './sql.ts';

/** Files that a calibration tree has at most; more is a wrong mapping. */
const MOST = 20_000;

/** The calibration files that hold for a night, one a relative path. */
export async function calibrationsOf(
  ask: Ask,
  configuration: OpsdbConfiguration,
  night: string,
): Promise<CalibrationFile[]> {
  const { calibrations } = configuration.mapping;
  if (!calibrations) return [];
  const { from, columns } = calibrations;
  const { validFrom, validUntil } = columns;
  const begun = validFrom === null ? 'NULL' : nightDigits(validFrom);
  const over = validUntil === null ? 'NULL' : nightDigits(validUntil);
  const path = column(columns.relativePath);
  // `lpad`: integer nights such as 0 ("always") compare as text too.
  const { rows } = await ask(
    `SELECT DISTINCT ON (${path}) ${selectList(columns)} FROM ${relation(from)} ` +
      `WHERE ($1 >= lpad(${begun}, 8, '0') OR ${begun} IS NULL) AND ($1 <= lpad(${over}, 8, '0') OR ${over} IS NULL) ` +
      `ORDER BY ${path}, lpad(${begun}, 8, '0') DESC NULLS LAST LIMIT ${MOST}`,
    [night],
  );
  return rows.map((values) => {
    const row = new Row(values, columns, `${relationName(from)}, ${values['relativePath'] ?? '?'}`);
    const kind = row.text('kind') ?? 'tree';
    if (kind !== 'tree' && kind !== 'fiberflat') throw row.bad('kind', "neither 'tree' nor 'fiberflat'");
    const absolute = row.path('path');
    if (absolute === null) throw row.bad('path', 'no path of a file');
    return {
      kind,
      relativePath: row.relativePath('relativePath'),
      location: {
        host: dataHost(row, configuration),
        path: absolute,
        bytes: row.size('bytes'),
        sha256: row.sha256('sha256'),
      },
    };
  });
}
