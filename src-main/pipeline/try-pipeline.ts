import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { PipelineSetting } from '#shared/domain/settings.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { ProgramLauncher } from '../domain/ports/program-launcher.ts';
import { minimalEnvironment } from './minimal-environment.ts';

/** Where a program is that may be run; null where there is none. */
async function programAt(name: string, path: string): Promise<string | null> {
  const places = isAbsolute(name)
    ? [name]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name));
  for (const place of places) {
    const there = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return place;
  }
  return null;
}

/**
 * Starts QLF's own pipeline for a moment; any other program is only looked for, since it may want an exposure.
 * @returns what was found
 * @throws QlfError in words
 */
export async function tryPipeline(
  pipeline: PipelineSetting,
  launcher: ProgramLauncher,
  signal: AbortSignal,
): Promise<string> {
  if (pipeline.kind !== 'built-in') {
    const [name = ''] = pipeline.argv;
    const found = await programAt(name, pipeline.env['PATH'] ?? minimalEnvironment({})['PATH'] ?? '');
    if (found !== null) return `${found} is there and may be run; it was not started without an exposure`;
    throw new QlfError('unavailable', `${name} is not there, or may not be run: check the program of the executor`);
  }
  let said = '';
  const child = launcher.launch('ql-pipeline', {
    args: ['--help'],
    env: {},
    onStdout: () => undefined,
    onStderr: (chunk) => (said = `${said}${chunk.toString()}`.slice(-500)),
  });
  const abort = (): void => child.kill('SIGKILL');
  signal.addEventListener('abort', abort, { once: true });
  const { code, error } = await child.ended;
  signal.removeEventListener('abort', abort);
  if (code === 0) return 'ql-pipeline, built in, starts';
  throw new QlfError('unavailable', `ql-pipeline does not start (${error ?? said.trim()}): install QLF again`);
}
