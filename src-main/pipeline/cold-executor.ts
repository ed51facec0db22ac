import type { ProgramLauncher } from '../domain/ports/program-launcher.ts';
import { MARKER } from './end-tree.ts';
import type { JobExecutor } from './executor.ts';

/** Runs each job in a new process of the built-in pipeline. */
export function createColdExecutor(launcher: ProgramLauncher): JobExecutor {
  return {
    start(spec, marker, output) {
      const env = { OMP_NUM_THREADS: '1', ...spec.env, [MARKER]: marker };
      const child = launcher.launch('ql-pipeline', { args: ['--config', spec.configFile], env, ...output });
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
