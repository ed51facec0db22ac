import type { QaDefinition } from '../types.ts';
import { CHECKARC } from './checkarc.ts';
import { CHECKFLAT } from './checkflat.ts';
import { CHECKHDUS } from './checkhdus.ts';
import { COUNTBINS } from './countbins.ts';
import { COUNTPIX } from './countpix.ts';
import { GETBIAS } from './getbias.ts';
import { GETRMS } from './getrms.ts';
import { INTEG } from './integ.ts';
import { SKYCONT } from './skycont.ts';
import { SKYPEAK } from './skypeak.ts';
import { SKYRBAND } from './skyrband.ts';
import { SNR } from './snr.ts';
import { XWSIGMA } from './xwsigma.ts';
import { XYSHIFTS } from './xyshifts.ts';

/** Every QA the pipeline knows; the configuration says which run after which step. */
export const QA_DEFINITIONS: readonly QaDefinition[] = [
  CHECKARC,
  CHECKFLAT,
  CHECKHDUS,
  COUNTBINS,
  COUNTPIX,
  GETBIAS,
  GETRMS,
  INTEG,
  SKYCONT,
  SKYPEAK,
  SKYRBAND,
  SNR,
  XWSIGMA,
  XYSHIFTS,
];
