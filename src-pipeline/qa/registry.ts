import type { QaDefinition } from '../types.ts';
import { CHECKHDUS } from './checkhdus.ts';
import { COUNTPIX } from './countpix.ts';
import { GETBIAS } from './getbias.ts';
import { GETRMS } from './getrms.ts';
import { XWSIGMA } from './xwsigma.ts';

/** Every QA the pipeline knows; the configuration says which run after which step. */
export const QA_DEFINITIONS: readonly QaDefinition[] = [CHECKHDUS, COUNTPIX, GETBIAS, GETRMS, XWSIGMA];
