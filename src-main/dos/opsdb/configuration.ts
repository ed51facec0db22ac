import { readFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { OPSDB_DEFAULTS, type OpsdbConfiguration, OpsdbConfigurationSchema } from '#shared/domain/opsdb.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { relation, selectList } from './sql.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A configuration as a person writes it: what it does not say is the default, column by column; a column that the
 * database does not have is set to null.
 * @throws QlfError `invalid-configuration` that names the place
 */
export function opsdbConfiguration(value: unknown): OpsdbConfiguration {
  if (!isObject(value)) throw invalid('it must be an object with at least "host"');
  const mapping = isObject(value['mapping']) ? value['mapping'] : {};
  const whole: Record<string, unknown> = { ...OPSDB_DEFAULTS, ...value };
  if (isObject(value['tls'])) whole['tls'] = { ...OPSDB_DEFAULTS.tls, ...value['tls'] };
  if (value['mapping'] === undefined || isObject(value['mapping']))
    whole['mapping'] = { ...OPSDB_DEFAULTS.mapping, ...mapping, ...partly(mapping) };
  if (!Value.Check(OpsdbConfigurationSchema, whole)) {
    const first = Value.Errors(OpsdbConfigurationSchema, whole)[0];
    throw invalid(`${first?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${first?.message ?? 'is not valid'}`);
  }
  checkSense(whole);
  return whole;
}

/** Parts of the mapping that change some columns of the default table only. */
function partly(mapping: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const part of ['exposures', 'calibrations', 'telemetry', 'etc'] as const) {
    const given = mapping[part];
    const standard: unknown = OPSDB_DEFAULTS.mapping[part];
    if (!isObject(given) || !isObject(standard) || given['layout'] === 'wide') continue;
    const columns = isObject(given['columns']) ? given['columns'] : {};
    merged[part] = { ...standard, ...given, columns: { ...(standard['columns'] as object), ...columns } };
  }
  return merged;
}

/** What the schema cannot say. */
function checkSense(configuration: OpsdbConfiguration): void {
  const { tls, mapping, channel } = configuration;
  if (tls.ca !== null && tls.mode !== 'verify-full')
    throw invalid(`tls.mode is ${tls.mode}, but a certificate is given (tls.ca): then it must be verify-full`);
  const { telemetry } = mapping;
  const series = telemetry?.layout === 'wide' ? telemetry.series : [telemetry];
  const parts = [mapping.exposures, mapping.calibrations, mapping.etc, ...series];
  try {
    for (const part of parts) {
      if (!part) continue;
      relation(part.from);
      selectList(part.columns);
      if ('query' in part.from && part.from.query.includes(';')) throw new Error('a query is one SELECT, without ;');
    }
    if (channel !== null) selectList({ channel });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

/** @throws QlfError `invalid-configuration` that names the file */
export async function readOpsdbConfiguration(file: string): Promise<OpsdbConfiguration> {
  try {
    return opsdbConfiguration(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new QlfError('invalid-configuration', `${file}: ${message}`);
  }
}

const invalid = (what: string): QlfError =>
  new QlfError('invalid-configuration', `the configuration of the operations database: ${what}`);
