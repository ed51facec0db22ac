import type { Json } from '#shared/domain/measurement.ts';
import type { JobFacts, QaDefinition } from '../types.ts';

type JsonRecord = Record<string, Json>;

/** A QA's result, and the algorithm after which it ran. */
export interface QaRecord {
  algorithm: string;
  qa: QaDefinition;
  metrics: JsonRecord;
  params: Readonly<JsonRecord>;
}

/** Task of the merged file that an algorithm's QAs belong to. */
const TASK_OF_ALGORITHM: Readonly<Record<string, string>> = {
  Initialize: 'CHECK_CCDs',
  Preproc: 'CHECK_CCDs',
  Flexure: 'CHECK_FIBERS',
  BoxcarExtract: 'CHECK_FIBERS',
  Extract_QP: 'CHECK_FIBERS',
  ApplyFiberFlat_QL: 'CHECK_SPECTRA',
  ApplyFiberFlat_QP: 'CHECK_SPECTRA',
  SkySub_QL: 'CHECK_SPECTRA',
  SkySub_QP: 'CHECK_SPECTRA',
  ApplyFluxCalibration: 'CHECK_SPECTRA',
  ResolutionFit: 'CHECK_ARC',
  ComputeFiberflat_QL: 'CHECK_FIBERFLAT',
  ComputeFiberflat_QP: 'CHECK_FIBERFLAT',
};

/** What the original moves into CHECK_SPECTRA of the QAs that run before flux calibration; the rest it drops. */
const MOVED_METRICS: ReadonlySet<string> = new Set(
  'PEAKCOUNT PEAKCOUNT_FIB PEAKCOUNT_NOISE PEAKCOUNT_STATUS SKYCONT SKYCONT_FIBER SKYCONT_STATUS FIDSNR_TGT FIDSNR_TGT_STATUS FITCOEFF_TGT MEDIAN_SNR NUM_NEGATIVE_SNR SNR_MAG_TGT SNR_RESID OBJLIST'.split(
    ' ',
  ),
);
const MOVED_PARAMS =
  /^(?:[BRZ]_CONT|PEAKCOUNT_.*(?:RANGE|(?:DARK|GRAY|BRIGHT)_REF)|SKYCONT_.*(?:RANGE|REF)|RESIDUAL_CUT|SIGMA_CUT|FIDSNR_TGT_.*(?:RANGE|REF)|FIDMAG)$/;

/** Steps whose QAs reach CHECK_SPECTRA only through the list above, in the original. */
const BEFORE_FLUX_CALIBRATION = /^(?:ApplyFiberFlat|SkySub)_Q[LP]$/;
const VERSIONS: ReadonlySet<string> = new Set([
  'FITS_DESISPEC_VERSION',
  'PROC_DESISPEC_VERSION',
  'PROC_QuickLook_VERSION',
]);
const PROGRAMS = ['DARK', 'GRAY', 'BRIGHT'] as const;

interface Task {
  METRICS: JsonRecord;
  PARAMS: JsonRecord;
}

/**
 * The merged QA document of a camera in the original's layout: GENERAL_INFO and TASKS by what is tested. References of the
 * other two programs are left out. The original loses all of CHECK_SPECTRA when the chain has no flux calibration, moves only
 * some keys of earlier QAs there, and loses the references of XYSHIFTS of calibration exposures; `compatible` does so too.
 */
export function mergeQa(
  facts: JobFacts,
  generalInfo: JsonRecord,
  records: readonly QaRecord[],
  algorithms: readonly string[],
): JsonRecord {
  const tasks: Record<string, Task> = {};
  for (const algorithm of algorithms) {
    const name = taskOf(algorithm, algorithms, facts.compatible);
    if (name !== undefined) tasks[name] ??= { METRICS: {}, PARAMS: {} };
  }
  for (const { algorithm, qa, metrics, params } of records) {
    // Widths are of the CCD wherever the configuration has them measured.
    const placed = qa.metric === 'xwsigma' ? 'Preproc' : algorithm;
    const name = taskOf(placed, algorithms, facts.compatible, true);
    const task = name === undefined ? undefined : tasks[name];
    if (!task) continue;
    const moved = facts.compatible && BEFORE_FLUX_CALIBRATION.test(algorithm);
    for (const [key, value] of Object.entries(metrics)) {
      if (!moved || MOVED_METRICS.has(key)) task.METRICS[key] = value;
    }
    for (const [key, value] of Object.entries(params)) {
      if (VERSIONS.has(key) || isOfOtherProgram(key, facts.program)) continue;
      if (facts.compatible && algorithm === 'Flexure' && key === 'XYSHIFTS_REF') continue;
      if (!moved || MOVED_PARAMS.test(key)) task.PARAMS[key] = value;
    }
  }
  return {
    NIGHT: facts.night,
    EXPID: facts.expid,
    CAMERA: facts.camera,
    FLAVOR: facts.flavor,
    GENERAL_INFO: generalInfo,
    TASKS: Object.fromEntries(Object.entries(tasks).map(([name, { METRICS, PARAMS }]) => [name, { METRICS, PARAMS }])),
  };
}

/** In the original a task exists only if the algorithm that names it runs; earlier ones move into it. */
function taskOf(
  algorithm: string,
  algorithms: readonly string[],
  compatible: boolean,
  forRecord = false,
): string | undefined {
  const name = TASK_OF_ALGORITHM[algorithm];
  if (!compatible) return name;
  if (algorithm === 'Initialize' || algorithm === 'Flexure') return forRecord ? name : undefined;
  if (!BEFORE_FLUX_CALIBRATION.test(algorithm)) return name;
  return forRecord && algorithms.includes('ApplyFluxCalibration') ? name : undefined;
}

function isOfOtherProgram(key: string, program: string | null): boolean {
  const match = /_(DARK|GRAY|BRIGHT)_REF$/.exec(key);
  const own = program?.toUpperCase();
  return match !== null && PROGRAMS.some((name) => name === own) && match[1] !== own;
}

/** JSON as the original writes it: keys sorted, four blanks of indentation. */
export function originalJson(value: Json): string {
  return JSON.stringify(sorted(value), null, 4);
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
