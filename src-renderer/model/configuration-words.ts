/** How a parameter of the QL configuration is called on the screen. */
export interface ParameterWords {
  label: string;
  unit?: string;
  help?: string;
}

const ARM_WORDS = { B: 'b', R: 'r', Z: 'z' } as const;

/** Parameters of pipeline and QA by the last key of their place; those of each arm are added below. */
const WORDS: Readonly<Record<string, ParameterWords>> = {
  WritePreprocfile: { label: 'Keep preprocessed images', help: '194 MB a camera' },
  Debuglevel: { label: 'Log level', help: '10 debug, 20 info, 30 warning' },
  Period: { label: 'Heartbeat', unit: 's', help: 'between two in the log' },
  Timeout: { label: 'Step timeout', unit: 's', help: 'then a step is no longer said to be alive' },
  UseResolution: { label: 'Use the resolution' },
  Compatibility: { label: 'Numbers as', help: 'none: right where desispec 0.31 is wrong' },
  Flavor: { label: 'Flavor' },
  Program: { label: 'Programs' },
  name: { label: 'Name' },
  PERCENTILES: { label: 'Percentiles', unit: '%' },
  CUTPIX: { label: 'Lit pixel above', unit: '\u03c3', help: 'times the read noise' },
  PIXEL_RANGE: { label: 'Window of a line', unit: 'px' },
  MAX_SIGMA: { label: 'Widest line', unit: 'px' },
  QuickResolution: { label: 'Quick resolution' },
  CUTBINS: { label: 'Good bin above', unit: '\u03c3' },
  N_KNOWN_BROKEN_FIBERS: { label: 'Broken fibers known' },
  RESIDUAL_CUT: { label: 'Residual cut' },
  SIGMA_CUT: { label: 'Sigma cut', unit: '\u03c3' },
  FIDMAG: { label: 'Fiducial magnitude', unit: 'mag' },
  NBINS: { label: 'Window of the fit', unit: 'samples', help: 'half width' },
};

const OF_ARMS: readonly [pattern: RegExp, label: string, unit: string, help?: string][] = [
  [/^([BRZ])_PEAKS$/, 'Lines', '\u00c5'],
  [/^([BRZ])_CONT$/, 'Continuum windows', '\u00c5'],
  [/^([brz])$/, 'Wavelengths', '\u00c5', 'first, last, step'],
];

/** Words for a parameter; its own name where QLF has none. */
export function parameterWords(name: string): ParameterWords {
  const known = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (known) return known;
  for (const [pattern, label, unit, help] of OF_ARMS) {
    const arm = pattern.exec(name)?.[1];
    if (arm !== undefined)
      return {
        label: `${label}, ${ARM_WORDS[arm.toUpperCase() as keyof typeof ARM_WORDS]}`,
        unit,
        ...(help === undefined ? {} : { help }),
      };
  }
  return { label: name };
}
