import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { PipelineSettingSchema, type PipelineSetting } from '#shared/domain/settings.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { checkPipelineSetting } from './prepare-job.ts';

/**
 * Reads which pipeline runs from a file: `{"kind": "desi_quicklook", "argv": ["desi_quicklook"], "env": {}}`.
 * @throws QlfError `invalid-configuration` where the file is not there or says something else
 */
export function readPipelineFile(file: string): PipelineSetting {
  const refuse = (why: string, cause?: unknown): never => {
    throw new QlfError('invalid-configuration', `the pipeline's file ${file} cannot be taken: ${why}`, { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), error);
  }
  if (!Value.Check(PipelineSettingSchema, value))
    return refuse('it needs kind (built-in, desi_quicklook, desi_qproc or command), argv (a list) and env (an object)');
  checkPipelineSetting(value);
  return value;
}
