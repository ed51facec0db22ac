import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { checkJobConfiguration, type JobConfiguration } from '#shared/domain/ql-configuration.ts';
import { EXIT, JobFailure, messageOf } from './failure.ts';

/** What to process: a configuration file, and what the command line says beside it. */
export interface JobRequest {
  configFile: string;
  /** The Run block where the file (the original's form) has none. */
  run: object | null;
  /** Reproduce the original's numbers whatever the configuration says. */
  compatible: boolean;
  /** One JSON file a QA beside the merged one. */
  qaJson: boolean;
  /** Python's number of the lowest level that is logged; null: the configuration's. */
  logLevel: number | null;
}

/** @throws JobFailure `configuration` saying where the file is wrong */
export function loadConfiguration(request: JobRequest): JobConfiguration {
  const { configFile } = request;
  let value: unknown;
  try {
    value = parse(readFileSync(configFile, 'utf8'));
  } catch (error) {
    throw new JobFailure(EXIT.configuration, `configuration ${configFile}: ${messageOf(error)}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && request.run !== null) value = { ...value, Run: request.run };
  const problems = checkJobConfiguration(value);
  if (problems.length > 0) {
    const text = problems.map(({ path, message }) => `${path.join('.') || 'the file'} ${message}`).join('; ');
    throw new JobFailure(EXIT.configuration, `configuration ${configFile}: ${text}`);
  }
  const configuration = value as JobConfiguration;
  if (!request.compatible) return configuration;
  return { ...configuration, Run: { ...configuration.Run, Compatibility: 'desispec-0.31' } };
}
