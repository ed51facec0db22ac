/** Processing steps of the Quick Look pipeline, in the order of the science chain, then arcs and flats. */
export const STEPS = [
  'initialize',
  'preproc',
  'flexure',
  'extract',
  'fiberflat',
  'sky',
  'fluxcal',
  'resolution',
  'fiberflat-compute',
] as const;
export type Step = (typeof STEPS)[number];

/**
 * The original's pipeline-algorithm names (in configurations and log lines) and the step each one is.
 * Both chains of desispec: the founding document's (`_QL`, BoxcarExtract) and the later default (`_QP`).
 */
const STEP_BY_ALGORITHM: Readonly<Record<string, Step>> = {
  Initialize: 'initialize',
  Preproc: 'preproc',
  Flexure: 'flexure',
  BoxcarExtract: 'extract',
  Extract_QP: 'extract',
  ApplyFiberFlat_QL: 'fiberflat',
  ApplyFiberFlat_QP: 'fiberflat',
  SkySub_QL: 'sky',
  SkySub_QP: 'sky',
  ApplyFluxCalibration: 'fluxcal',
  ResolutionFit: 'resolution',
  ComputeFiberflat_QL: 'fiberflat-compute',
  ComputeFiberflat_QP: 'fiberflat-compute',
};

/** The step that a pipeline algorithm of the original performs; undefined for an unknown name. */
export function stepOfAlgorithm(algorithm: string): Step | undefined {
  return Object.hasOwn(STEP_BY_ALGORITHM, algorithm) ? STEP_BY_ALGORITHM[algorithm] : undefined;
}
