import type { StepDefinition } from '../types.ts';
import { INITIALIZE } from './initialize.ts';
import { PREPROC } from './preproc.ts';

/** Every step the pipeline knows, by the original's algorithm name; the configuration says which run, in order. */
export const STEP_DEFINITIONS: readonly StepDefinition[] = [INITIALIZE, PREPROC];
