import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { PrepareJob } from '../domain/ports/prepare-job.ts';
import type { ConfirmProgram, Programs } from '../domain/ports/programs.ts';

/**
 * The calls of an interface (a page in a window or in a browser), which may show anything but must not decide what runs on this
 * computer: settings that name a program which nobody has allowed yet are kept only when a person has.
 * @param confirm null where there is nobody to ask
 */
export function guardPrograms(handlers: Handlers, programs: Programs, confirm: ConfirmProgram | null): Handlers {
  return {
    ...handlers,
    'settings.set': async (request) => {
      const { pipeline } = request.settings;
      if (pipeline.kind !== 'built-in' && !programs.allows(pipeline)) {
        if (confirm === null)
          throw new QlfError(
            'forbidden',
            `which program runs is decided at the engine’s own computer: set it there, or start QLF with --pipeline FILE`,
          );
        if (!(await confirm(pipeline)))
          throw new QlfError('forbidden', `${pipeline.argv[0] ?? ''} was not allowed to run; nothing is changed`);
        programs.allow(pipeline);
      }
      return handlers['settings.set'](request);
    },
  };
}

/** Jobs of programs that nobody of this computer has allowed are not begun, wherever the settings came from. */
export function guardJobs(prepare: PrepareJob, programs: Pick<Programs, 'allows'> | undefined): PrepareJob {
  if (!programs) return prepare;
  return async (request) => {
    const { pipeline } = request;
    if (pipeline.kind !== 'built-in' && !programs.allows(pipeline))
      throw new QlfError(
        'forbidden',
        `nobody of this computer has allowed ${pipeline.argv[0] ?? ''} to run: choose it again in Settings, Executor`,
      );
    return prepare(request);
  };
}
