import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import type { ExposureFilter, ExposureQuantity, Quantity, TrendCatalogue } from '#shared/domain/trend.ts';
import { METRICS, METRIC_GROUPS, elementLabels, findKey, findMetric } from '#shared/qa/catalogue.ts';
import type { TrendSplit } from '../charts/figures/trend.ts';
import { unitText } from './format.ts';

export const TRENDS_FACES = ['lines', 'regression', 'conditions', 'telemetry', 'footprint'] as const;
export type TrendsFace = (typeof TRENDS_FACES)[number];

/** What the trends screen shows, and how; kept while the window lives. */
export interface TrendsView {
  face: TrendsFace;
  metric: string;
  key: string;
  cameras: readonly CameraName[];
  /** Elements; null: all. */
  labels: readonly string[] | null;
  filter: ExposureFilter;
  /** Of the footprint, which is about all nights unless one says otherwise. */
  footprint: ExposureFilter;
  split: TrendSplit;
  along: 'exposure' | 'time';
  scale: 'all' | 'limits';
  x: Quantity;
  y: Quantity;
  /** Conditions against the moment, or against the hour of the night. */
  conditionsAlong: 'time' | 'hour';
  /** Name of the series of sensors that is shown; null: the first that there is. */
  telemetry: string | null;
}

const noise = { metric: 'getrms', key: 'NOISE_AMP' } as const;

export const FIRST_TRENDS_VIEW: TrendsView = {
  face: 'lines',
  ...noise,
  cameras: CAMERAS,
  labels: null,
  filter: { period: { kind: 'last-night' }, flavor: null, program: null },
  footprint: { period: { kind: 'all' }, flavor: null, program: null },
  split: 'arm',
  along: 'exposure',
  scale: 'all',
  x: { kind: 'exposure', name: 'airmass' },
  y: { kind: 'metric', metric: 'snr', key: 'FIDSNR_TGT', label: null },
  conditionsAlong: 'time',
  telemetry: null,
};

export interface KeyChoice {
  metric: string;
  key: string;
  /** 'Noise, e⁻' */
  text: string;
  group: string;
}

const GROUP_WORDS = { ccd: 'CCD', fibers: 'Fibers', spectra: 'Spectra' } as const;

/** 'Noise, e⁻'; the key itself where QLF does not know it. */
export function keyTitle(metric: string, key: string): string {
  const definition = findKey(key);
  if (!definition) return `${metric} ${key}`;
  const unit = unitText(definition.unit);
  return unit === '' || definition.label.toLowerCase().includes(unit)
    ? definition.label
    : `${definition.label}, ${unit}`;
}

/** Keys to choose from: the catalogue's in its order, then those that only the database knows. */
export function keyChoices(series: TrendCatalogue['series']): KeyChoice[] {
  const known = METRIC_GROUPS.flatMap((group) =>
    METRICS.filter((metric) => metric.group === group).flatMap((metric) =>
      metric.keys.map(({ key }) => ({
        metric: metric.name,
        key,
        text: keyTitle(metric.name, key),
        group: GROUP_WORDS[group],
      })),
    ),
  );
  const others = series
    .filter(({ metric, key }) => !known.some((own) => own.metric === metric && own.key === key))
    .map(({ metric, key }) => ({ metric, key, text: keyTitle(metric, key), group: 'Other' }));
  return [...known, ...others];
}

/** Elements that a key may have, before its numbers tell; empty: one number. */
export function likelyLabels(metric: string, key: string): string[] {
  const kind = findMetric(metric) ? findKey(key)?.elements : undefined;
  switch (kind) {
    case 'amplifier':
      return elementLabels(kind, 4, null);
    case 'axes-xw':
    case 'axes-xy':
      return elementLabels(kind, 2, null);
    case 'target':
      return ['ELG', 'LRG', 'QSO', 'BGS', 'MWS', 'STAR'];
    default:
      return [];
  }
}

export const QUANTITY_WORDS: Readonly<Record<ExposureQuantity, string>> = {
  airmass: 'Airmass',
  seeing: 'Seeing, arcsec',
  sky: 'Sky, r mag',
  exptime: 'Exposure time, s',
  mjd: 'MJD',
};

/** 'Noise, e⁻, amplifier C'; 'Airmass'. */
export function quantityTitle(quantity: Quantity): string {
  if (quantity.kind === 'exposure') return QUANTITY_WORDS[quantity.name];
  const title = keyTitle(quantity.metric, quantity.key);
  const several = likelyLabels(quantity.metric, quantity.key).length > 0;
  if (quantity.label === null) return several ? `${title}, mean` : title;
  return `${title}, ${quantity.label}`;
}

/** One of a list on or off, in the list's order; never nothing: the last one stays. */
export function toggled<T>(all: readonly T[], chosen: readonly T[], one: T): T[] {
  const next = chosen.includes(one) ? chosen.filter((own) => own !== one) : [...chosen, one];
  const kept = next.length === 0 ? chosen : next;
  return all.filter((own) => kept.includes(own));
}

/** 'the last night', 'nights 20261101 to 20261121' */
export function periodWords({ period }: ExposureFilter): string {
  switch (period.kind) {
    case 'last-night':
      return 'the last night';
    case 'week':
      return 'the last week';
    case 'month':
      return 'the last month';
    case 'all':
      return 'all nights';
    case 'nights':
      return period.from === period.to ? `night ${period.from}` : `nights ${period.from} to ${period.to}`;
  }
}
