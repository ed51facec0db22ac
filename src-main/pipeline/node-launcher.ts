import { join } from 'node:path';
import type { ProgramLauncher } from '../domain/ports/program-launcher.ts';
import { spawnChild } from './spawn-child.ts';

/**
 * Starts QLF's own programs with this Node, each leading its own process group and with a message channel; a program
 * ends by itself when the channel closes because its parent died.
 * @param options.programsDir the folder of the built programs (ql-pipeline.cjs …)
 */
export function createNodeLauncher({ programsDir }: { programsDir: string }): ProgramLauncher {
  return {
    launch: (program, options) =>
      spawnChild(process.execPath, [join(programsDir, `${program}.cjs`), ...options.args], options, true),
  };
}
