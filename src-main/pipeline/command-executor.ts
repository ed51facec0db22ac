import { expid8 } from '#shared/domain/exposure.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { JobSpec } from '../domain/ports/job-pool.ts';
import { MARKER } from './end-tree.ts';
import type { JobExecutor } from './executor.ts';
import { spawnChild } from './spawn-child.ts';

const PLACEHOLDERS: Readonly<Record<string, (spec: JobSpec) => string>> = {
  config: (spec) => spec.configFile,
  night: (spec) => spec.night,
  camera: (spec) => spec.camera,
  expid: (spec) => String(spec.expid),
  expid8: (spec) => expid8(spec.expid),
  outputDir: (spec) => spec.outputDir,
  runId: (spec) => String(spec.runId),
  jobId: (spec) => String(spec.jobId),
  exposure: (spec) => spec.paths.exposure,
  rawTree: (spec) => spec.paths.rawTree,
  fibermap: (spec) => spec.paths.fibermap,
  calib: (spec) => spec.paths.calib,
  products: (spec) => spec.paths.products,
};

/** A template's `{name}` parts filled in, each inside its own argument. */
function fill(template: string, spec: JobSpec): string {
  return template.replace(/\{(\w+)\}/g, (_part, name: string) => PLACEHOLDERS[name]?.(spec) ?? '');
}

/** @throws QlfError `invalid-configuration` for an empty command or an unknown placeholder */
export function checkTemplate(argv: readonly string[]): void {
  if (!argv[0])
    throw new QlfError('invalid-configuration', 'the pipeline command is empty: give the program and its arguments');
  for (const template of argv)
    for (const [, name = ''] of template.matchAll(/\{(\w+)\}/g))
      if (!Object.hasOwn(PLACEHOLDERS, name))
        throw new QlfError(
          'invalid-configuration',
          `the pipeline command has the unknown placeholder {${name}}; known: ${Object.keys(PLACEHOLDERS).join(', ')}`,
        );
}

/**
 * Runs each job as a call of any other program.
 * @param argv program and arguments, one an element; `{config}`, `{night}`, `{camera}` … are filled in
 * @param env what the program needs of the environment beside the minimum
 * @throws QlfError `invalid-configuration` for an empty command or an unknown placeholder
 */
export function createCommandExecutor(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): JobExecutor {
  checkTemplate(argv);
  return {
    start(spec, marker, output) {
      const [program = '', ...args] = argv.map((template) => fill(template, spec));
      const child = spawnChild(
        program,
        args,
        { args, env: { OMP_NUM_THREADS: '1', ...env, ...spec.env, [MARKER]: marker }, ...output },
        false,
      );
      return {
        marker,
        reused: false,
        release: () => undefined,
        kill: (signal) => child.kill(signal),
        ended: child.ended,
      };
    },
    close: () => Promise.resolve(),
  };
}
