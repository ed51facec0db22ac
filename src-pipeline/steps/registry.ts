import type { StepDefinition } from '../types.ts';
import { BOXCAR_EXTRACT } from './boxcar-extract.ts';
import { EXTRACT_QP } from './extract-qp.ts';
import { APPLY_FIBERFLAT_QL } from './fiberflat-ql.ts';
import { APPLY_FIBERFLAT_QP } from './fiberflat-qp.ts';
import { APPLY_FLUX_CALIBRATION } from './fluxcal.ts';
import { COMPUTE_FIBERFLAT_QL, COMPUTE_FIBERFLAT_QP } from './fiberflat-compute.ts';
import { FLEXURE } from './flexure.ts';
import { INITIALIZE } from './initialize.ts';
import { PREPROC } from './preproc.ts';
import { RESOLUTION_FIT } from './resolution.ts';
import { SKY_SUB_QL } from './sky-ql.ts';
import { SKY_SUB_QP } from './sky-qp.ts';

/** Every step the pipeline knows, by the original's algorithm name; the configuration says which run, in order. */
export const STEP_DEFINITIONS: readonly StepDefinition[] = [
  INITIALIZE,
  PREPROC,
  FLEXURE,
  BOXCAR_EXTRACT,
  APPLY_FIBERFLAT_QL,
  SKY_SUB_QL,
  EXTRACT_QP,
  APPLY_FIBERFLAT_QP,
  SKY_SUB_QP,
  APPLY_FLUX_CALIBRATION,
  RESOLUTION_FIT,
  COMPUTE_FIBERFLAT_QL,
  COMPUTE_FIBERFLAT_QP,
];
