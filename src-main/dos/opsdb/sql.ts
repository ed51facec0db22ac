import type { Relation } from '#shared/domain/opsdb.ts';

/** PostgreSQL cuts longer names off without a word, so that another thing than the one meant could be read. */
const LONGEST_NAME = 63;

/**
 * A name of the configuration as SQL takes it, whatever characters it has.
 * @throws Error when no thing of the database can have that name
 */
export function quoted(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > LONGEST_NAME || /\p{Surrogate}/u.test(name))
    throw new Error(`${JSON.stringify(name)} cannot be a name in the database (1 to ${LONGEST_NAME} bytes of text)`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** What stands behind FROM. */
export function relation(from: Relation): string {
  if ('query' in from) return `(\n${from.query}\n) AS source`;
  return `${from.schema === null ? '' : `${quoted(from.schema)}.`}${quoted(from.table)} AS source`;
}

/** How messages call it. */
export function relationName(from: Relation): string {
  if ('query' in from) return 'the configured query';
  return `table ${from.schema === null ? '' : `${from.schema}.`}${from.table}`;
}

/** A column of that relation. */
export const column = (name: string): string => `source.${quoted(name)}`;

/** The mapped columns under the names that QLF has for them; those that the database does not have are NULL. */
export function selectList(columns: Readonly<Record<string, string | null>>): string {
  return Object.entries(columns)
    .map(([field, name]) => `${name === null ? 'NULL' : column(name)} AS ${quoted(field)}`)
    .join(', ');
}

/** A night (integer, text or date) as eight digits. */
export const nightDigits = (name: string): string => `replace(${column(name)}::text, '-', '')`;
