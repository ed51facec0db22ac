import type { CommandHandlers, OwnCommandHandlers } from '#shared/ipc/command-contract.ts';
import type { RunningEngine } from './composition.ts';
import { serveControl } from './control/serve-control.ts';

/** An engine with what only command lines may ask of it. */
export interface ControlledEngine extends RunningEngine {
  commands: { version: string; handlers: OwnCommandHandlers };
}

/**
 * The same engine, which command lines reach as well; where the data folder can hold no socket it says so in its log.
 * @param root the data folder, whose lock is held
 */
export async function openControl(engine: ControlledEngine, root: string): Promise<RunningEngine> {
  const { handlers: own, version } = engine.commands;
  const handlers: CommandHandlers = { ...engine.handlers, ...own };
  const report = (error: unknown): void => engine.report(error);
  try {
    const control = await serveControl({ root, version, handlers, report });
    const close = engine.close.bind(engine);
    return Object.assign(engine, {
      close: async () => {
        await control.close();
        await close();
      },
    });
  } catch (error) {
    report(new Error(`command lines cannot reach this engine: ${root} holds no socket (${String(error)})`));
    return engine;
  }
}
