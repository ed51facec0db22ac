import type { CommandHandlers, OwnCommandHandlers } from '#shared/ipc/command-contract.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { serveControl } from './control/serve-control.ts';

/** What command lines ask of an engine. */
export interface Commanded {
  handlers: Handlers;
  /** What only they may ask. */
  commands: { version: string; handlers: OwnCommandHandlers };
  report(error: unknown): void;
  close(): Promise<void>;
}

/**
 * The same engine, which command lines reach as well; where the data folder can hold no socket it says so in its log.
 * @param root the data folder, whose lock is held
 */
export async function openControl<Engine extends Commanded>(engine: Engine, root: string): Promise<Engine> {
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
