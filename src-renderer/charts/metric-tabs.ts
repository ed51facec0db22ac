import { armOf, spectrographOf } from '#shared/domain/camera.ts';
import { FIBER_CLASSES, FIBERS_EACH, type Fibermap } from '#shared/domain/fiber.ts';
import type { JudgedElement, JudgedKey, Measurement } from '#shared/domain/measurement.ts';
import { judgeAlone } from '#shared/qa/apply-rules.ts';
import { rangesOf } from '#shared/qa/excess.ts';
import { fiberMetric, fiberValues, type FiberMetric } from '#shared/qa/fiber-metrics.ts';
import { worstStatus } from '#shared/qa/status.ts';
import { cameraScale } from '../model/fiber-field.ts';
import { matrixOf, metricsOf, numbersOf } from '../model/values.ts';
import type { ChartTheme, Figure } from './figure.ts';
import { amplifierPatches, type History } from './figures/amplifiers.ts';
import { byFiberFigure, histogramFigure, mapFigure, type CameraFibers } from './figures/fiber-maps.ts';
import { historyFigure } from './figures/history.ts';
import { sideBySide } from './figures/others.ts';
import { boundsAt, limitShapes } from './limit-shapes.ts';
import { metricFigure } from './metric-figure.ts';

/** One plot of a metric, made when it is looked at. */
export interface PlotTab {
  id: string;
  text: string;
  figure: () => Figure | undefined;
}

/** All that the plots of a measurement need beside itself. */
export interface PlotContext {
  history: History;
  map: Fibermap | null;
  /** The newest good-fibers measurement of the camera; null where there is none. */
  goodFibers: Measurement | null;
  theme: ChartTheme;
  words: (fiber: number) => string;
}

type Kind = 'fibers' | 'map' | 'histogram';

/** How a quantity by fiber is drawn, and what each of its plots is called. */
type Drawn = readonly [FiberMetric['name'], readonly (readonly [Kind, string])[]];

const ALL: Drawn[1] = [
  ['fibers', 'Fibers'],
  ['map', 'Map'],
  ['histogram', 'Histogram'],
];

/** The quantities by fiber of each metric, the telling one first. */
const DRAWN: Readonly<Record<string, readonly Drawn[]>> = {
  snr: [
    [
      'snr-residual',
      [
        ['map', 'Residual map'],
        ['fibers', 'Residuals'],
        ['histogram', 'Histogram'],
      ],
    ],
    ['snr', [['fibers', 'Median S/N']]],
  ],
  countbins: [['counts', ALL]],
  // Their own plots are by fiber.
  xwsigma: [
    [
      'x-width',
      [
        ['map', 'Map x'],
        ['histogram', 'Histogram x'],
      ],
    ],
    [
      'w-width',
      [
        ['map', 'Map w'],
        ['histogram', 'Histogram w'],
      ],
    ],
  ],
  skypeak: [['peak-counts', ALL.slice(1)]],
  skycont: [['sky-continuum', ALL]],
  skyrband: [['sky-r', ALL]],
  integ: [['delta-mag', ALL]],
  checkflat: [
    ['flat-mean', ALL],
    ['flat-rms', [['fibers', 'Rms']]],
  ],
  checkarc: [['good-psf', ALL.slice(0, 1)]],
};

const SKY = FIBER_CLASSES.indexOf('SKY');

function fibersOf(metric: FiberMetric, measurement: Measurement, context: PlotContext): CameraFibers | undefined {
  const { camera, value, keys } = measurement;
  const arm = armOf(camera);
  const first = spectrographOf(camera) * FIBERS_EACH;
  const place = { arm, first, fibermap: context.map, sky: SKY };
  const values = fiberValues(metric.name, value, place);
  if (values.every(Number.isNaN)) return undefined;
  const good = context.goodFibers ? fiberValues('good', context.goodFibers.value, place) : values.map(() => NaN);
  const key = keys.find((one) => one.key === metric.key?.name);
  const flagged = metric.scale === 'flag';
  return {
    metric,
    arm,
    first,
    values,
    good: flagged ? values : good,
    scale: cameraScale(metric, values, key ?? null),
    key,
    map: context.map,
    words: context.words,
  };
}

function figureOf(kind: Kind, source: CameraFibers, theme: ChartTheme): Figure | undefined {
  const { key, metric } = source;
  if (kind === 'map') return mapFigure(source, theme);
  if (kind === 'histogram') return histogramFigure(source, theme);
  return byFiberFigure(source, theme, key ? limitShapes(theme, boundsAt(key, metric.key?.element ?? 0)) : []);
}

function fiberTabs(measurement: Measurement, context: PlotContext): PlotTab[] {
  return (DRAWN[measurement.metric] ?? []).flatMap(([name, kinds]): PlotTab[] => {
    const source = fibersOf(fiberMetric(name), measurement, context);
    if (!source) return [];
    return kinds
      .filter(([kind]) => kind !== 'map' || source.map?.placed === true)
      .map(([kind, text]) => ({ id: `${kind} ${name}`, text, figure: () => figureOf(kind, source, context.theme) }));
  });
}

/**
 * Four numbers of amplifiers, each judged by the reference and the limits that judged something else of the same kind: a
 * person's own where there are some.
 */
function amplifiersLike(
  name: string,
  values: readonly (number | null)[],
  key: JudgedKey,
  element: number | null,
): JudgedKey {
  const elements = values.map((value, i): JudgedElement => {
    const like = key.elements[element ?? i];
    const none = { label: 'ABCD'[i] ?? '', value, reference: null, status: 'unknown' as const };
    if (!like) return none;
    const { normal, warn } = rangesOf(key, like);
    const status = normal && warn ? judgeAlone(name, value, like.reference, { normal, warn }) : ('unknown' as const);
    return { ...none, reference: like.reference, status, ...(like.rule ? { rule: like.rule } : {}) };
  });
  return { ...key, key: name, status: worstStatus(elements.map(({ status }) => status)), elements };
}

function amplifierTabs({ metric, value, keys }: Measurement, { theme }: PlotContext): PlotTab[] {
  const metrics = metricsOf(value);
  const [key] = keys;
  if (!key) return [];
  if (metric === 'xwsigma') {
    const [x, w] = matrixOf(metrics['XWSIGMA_AMP']) ?? [];
    if (!x || !w) return [];
    const pair = (): Figure =>
      sideBySide(
        amplifierPatches('Line width x of the amplifiers, px', amplifiersLike('XWSIGMA', x, key, 0), theme),
        amplifierPatches('line width w of the amplifiers, px', amplifiersLike('XWSIGMA', w, key, 1), theme),
      );
    return [{ id: 'amplifiers', text: 'Amplifiers', figure: pair }];
  }
  const overscan = numbersOf(metrics['NOISE_OVERSCAN_AMP']);
  if (metric !== 'getrms' || !overscan) return [];
  return [
    {
      id: 'overscan',
      text: 'Overscan',
      figure: () =>
        amplifierPatches(
          'Noise of the overscan pixels alone, against the same reference',
          amplifiersLike('NOISE_OVERSCAN_AMP', overscan, key, null),
          theme,
        ),
    },
  ];
}

/** What the first plot of a metric is called. */
const FIRST: Readonly<Record<string, string>> = {
  getrms: 'Amplifiers',
  getbias: 'Amplifiers',
  countpix: 'Amplifiers',
  xwsigma: 'x and w',
  xyshifts: 'Shift',
  snr: 'S/N\u00b2 by mag',
  integ: 'Classes',
  skypeak: 'Fibers',
};
/** Metrics whose quantities by fiber say all that their own plot would. */
const BY_FIBER = new Set(['countbins', 'skycont', 'skyrband', 'checkflat', 'checkarc']);

/** The plots of a measurement, the most telling first; empty when it has nothing to draw. Pure. */
export function metricTabs(measurement: Measurement, context: PlotContext): PlotTab[] {
  const { metric, keys } = measurement;
  const { history, theme } = context;
  const own = (): Figure | undefined => metricFigure(measurement, history, theme);
  const fibers = fiberTabs(measurement, context);
  const isFirst = fibers.length === 0 || !BY_FIBER.has(metric);
  const [key] = keys;
  const recent: PlotTab[] =
    key && history.length > 1 && FIRST[metric] !== 'Amplifiers'
      ? [{ id: 'recent', text: 'Recent', figure: () => historyFigure(key, history, theme) }]
      : [];
  const first: PlotTab[] = isFirst && own() ? [{ id: 'own', text: FIRST[metric] ?? 'Plot', figure: own }] : [];
  return [...first, ...fibers, ...amplifierTabs(measurement, context), ...recent];
}
