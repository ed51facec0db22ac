import { stringify } from 'yaml';
import { metricOfQaClass, type QlConfiguration } from '#shared/domain/ql-configuration.ts';
import type { QlFlavor } from '#shared/domain/ql-flavor.ts';
import { stepOfAlgorithm, type Step } from '#shared/domain/step.ts';

/** Longest time between two heartbeats, s: they must come well before silence counts as death. */
const MAX_PERIOD = 20;

/** How the original spells a flavor, and the programs that it is for. */
const SPELLING: Readonly<Record<QlFlavor, { Flavor: string; Program: string }>> = {
  science: { Flavor: 'science', Program: 'dark,gray,bright' },
  arc: { Flavor: 'arcs', Program: 'arc' },
  flat: { Flavor: 'flat', Program: 'flat' },
  bias: { Flavor: 'bias', Program: 'bias' },
  dark: { Flavor: 'dark', Program: 'dark' },
};

/** PyYAML reads 1e-7 as text; with a point it is a number. In this layout a number ends its line. */
const withPoints = (yaml: string): string =>
  yaml.replace(/^(?: *(?:- )*(?:[^\s:'"#][^:]*: )?)-?\d+(?=e[+-]\d+$)/gm, '$&.0');

/**
 * A flavor's configuration as `desi_quicklook` reads it: without what is QLF's own, and with the algorithms of its own
 * chain only, because the original takes options of others (the wavelength grid) wherever it finds them.
 *
 * Its heartbeat ends `Timeout` seconds after a step began, so that is made as long as the job may last: then silence
 * always means that it hangs.
 */
export function originalConfiguration(block: QlConfiguration, flavor: QlFlavor, timeoutSeconds: number): string {
  const original = { ...block };
  delete original.Compatibility;
  const configuration = {
    ...original,
    Program: original.Program ?? SPELLING[flavor].Program,
    Flavor: SPELLING[flavor].Flavor,
    Period: Math.min(original.Period, MAX_PERIOD),
    Timeout: Math.max(original.Timeout, timeoutSeconds),
    Algorithms: Object.fromEntries(
      original.Pipeline.map((algorithm) => [algorithm, original.Algorithms[algorithm] ?? { QA: {} }]),
    ),
  };
  return withPoints(stringify(configuration, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 }));
}

/** Steps whose QA results are in the original's merged file whatever the chain is. */
const KEPT: ReadonlySet<Step> = new Set(['preproc', 'extract', 'resolution', 'fiberflat-compute', 'fluxcal']);
/** QA of fiber flat and sky subtraction that the original carries over to its last step, where there is one. */
const CARRIED: ReadonlySet<string> = new Set(['skypeak', 'skycont', 'snr', 'skyrband']);

/**
 * Metrics that the merged QA file of desispec 0.31 holds for a configuration. It forgets those of Initialize; those of
 * Flexure without an extraction; and those of fiber flat and sky subtraction, but for four metrics which move to the
 * flux calibration where the chain has all three steps. The founding document's chain so loses integ, skycont, skypeak
 * and snr.
 */
export function metricsOfMergedFile({ Pipeline, Algorithms }: QlConfiguration): string[] {
  const steps = new Set(Pipeline.map(stepOfAlgorithm));
  const carries = steps.has('fiberflat') && steps.has('sky') && steps.has('fluxcal');
  const isKept = (step: Step | undefined, metric: string): boolean => {
    if (step === undefined) return false;
    if (step === 'flexure') return steps.has('extract');
    if (step === 'fiberflat' || step === 'sky') return carries && CARRIED.has(metric);
    return KEPT.has(step);
  };
  return Pipeline.flatMap((algorithm) => {
    const metrics = Object.keys(Algorithms[algorithm]?.QA ?? {}).map(metricOfQaClass);
    return metrics.filter((metric) => metric !== undefined && isKept(stepOfAlgorithm(algorithm), metric));
  }).filter((metric) => metric !== undefined);
}
