import type { OpsdbMapping, Relation } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { Ask } from './link.ts';
import { relation, relationName } from './sql.ts';

/** Kinds of values that would be misread, or could not be compared, in a column of another type. */
type Kind = 'integer' | 'number' | 'time' | 'json' | 'boolean' | 'any';

const INTEGER = ['smallint', 'integer', 'bigint', 'numeric'];
const NUMBER = [...INTEGER, 'real', 'double precision'];
const TYPES: Record<Exclude<Kind, 'any'>, readonly string[]> = {
  integer: INTEGER,
  number: NUMBER,
  time: ['timestamp with time zone', 'timestamp without time zone'],
  json: ['json', 'jsonb', 'text'],
  boolean: ['boolean', ...INTEGER, 'text', 'character varying'],
};

const EXPOSURE_KINDS: Record<string, Kind> = {
  expid: 'integer',
  exptime: 'number',
  airmass: 'number',
  seeing: 'number',
  tileid: 'number',
  mjdObs: 'number',
  ra: 'number',
  dec: 'number',
  header: 'json',
  complete: 'boolean',
  rawBytes: 'integer',
  fibermapBytes: 'integer',
};

interface Part {
  /** How the configuration calls it. */
  part: string;
  from: Relation;
  columns: Readonly<Record<string, string | null>>;
  kinds: Readonly<Record<string, Kind>>;
}

function partsOf({ exposures, calibrations, telemetry, etc }: OpsdbMapping): Part[] {
  const parts: Part[] = [{ part: 'exposures', ...exposures, kinds: EXPOSURE_KINDS }];
  if (calibrations) parts.push({ part: 'calibrations', ...calibrations, kinds: { bytes: 'integer' } });
  const series = { time: 'time', value: 'number' } as const;
  if (telemetry?.layout === 'long') {
    const { from, columns } = telemetry;
    parts.push({ part: 'telemetry', from, columns, kinds: series });
  }
  if (telemetry?.layout === 'wide') {
    for (const { name, from, columns } of telemetry.series)
      parts.push({ part: `telemetry, ${name}`, from, columns, kinds: series });
  }
  if (etc) {
    const kinds = { transparency: 'number', skyLevel: 'number', seeing: 'number', effectiveTime: 'number' } as const;
    parts.push({ part: 'etc', ...etc, kinds: { expid: 'integer', time: 'time', ...kinds } });
  }
  return parts;
}

/**
 * Looks whether every mapped column is there and of a type that can be what it is mapped to.
 * @throws QlfError `invalid-configuration` that names the columns, or the database's own error when a table is not there
 */
export async function checkMapping(ask: Ask, mapping: OpsdbMapping): Promise<void> {
  const problems: string[] = [];
  for (const { part, from, columns, kinds } of partsOf(mapping)) {
    const types = await typesOf(ask, from);
    for (const [field, name] of Object.entries(columns)) {
      if (name === null) continue;
      const type = types.get(name);
      const kind = kinds[field] ?? 'any';
      if (type === undefined) {
        const others = [...types.keys()].slice(0, 40).join(', ');
        problems.push(
          `${part}: ${field} is mapped to column "${name}", which ${relationName(from)} does not have (it has ${others})`,
        );
      } else if (kind !== 'any' && !TYPES[kind].includes(type.replace(/\(.*\)/, ''))) {
        problems.push(`${part}: ${field} is mapped to column "${name}" of ${relationName(from)}, which is ${type}`);
      }
    }
  }
  if (problems.length > 0)
    throw new QlfError('invalid-configuration', `${problems.join('; ')}. Correct the column mapping.`);
}

/** Type of every column of a relation, as SQL calls it. */
async function typesOf(ask: Ask, from: Relation): Promise<Map<string, string>> {
  const { fields } = await ask(`SELECT * FROM ${relation(from)} LIMIT 0`);
  const { rows } = await ask('SELECT oid::text AS oid, format_type(oid, NULL) AS type FROM unnest($1::oid[]) AS oid', [
    fields.map(({ dataTypeID }) => dataTypeID),
  ]);
  const names = new Map(rows.map(({ oid, type }) => [oid, type ?? '']));
  return new Map(fields.map(({ name, dataTypeID }) => [name, names.get(String(dataTypeID)) ?? '']));
}
