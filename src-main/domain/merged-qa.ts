import { QlfError } from '#shared/ipc/result.ts';

/** The QA outputs of one metric out of a merged file. */
export interface MergedMeasurement {
  /** A short name of the catalogue, or the task's own name for keys that no metric is known to have. */
  metric: string;
  /** METRICS and PARAMS in the envelope of the original's single QA files, without its time of day. */
  value: Record<string, unknown>;
}

/** Whose merged file it should be. */
export interface MergedOwner {
  expid: number;
  night: string;
  camera: string;
}

type Members = Record<string, unknown>;

/**
 * Keys of METRICS and PARAMS by metric, without the endings that belong to every key (`_STATUS`, ranges, references).
 * All generations: desispec 0.10 to 0.16 (2016, 2017), 0.17 to 0.23 (2018), 0.24 to 0.31 (2018, 2019).
 */
const KEYS: readonly (readonly [metric: string, keys: RegExp])[] = [
  ['checkhdus', /^(CHECKHDUS|HDU|EXPNUM)$/],
  ['getrms', /^(NOISE(_\w+)?|RMS(_\w+)?|RMSDIFF\w*|BIAS_PATNOISE|DIFF[123]SIG|DATA5SIG|PERCENTILES|EXPNUM_WARN)$/],
  ['getbias', /^(BIAS(_AMP|_ROW)?|MEANBIAS_ROW|BIASDIFF\w*|DIFF)$/],
  ['countpix', /^(LITFRAC\w*|NPIX\w*|CUTPIX)$/],
  ['xwsigma', /^((X|W|XW)(SIGMA|SHIFT)(_\w+)?|SHIFT_ERR|PIXEL_RANGE|MAX_SIGMA)$/],
  ['countbins', /^(NGOOD\w*|GOOD_FIBERS?|NBINS\w*|TOTCOUNT\w*|CUTBINS|CUTMED|N_KNOWN_BROKEN_FIBERS)$/],
  ['xyshifts', /^(XYSHIFTS|TRACE(_\w+)?)$/],
  ['checkflat', /^(CHECKFLAT|FLATMEAN|FLATRMS)$/],
  ['checkarc', /^(CHECKARC|GOODPSFS|CHECKPSF)$/],
  ['skypeak', /^(PEAKCOUNT\w*|SUMCOUNT\w*|NSKY_FIB|[BRZ]_PEAKS)$/],
  ['skycont', /^(SKYCONT\w*|SKYFIBERID|[BRZ]_CONT)$/],
  ['integ', /^(INTEG\w*|SPEC_MAGS|DELTAMAG\w*|MAGDIFF\w*|FIBER_MAG|NFIBNOTGT|STD_FIBERID|FIBERID)$/],
  [
    'snr',
    /^(MEDIAN_(AMP_)?SNR|NUM_NEGATIVE_SNR|SNR_\w+|FITCOEFF_TGT|FIDSNR\w*|FIDMAG|OBJLIST|FIT_FILTER|FILTERS|(RESIDUAL|SIGMA)_CUT|(ELG|LRG|QSO|BGS|MWS|STAR)_(FIBERID|SNR_MAG))$/,
  ],
  ['skyrband', /^(SKYRBAND\w*|SKY_RFLUX_DIFF|SKY_FIB_RBAND)$/],
  ['skyresid', /^(RESID\w*|SKY_?RESID\w*|MED_RESID\w*|MED_SKY|WAVG_RES_WAVE|NBAD_PCHI|NREJ|BIN_SZ|P(CHI|ER)_RESID)$/],
];

/** Endings of keys that say something about another key. */
const ENDING = /_(STATUS|(NORMAL|WARN|ALARM)_RANGE|((DARK|GRAY|BRIGHT)_)?REF)$/;

/** Tasks and steps of the extraction, whose CUTLO and CUTHI count bins; those of the others count pixels. */
const EXTRACTION = /FIBERS$|EXTRACT/i;

function metricOf(key: string, task: string): string | undefined {
  if (key === 'CUTLO' || key === 'CUTHI') return EXTRACTION.test(task) ? 'countbins' : 'countpix';
  const base = key.replace(ENDING, '');
  return KEYS.find(([, keys]) => keys.test(base))?.[0];
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Members[] => (Array.isArray(value) ? value.filter(isMembers) : []);
const sameCamera = (said: unknown, camera: string): boolean =>
  typeof said === 'string' && said.trim().toLowerCase() === camera;

/** The part about the camera: the whole, but in the first generation of files one of many. */
function cameraPart(file: Members, camera: string): Members | undefined {
  if (!Array.isArray(file['NIGHTS'])) return file;
  for (const night of listOf(file['NIGHTS']))
    for (const exposure of listOf(night['EXPOSURES']))
      for (const part of listOf(exposure['CAMERAS']))
        if (sameCamera(part['CAMERA'], camera))
          return { NIGHT: night['NIGHT'], EXPID: exposure['EXPID'], FLAVOR: exposure['FLAVOR'], ...part };
  return undefined;
}

/** Tasks by name; older files have the pipeline's steps instead, by name or in a list. */
function tasksOf(part: Members): (readonly [name: string, task: Members])[] {
  const tasks = part['TASKS'] ?? part['PIPELINE_STEPS'];
  if (isMembers(tasks)) return Object.entries(tasks).filter((entry): entry is [string, Members] => isMembers(entry[1]));
  return listOf(tasks).map((task) => [typeof task['PIPELINE_STEP'] === 'string' ? task['PIPELINE_STEP'] : '', task]);
}

/** What a member says, as text; the original itself writes EXPID as a number or as eight digits. */
const said = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : 'nothing';

function checkOwner(part: Members, { expid, night, camera }: MergedOwner): void {
  const refuse = (what: string, wanted: string): never => {
    throw new QlfError('bad-request', `it says ${what} ${said(part[what])} where ${wanted} was meant`);
  };
  if (!sameCamera(part['CAMERA'], camera)) refuse('CAMERA', camera);
  if (Number(said(part['EXPID'])) !== expid) refuse('EXPID', String(expid));
  if (part['NIGHT'] !== undefined && said(part['NIGHT']) !== night) refuse('NIGHT', night);
}

interface Sorted {
  METRICS: Members;
  PARAMS: Members;
}

/** Sorts what a task has by metric. */
function sortTask(name: string, task: Members, into: Map<string, Sorted>): void {
  for (const part of ['METRICS', 'PARAMS'] as const) {
    const members = task[part];
    if (!isMembers(members)) continue;
    for (const [key, value] of Object.entries(members)) {
      const metric = metricOf(key, name) ?? (name.toLowerCase() || 'other');
      const sorted = into.get(metric) ?? { METRICS: {}, PARAMS: {} };
      into.set(metric, sorted);
      // A file may name a key __proto__; it must become a member like any other.
      Object.defineProperty(sorted[part], key, { value, enumerable: true, configurable: true, writable: true });
    }
  }
}

/**
 * Takes a merged QA file of the original (ql-mergedQA-CAM-EXPID8.json) apart into its metrics, whatever generation it
 * is of. Tasks are no help in that: the original moves keys between them.
 * @param file as parsed
 * @throws QlfError `bad-request` where it is no merged QA file, one of another exposure or camera, or holds nothing
 */
export function takeMergedQaApart(file: unknown, owner: MergedOwner): MergedMeasurement[] {
  const part = isMembers(file) ? cameraPart(file, owner.camera) : undefined;
  if (!part) throw new QlfError('bad-request', `it is no merged QA of ${owner.camera}`);
  checkOwner(part, owner);
  const sorted = new Map<string, Sorted>();
  for (const [name, task] of tasksOf(part)) sortTask(name, task, sorted);
  const info = isMembers(part['GENERAL_INFO']) ? part['GENERAL_INFO'] : {};
  const envelope = {
    CAMERA: owner.camera,
    EXPID: String(owner.expid).padStart(8, '0'),
    NIGHT: owner.night,
    ...(part['FLAVOR'] === undefined ? {} : { FLAVOR: part['FLAVOR'] }),
    ...(info['PROGRAM'] === undefined ? {} : { PROGRAM: info['PROGRAM'] }),
  };
  // Limits alone are no measurement.
  const measured = [...sorted].filter(([, { METRICS }]) => Object.keys(METRICS).length > 0);
  if (measured.length === 0) throw new QlfError('bad-request', 'it has no QA result');
  return measured.map(([metric, { METRICS, PARAMS }]) => ({ metric, value: { ...envelope, METRICS, PARAMS } }));
}
