import type { Step } from '../domain/step.ts';

/** Short names of the QA metrics that QLF knows, in the order in which the screen shows them. */
export const METRIC_NAMES = [
  'checkhdus',
  'getrms',
  'getbias',
  'countpix',
  'xwsigma',
  'countbins',
  'xyshifts',
  'checkflat',
  'checkarc',
  'skypeak',
  'skycont',
  'integ',
  'snr',
  'skyrband',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What a metric tests; the rows CCD, FIB and SPEC of a camera. */
export const METRIC_GROUPS = ['ccd', 'fibers', 'spectra'] as const;
export type MetricGroup = (typeof METRIC_GROUPS)[number];

/** What the numbers of a key belong to; names them when there are several. */
export type ElementKind = 'scalar' | 'amplifier' | 'axes-xw' | 'axes-xy' | 'target';

/** A METRICS key that is judged against limits. */
export interface KeyDefinition {
  /** METRICS key, e.g. NOISE_AMP; its limits are NOISE_AMP_NORMAL_RANGE, NOISE_AMP_WARN_RANGE and the references. */
  readonly key: string;
  /** Name on the screen. */
  readonly label: string;
  /** As shown beside a value; '' where it is a number without unit. */
  readonly unit: string;
  readonly elements: ElementKind;
  /**
   * How older pipelines (2016 to 2018) named it: the first list whose keys are all there is taken. A list of several keys
   * makes one array of their scalars.
   */
  readonly formerKeys: readonly (readonly string[])[];
}

export interface MetricDefinition {
  readonly name: MetricName;
  /** Name on the screen. */
  readonly title: string;
  readonly group: MetricGroup;
  /** Step of the pipeline after which it is measured. */
  readonly step: Step;
  readonly description: string;
  readonly unit: string;
  /** The judged keys, the main one first. */
  readonly keys: readonly KeyDefinition[];
  /** The original's class in its configurations. */
  readonly className: string;
  /** Other spellings, beside the class name; case never matters. */
  readonly aliases: readonly string[];
}

function key(
  name: string,
  label: string,
  unit: string,
  elements: ElementKind,
  ...formerKeys: readonly (readonly string[])[]
): KeyDefinition {
  return { key: name, label, unit, elements, formerKeys };
}

/**
 * The QA metrics of the Quick Look pipeline. Definitions and keys follow desispec 0.31; former keys are those of the
 * 2016 to 2018 pipelines where they mean the same quantity (a count of pixels, say, is no lit fraction).
 */
export const METRICS: readonly MetricDefinition[] = [
  {
    name: 'checkhdus',
    title: 'File check',
    group: 'ccd',
    step: 'initialize',
    description: 'The raw file has the HDUs and the exposure number that it should have.',
    unit: '',
    keys: [key('CHECKHDUS', 'HDUs', '', 'scalar', ['HDU']), key('EXPNUM', 'Exposure number', '', 'scalar')],
    className: 'Check_HDUs',
    aliases: ['hdus', 'checkhdu'],
  },
  {
    name: 'getrms',
    title: 'Read noise',
    group: 'ccd',
    step: 'preproc',
    description: 'Noise of each amplifier, measured in its overscan.',
    unit: 'e\u2212',
    keys: [key('NOISE_AMP', 'Noise', 'e\u2212', 'amplifier', ['RMS_OVER_AMP'])],
    className: 'Get_RMS',
    aliases: ['rms', 'noise'],
  },
  {
    name: 'getbias',
    title: 'Bias',
    group: 'ccd',
    step: 'preproc',
    description: 'Bias level of each amplifier, measured in its overscan.',
    unit: 'ADU',
    keys: [key('BIAS_AMP', 'Bias', 'ADU', 'amplifier')],
    className: 'Bias_From_Overscan',
    aliases: ['bias'],
  },
  {
    name: 'countpix',
    title: 'Lit fraction',
    group: 'ccd',
    step: 'preproc',
    description: 'Fraction of each amplifier\u2019s pixels that are brighter than CUTPIX (5) times the read noise.',
    unit: '',
    keys: [key('LITFRAC_AMP', 'Lit fraction', '', 'amplifier')],
    className: 'Count_Pixels',
    aliases: ['litfrac'],
  },
  {
    name: 'xwsigma',
    title: 'PSF width',
    group: 'ccd',
    step: 'preproc',
    description: 'Median Gaussian width of sky or arc lines across the fibers (x) and along the wavelength (w).',
    unit: 'px',
    keys: [key('XWSIGMA', 'PSF width', 'px', 'axes-xw', ['XSIGMA_MED', 'WSIGMA_MED'])],
    className: 'Calc_XWSigma',
    aliases: ['focus'],
  },
  {
    name: 'countbins',
    title: 'Good fibers',
    group: 'fibers',
    step: 'extract',
    description: 'Number of fibers whose total counts rise above the noise.',
    unit: 'fibers',
    keys: [key('NGOODFIB', 'Good fibers', 'fibers', 'scalar', ['NGOODFIBERS'])],
    className: 'CountSpectralBins',
    aliases: ['ngoodfib', 'globalfiber'],
  },
  {
    name: 'xyshifts',
    title: 'Trace shift',
    group: 'fibers',
    step: 'flexure',
    description:
      'Mean shift of the traces from the calibration, across the fibers (x) and along the wavelength (y; not of flats).',
    unit: 'px',
    keys: [key('XYSHIFTS', 'Trace shift', 'px', 'axes-xy')],
    className: 'Trace_Shifts',
    aliases: ['trace', 'traceshifts'],
  },
  {
    name: 'checkflat',
    title: 'Fiber flat',
    group: 'fibers',
    step: 'fiberflat-compute',
    description: 'Mean of the fiber flat field computed from this exposure.',
    unit: '',
    keys: [key('CHECKFLAT', 'Mean of the flat', '', 'scalar')],
    className: 'Check_FiberFlat',
    aliases: ['checkfibflat', 'checkfiberflat'],
  },
  {
    name: 'checkarc',
    title: 'Resolution fit',
    group: 'fibers',
    step: 'resolution',
    description: 'Number of fibers whose arc lines gave a good fit of the line width.',
    unit: 'fibers',
    keys: [key('CHECKARC', 'Fibers fitted', 'fibers', 'scalar')],
    className: 'Check_Resolution',
    aliases: ['checkres', 'checkpsf'],
  },
  {
    name: 'skypeak',
    title: 'Sky peaks',
    group: 'spectra',
    step: 'fiberflat',
    description: 'Median over the sky fibers of the counts a second in the bright sky lines.',
    unit: 'counts/s',
    keys: [key('PEAKCOUNT', 'Peak counts', 'counts/s', 'scalar')],
    className: 'Sky_Peaks',
    aliases: ['peakcount', 'skypeaks'],
  },
  {
    name: 'skycont',
    title: 'Sky continuum',
    group: 'spectra',
    step: 'fiberflat',
    description: 'Mean over the sky fibers of the continuum level in two windows of each arm.',
    unit: 'e\u2212/\u00c5',
    keys: [key('SKYCONT', 'Sky continuum', 'e\u2212/\u00c5', 'scalar')],
    className: 'Sky_Continuum',
    aliases: ['skycontinuum'],
  },
  {
    name: 'integ',
    title: 'Magnitude difference',
    group: 'spectra',
    step: 'fiberflat',
    description: 'Mean difference, by target class, between magnitudes from the spectra and from the fiber map.',
    unit: 'mag',
    keys: [key('DELTAMAG_TGT', '\u0394mag', 'mag', 'target')],
    className: 'Integrate_Spec',
    aliases: ['deltamag'],
  },
  {
    name: 'snr',
    title: 'Signal to noise',
    group: 'spectra',
    step: 'sky',
    description: 'Signal to noise at the fiducial magnitude (22), by target class, from a fit to all its fibers.',
    unit: '',
    keys: [key('FIDSNR_TGT', 'S/N at 22', '', 'target')],
    className: 'Calculate_SNR',
    aliases: ['fidsnr', 'signaltonoise'],
  },
  {
    name: 'skyrband',
    title: 'Sky r band',
    group: 'spectra',
    step: 'fluxcal',
    description: 'Mean r-band magnitude of the sky fibers (r cameras only).',
    unit: 'mag',
    keys: [key('SKYRBAND', 'Sky r band', 'mag', 'scalar')],
    className: 'Sky_Rband',
    aliases: ['skyr'],
  },
];

const fold = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '');

const BY_SPELLING: ReadonlyMap<string, MetricDefinition> = new Map(
  METRICS.flatMap((metric) =>
    [metric.name, metric.className, ...metric.aliases, ...metric.keys.map((k) => k.key)].map(
      (spelling) => [fold(spelling), metric] as const,
    ),
  ),
);

/**
 * The metric that a name means: a short name, a class name of the original, a judged key or another spelling, in any
 * case (`SNR`, `skyRband`, `Count_Pixels`, `trace`, `checkHDUs`). Undefined for a metric that QLF does not know.
 */
export function findMetric(name: string): MetricDefinition | undefined {
  return BY_SPELLING.get(fold(name));
}

const KEYS: ReadonlyMap<string, KeyDefinition> = new Map(
  METRICS.flatMap((metric) => metric.keys.map((k) => [k.key, k] as const)),
);

/** The definition of a judged METRICS key; undefined for others. */
export function findKey(name: string): KeyDefinition | undefined {
  return KEYS.get(name);
}

const TARGETS: Readonly<Record<string, readonly string[]>> = {
  dark: ['ELG', 'LRG', 'QSO', 'STAR'],
  gray: ['ELG', 'STAR'],
  bright: ['BGS', 'MWS', 'STAR'],
};

/** Target classes of a program (dark, gray, bright, any case) in the order of its references; empty for others. */
export function targetClasses(program: string | null): readonly string[] {
  const name = program?.trim().toLowerCase() ?? '';
  return Object.hasOwn(TARGETS, name) ? (TARGETS[name] ?? []) : [];
}

const FIXED_LABELS: Readonly<Record<Exclude<ElementKind, 'target'>, readonly string[]>> = {
  scalar: [''],
  amplifier: ['A', 'B', 'C', 'D'],
  'axes-xw': ['x', 'w'],
  'axes-xy': ['x', 'y'],
};

/** Names of `count` numbers of a key: 'A' … 'D', 'x', 'ELG' …; '1', '2' … where their meaning is not known. */
export function elementLabels(kind: ElementKind, count: number, program: string | null): string[] {
  const labels = kind === 'target' ? targetClasses(program) : FIXED_LABELS[kind];
  // Of two axes the first alone, where the second cannot be measured.
  if (count === 1 && kind === 'axes-xy') return labels.slice(0, 1);
  if (labels.length === count) return [...labels];
  return count === 1 ? [''] : Array.from({ length: count }, (_, i) => String(i + 1));
}
