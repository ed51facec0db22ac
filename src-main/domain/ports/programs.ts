import type { ExternalPipeline } from '#shared/domain/settings.ts';

/** Asks a person of this computer, in a way that no page can answer, whether a program may run. */
export type ConfirmProgram = (pipeline: ExternalPipeline) => Promise<boolean>;

/** Programs that a person of this computer has let QLF run. Kept beside the application's settings, in no data folder. */
export interface Programs {
  allows(pipeline: ExternalPipeline): boolean;
  /** From now on, until somebody takes its line away. */
  allow(pipeline: ExternalPipeline): void;
}
