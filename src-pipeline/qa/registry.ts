import type { QaDefinition } from '../types.ts';

/** Every QA the pipeline knows; the configuration says which run after which step. */
export const QA_DEFINITIONS: readonly QaDefinition[] = [];
