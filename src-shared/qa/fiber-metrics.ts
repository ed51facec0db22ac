import type { Arm } from '../domain/camera.ts';
import { FIBERS_EACH, type Fibermap } from '../domain/fiber.ts';
import type { Json } from '../domain/measurement.ts';
import { snrModel } from './snr-model.ts';

/** Quantities that exist for every fiber of a camera. */
export const FIBER_METRICS = [
  'good',
  'counts',
  'x-width',
  'w-width',
  'peak-counts',
  'sky-continuum',
  'snr',
  'snr-residual',
  'delta-mag',
  'magnitude',
  'sky-r',
  'flat-mean',
  'flat-rms',
  'good-psf',
] as const;
export type FiberMetricName = (typeof FIBER_METRICS)[number];

/** What decides how a quantity is drawn and which of several values is the worst. */
export interface FiberMetric {
  name: FiberMetricName;
  title: string;
  unit: string;
  description: string;
  /** QA metric that it is posted with. */
  metric: string;
  /** Judged key whose reference and limits hold for it, and which of its elements; null where there is none. */
  key: { name: string; element: number } | null;
  /**
   * `flag`: 1 good, 0 bad · `zero`, `reference`, `median`: deviations from that matter, both ways · `low`, `high`: values that
   * matter at one end.
   */
  scale: 'flag' | 'zero' | 'reference' | 'median' | 'low' | 'high';
  /** Half width of the colour scale where it has no limits of its own. */
  span?: number;
  /** Digits after the point that mean something; left out: three significant ones. */
  digits?: number;
}

const E = 'e\u2212';

const DEFINITIONS: Readonly<Record<FiberMetricName, Omit<FiberMetric, 'name'>>> = {
  good: {
    title: 'Good fibers',
    unit: '',
    description: 'Whether the light of the fiber rises above the noise.',
    metric: 'countbins',
    key: null,
    scale: 'flag',
  },
  counts: {
    title: 'Total counts',
    unit: E,
    description: 'All light of the fiber in this arm.',
    metric: 'countbins',
    key: null,
    scale: 'low',
  },
  'x-width': {
    title: 'Line width x',
    unit: 'px',
    description: 'Gaussian width of the lines across the trace.',
    metric: 'xwsigma',
    key: { name: 'XWSIGMA', element: 0 },
    scale: 'reference',
    digits: 3,
  },
  'w-width': {
    title: 'Line width w',
    unit: 'px',
    description: 'Gaussian width of the lines along the wavelength.',
    metric: 'xwsigma',
    key: { name: 'XWSIGMA', element: 1 },
    scale: 'reference',
    digits: 3,
  },
  'peak-counts': {
    title: 'Sky lines',
    unit: 'counts/s',
    description: 'Counts a second in the bright sky lines.',
    metric: 'skypeak',
    key: { name: 'PEAKCOUNT', element: 0 },
    scale: 'reference',
  },
  'sky-continuum': {
    title: 'Sky continuum',
    unit: `${E}/\u00c5`,
    description: 'Continuum between the sky lines, in the sky fibers.',
    metric: 'skycont',
    key: { name: 'SKYCONT', element: 0 },
    scale: 'reference',
  },
  snr: {
    title: 'S/N',
    unit: '',
    description: 'Median signal to noise of a bin.',
    metric: 'snr',
    key: null,
    scale: 'low',
    digits: 2,
  },
  'snr-residual': {
    title: 'S/N residual',
    unit: '',
    description: 'S/N over what the fit of its class gives at its magnitude, less one.',
    metric: 'snr',
    key: null,
    scale: 'zero',
    digits: 2,
    span: 0.3,
  },
  'delta-mag': {
    title: '\u0394mag',
    unit: 'mag',
    description: 'Magnitude from the spectrum less that of the fiber map.',
    metric: 'integ',
    key: null,
    scale: 'median',
    digits: 2,
    span: 0.6,
  },
  magnitude: {
    title: 'Magnitude',
    unit: 'mag',
    description: 'Magnitude from the spectrum.',
    metric: 'integ',
    key: null,
    scale: 'high',
    digits: 2,
  },
  'sky-r': {
    title: 'Sky r band',
    unit: 'mag',
    description: 'Sky brightness in the r band, in the sky fibers of r cameras.',
    metric: 'skyrband',
    key: { name: 'SKYRBAND', element: 0 },
    scale: 'reference',
    digits: 2,
  },
  'flat-mean': {
    title: 'Flat mean',
    unit: '',
    description: 'Mean of the fiber\u2019s flat over the wavelengths.',
    metric: 'checkflat',
    key: { name: 'CHECKFLAT', element: 0 },
    scale: 'reference',
    digits: 3,
    span: 0.1,
  },
  'flat-rms': {
    title: 'Flat rms',
    unit: '',
    description: 'Standard deviation of the fiber\u2019s flat over the wavelengths.',
    metric: 'checkflat',
    key: null,
    scale: 'high',
    digits: 4,
  },
  'good-psf': {
    title: 'Fitted fibers',
    unit: '',
    description: 'Whether the arc lines of the fiber gave a good fit of the line width.',
    metric: 'checkarc',
    key: null,
    scale: 'flag',
  },
};

export function fiberMetric(name: FiberMetricName): FiberMetric {
  return { name, ...DEFINITIONS[name] };
}

type Metrics = Readonly<Record<string, Json>>;

function metricsOf(value: Json): Metrics {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const { METRICS } = value;
  return typeof METRICS === 'object' && METRICS !== null && !Array.isArray(METRICS) ? METRICS : value;
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const numberOf = (value: Json | undefined): number => (typeof value === 'number' ? value : NaN);

/** Numbers in fiber order, NaN beyond their end and where there is none. */
function inOrder(value: Json | undefined): Float64Array {
  const list = listOf(value);
  return Float64Array.from({ length: FIBERS_EACH }, (_, i) => numberOf(list[i]));
}

/** Numbers of the fibers that `ids` names; ids count within the camera or over the instrument. */
function scattered(value: Json | undefined, ids: readonly Json[]): Float64Array {
  const out = new Float64Array(FIBERS_EACH).fill(NaN);
  listOf(value).forEach((item, i) => {
    const id = numberOf(ids[i]);
    if (Number.isInteger(id) && id >= 0) out[id % FIBERS_EACH] = numberOf(item);
  });
  return out;
}

/**
 * Relative residuals by fiber. SNR_RESID is ordered by magnitude inside each class and leaves fibers out, so it cannot say whose
 * each number is: they are computed again from the S/N, the magnitudes and the fit.
 */
function snrResiduals(metrics: Metrics): Float64Array {
  const out = new Float64Array(FIBERS_EACH).fill(NaN);
  const exptime = numberOf(metrics['EXPTIME']);
  const [all, fits] = [listOf(metrics['SNR_MAG_TGT']), listOf(metrics['FITCOEFF_TGT'])];
  listOf(metrics['OBJLIST']).forEach((name, c) => {
    if (typeof name !== 'string') return;
    const [snr, magnitudes] = listOf(all[c]);
    const [a, b] = listOf(fits[c]);
    const residuals = listOf(snr).map((value, i) => {
      const magnitude = numberOf(listOf(magnitudes)[i]);
      // 0 stands for a target without flux in the original's lists.
      if (!(magnitude > 0)) return null;
      const model = snrModel(magnitude, [numberOf(a), numberOf(b)], exptime);
      return model > 0 ? numberOf(value) / model - 1 : null;
    });
    scattered(residuals, listOf(metrics[`${name}_FIBERID`])).forEach((value, i) => {
      if (!Number.isNaN(value)) out[i] = value;
    });
  });
  return out;
}

/** What the values of some quantities need beside the posted ones. */
export interface FiberContext {
  arm: Arm;
  /** Number of the camera's first fiber. */
  first: number;
  fibermap: Pick<Fibermap, 'magnitude' | 'classes'> | null;
  /** Index of SKY in the classes. */
  sky: number;
}

/** SPEC_MAGS of fibers without light, and of sky fibers. */
const NO_MAGNITUDE = 30;

function magnitudes(metrics: Metrics): Float64Array {
  return inOrder(metrics['SPEC_MAGS']).map((value) => (value === NO_MAGNITUDE ? NaN : value));
}

function skyIds({ fibermap, first, sky }: FiberContext): number[] {
  if (!fibermap) return [];
  return Array.from({ length: FIBERS_EACH }, (_, i) => i).filter((i) => fibermap.classes[first + i] === sky);
}

/**
 * A quantity of the 500 fibers of one camera from the measurement as posted; NaN where there is none. Place in the array is the
 * fiber's number within the camera.
 */
export function fiberValues(name: FiberMetricName, value: Json, context: FiberContext): Float64Array {
  const metrics = metricsOf(value);
  switch (name) {
    case 'good':
      return inOrder(metrics['GOOD_FIBERS']);
    case 'counts':
      return inOrder(metrics['TOTCOUNT_FIB']);
    case 'x-width':
      return inOrder(listOf(metrics['XWSIGMA_FIB'])[0]);
    case 'w-width':
      return inOrder(listOf(metrics['XWSIGMA_FIB'])[1]);
    case 'peak-counts':
      return inOrder(metrics['PEAKCOUNT_FIB']);
    case 'sky-continuum':
      return scattered(metrics['SKYCONT_FIBER'], listOf(metrics['SKYFIBERID']));
    case 'snr':
      return inOrder(metrics['MEDIAN_SNR']);
    case 'snr-residual':
      return snrResiduals(metrics);
    case 'delta-mag': {
      const { fibermap, arm, first } = context;
      if (!fibermap) return new Float64Array(FIBERS_EACH).fill(NaN);
      return magnitudes(metrics).map((measured, i) => measured - (fibermap.magnitude[arm][first + i] ?? NaN));
    }
    case 'magnitude':
      return magnitudes(metrics);
    case 'sky-r':
      // Other arms, and fibers without light, have 0.
      return scattered(metrics['SKYRBAND_FIB'], skyIds(context)).map((mag) => (mag === 0 ? NaN : mag));
    case 'flat-mean':
      return inOrder(metrics['FLATMEAN']);
    case 'flat-rms':
      return inOrder(metrics['FLATRMS']);
    case 'good-psf':
      return inOrder(metrics['GOODPSFS']);
  }
}
