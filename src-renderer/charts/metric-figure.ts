import { spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import type { JudgedKey, Measurement } from '#shared/domain/measurement.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import { matrixOf, metricsOf, numbersOf, paramsOf, textsOf, type JsonObject } from '../model/values.ts';
import type { ChartTheme, Figure } from './figure.ts';
import { amplifierFigure, type History } from './figures/amplifiers.ts';
import { fiberFigure, pairFigure, type FiberSeries } from './figures/fibers.ts';
import { classFigure, indexFigure, shiftFigure, sideBySide } from './figures/others.ts';
import { snrFigure, type SnrClass } from './figures/snr.ts';

interface Source {
  metrics: JsonObject;
  params: JsonObject;
  key: JudgedKey | undefined;
  camera: CameraName;
  history: History;
  theme: ChartTheme;
}

/** Fibers of a spectrograph are numbered on from 500 times its number. */
const FIBERS_PER_SPECTROGRAPH = 500;

function series(
  source: Source,
  name: string,
  values: readonly (number | null)[],
  local?: readonly (number | null)[],
): FiberSeries {
  const first = spectrographOf(source.camera) * FIBERS_PER_SPECTROGRAPH;
  // Ids in the original's METRICS are counted within the camera; whole-focal-plane ones are left as they are.
  const fibers = values.map((_, i) => {
    const id = local?.[i] ?? i;
    return id < FIBERS_PER_SPECTROGRAPH ? first + id : id;
  });
  return { name, fibers, values };
}

const asNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

function widths(source: Source): Figure | undefined {
  const [x, w] = matrixOf(source.metrics['XWSIGMA_FIB']) ?? [];
  if (!x || !w) return undefined;
  const title = 'Line widths by fiber';
  return pairFigure(
    title,
    { ...series(source, 'x', x), unit: 'px' },
    { ...series(source, 'w', w), unit: 'px' },
    source.key,
    source.theme,
  );
}

function skyPeaks(source: Source): Figure | undefined {
  const counts = numbersOf(source.metrics['PEAKCOUNT_FIB']);
  if (!counts) return undefined;
  const sky = (numbersOf(source.metrics['SKYFIBERID']) ?? []).filter((id): id is number => id !== null);
  const local = sky.map((id) => id % FIBERS_PER_SPECTROGRAPH);
  const marked = series(
    source,
    'sky fibers',
    local.map((id) => counts[id] ?? null),
    local,
  );
  return fiberFigure(
    'Counts in the sky lines by fiber',
    'counts/s',
    series(source, 'all fibers', counts),
    marked,
    source.key,
    source.theme,
  );
}

/** Magnitude that stands for a fiber without one. */
const NO_MAGNITUDE = 30;

function magnitudes(source: Source): Figure | undefined {
  const { key, theme, metrics } = source;
  const classes = key && classFigure('Magnitude difference by target class', '\u0394mag', key, theme);
  const values = numbersOf(metrics['SPEC_MAGS'])?.map((value) => (value === NO_MAGNITUDE ? null : value));
  if (!values?.some((value) => value !== null)) return classes;
  const fibers = fiberFigure('Magnitude by fiber', 'mag', series(source, 'magnitude', values), null, undefined, theme);
  return classes ? sideBySide(classes, fibers) : fibers;
}

function snr(source: Source): Figure | undefined {
  const classes = textsOf(source.metrics['OBJLIST']);
  const all = Array.isArray(source.metrics['SNR_MAG_TGT']) ? source.metrics['SNR_MAG_TGT'] : [];
  const fits = matrixOf(source.metrics['FITCOEFF_TGT']) ?? [];
  const targets = classes.flatMap((name, i): SnrClass[] => {
    const [values, magnitude] = matrixOf(all[i]) ?? [];
    if (!values || !magnitude) return [];
    const ids = numbersOf(source.metrics[`${name}_FIBERID`]) ?? [];
    const [a, b] = fits[i] ?? [];
    const fit = a === null || a === undefined || b === null || b === undefined ? null : ([a, b] as const);
    return [{ name, snr: values, magnitude, fibers: series(source, name, values, ids).fibers, fit }];
  });
  if (targets.length === 0) return undefined;
  const filter = source.metrics['FIT_FILTER'];
  const filterWords =
    typeof filter === 'string'
      ? filter.replace(/^DECAM_(.)/, (_, band: string) => `DECam ${band.toLowerCase()}`)
      : 'DECam';
  return snrFigure(
    targets,
    filterWords,
    asNumber(source.metrics['EXPTIME']),
    asNumber(source.params['FIDMAG']),
    source.theme,
  );
}

/** The plot of a metric that QLF knows; undefined when what it needs was not posted. */
function knownFigure(metric: string, source: Source): Figure | undefined {
  const { key, theme } = source;
  if (key && findKey(key.key)?.elements === 'amplifier') return amplifierFigure(key, source.history, theme);
  switch (metric) {
    case 'xwsigma':
      return widths(source);
    case 'xyshifts':
      return key && shiftFigure(key, theme);
    case 'skypeak':
      return skyPeaks(source);
    case 'integ':
      return magnitudes(source);
    case 'snr':
      return snr(source) ?? (key && classFigure('S/N at the fiducial magnitude', 'S/N', key, theme));
    default:
      return undefined;
  }
}

/** The first array of numbers among the METRICS, longest first. */
function anyArray({ metrics, theme }: Source): Figure | undefined {
  const arrays = Object.entries(metrics).flatMap(([name, value]) => {
    const numbers = numbersOf(value);
    return numbers && numbers.length > 1 ? [{ name, numbers }] : [];
  });
  const longest = arrays.sort((a, b) => b.numbers.length - a.numbers.length)[0];
  return longest && indexFigure(longest.name, longest.numbers, theme);
}

/** The plot of a measurement, known or not; undefined when it has no arrays to draw. Pure. */
export function metricFigure(measurement: Measurement, history: History, theme: ChartTheme): Figure | undefined {
  const source: Source = {
    metrics: metricsOf(measurement.value),
    params: paramsOf(measurement.value),
    key: measurement.keys[0],
    camera: measurement.camera,
    history,
    theme,
  };
  return knownFigure(measurement.metric, source) ?? anyArray(source);
}
