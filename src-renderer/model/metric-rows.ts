import type { CameraName } from '#shared/domain/camera.ts';
import type { JudgedElement, JudgedKey, MeasurementSummary } from '#shared/domain/measurement.ts';
import { METRICS, METRIC_GROUPS, findKey, findMetric, type MetricGroup } from '#shared/qa/catalogue.ts';
import { worstReading, groupOf, type CameraModel } from './camera-model.ts';
import { formatJudged, formatLimit, formatValue, unitText } from './format.ts';
import { gaugeOf, type Gauge } from './gauge.ts';
import { boundsOf, rangesOf, rangeWords, type Bounds } from './limits.ts';
import { STATUS_WORDS, rollUp, type Status } from './status.ts';

/** A line of the table of metrics. */
export interface MetricRow {
  id: string;
  metric: string;
  /** METRICS key; '' for a metric that has not been posted or has no judged key. */
  key: string;
  label: string;
  unit: string;
  status: Status;
  value: string;
  /** 'reference ±normal, warn'; or the values of a row that stands for several. */
  reference: string;
  gauge: Gauge | null;
  bounds: Bounds | null;
  /** Index in the key's elements, for its history; null without one. */
  element: number | null;
  /** Belongs to the row above. */
  sub: boolean;
}

export type RowGroup = MetricGroup | 'other';

export interface MetricTable {
  group: RowGroup;
  title: string;
  status: Status;
  /** '1 alarm, 3 normal' */
  summary: string;
  rows: readonly MetricRow[];
}

const TITLES: Readonly<Record<RowGroup, string>> = { ccd: 'CCD', fibers: 'Fibers', spectra: 'Spectra', other: 'Other' };

function referenceWords(key: JudgedKey, element: JudgedElement): string {
  if (element.reference === null) return 'no reference';
  const words = `${formatLimit(element.reference)} ${rangeWords(rangesOf(key, element), formatLimit)}`.trim();
  // A person's limit, in the place of what was posted.
  return element.rule ? `own ${words}` : words;
}

/** The unit, unless the name has said it: 'Good fibers' needs no 'fibers'. */
function unitBeside(label: string, unit: string): string {
  return label.toLowerCase().includes(unit) ? '' : unit;
}

function row(metric: string, key: JudgedKey, index: number, label: string, sub: boolean): MetricRow | null {
  const element = key.elements[index];
  if (!element) return null;
  const bounds = boundsOf(key, element);
  const ranges = rangesOf(key, element);
  return {
    id: `${metric} ${key.key} ${sub ? 'sub ' : ''}${index}`,
    metric,
    key: key.key,
    label,
    unit: unitBeside(label, unitText(findKey(key.key)?.unit ?? '')),
    status: element.status,
    value: formatJudged(element.value, ranges.warn ?? ranges.normal),
    reference: referenceWords(key, element),
    gauge: gaugeOf(element.value, element.reference, bounds),
    bounds,
    element: index,
    sub,
  };
}

const isRow = (item: MetricRow | null): item is MetricRow => item !== null;

/** The worst amplifier in one row; those off normal and then the rest below it when any is off normal. */
function amplifierRows(metric: string, key: JudgedKey, name: string): MetricRow[] {
  const indexOf = (elements: readonly JudgedElement[]): number => {
    const worst = worstReading(elements.map((element) => ({ metric, key, element })));
    return worst ? key.elements.indexOf(worst.element) : -1;
  };
  const main = row(metric, key, indexOf(key.elements), `${name}, worst amp`, false);
  const off = key.elements.filter(({ status }) => status === 'alarm' || status === 'warning');
  const rest = key.elements.filter((element) => !off.includes(element));
  if (off.length === 0) return [main].filter(isRow);
  const subs = off.map((element) =>
    row(metric, key, key.elements.indexOf(element), `Amplifier ${element.label}`, true),
  );
  const others = row(metric, key, indexOf(rest), `Amplifiers ${rest.map(({ label }) => label).join(', ')}`, true);
  if (others) others.reference = rest.map(({ value }) => formatValue(value)).join(', ');
  return [main, ...subs, others].filter(isRow);
}

function rowsOfKey(metric: string, key: JudgedKey): MetricRow[] {
  const definition = findKey(key.key);
  const name = definition?.label ?? key.key;
  if (definition?.elements === 'amplifier' && key.elements.length > 1) return amplifierRows(metric, key, name);
  return key.elements
    .map(({ label }, i) =>
      row(metric, key, i, label === '' ? name : `${name}${/\d$/.test(name) ? ',' : ''} ${label}`, false),
    )
    .filter(isRow);
}

/** A row without numbers: not posted yet, or of a metric whose values QLF cannot judge. */
function bareRow(metric: string, label: string, status: Status, text: string): MetricRow {
  const none = { key: '', unit: '', gauge: null, bounds: null, element: null, sub: false };
  return { ...none, id: metric, metric, label, status, value: '', reference: text };
}

function rowsOf(measurement: MeasurementSummary): MetricRow[] {
  const rows = measurement.keys.flatMap((key) => rowsOfKey(measurement.metric, key));
  if (rows.length > 0) return rows;
  const title = findMetric(measurement.metric)?.title ?? measurement.metric;
  return [bareRow(measurement.metric, title, measurement.status, 'not judged; values at right')];
}

/** The r-band sky of cameras that do not see the r band: the protocol has 0 there, judged normal, which says nothing. */
function isPlaceholder(metric: string, camera: CameraName): boolean {
  return metric === 'skyrband' && !camera.startsWith('r');
}

/** Metrics of steps that a job has still to do: their places are kept. */
function awaited({ job, measurements }: CameraModel, group: MetricGroup): MetricRow[] {
  if (job?.state !== 'running' && job?.state !== 'waiting') return [];
  return METRICS.filter(
    ({ name, group: own, step }) =>
      own === group &&
      name !== 'checkhdus' &&
      !isPlaceholder(name, job.camera) &&
      job.plan.includes(step) &&
      !measurements.some(({ metric }) => metric === name),
  ).map(({ name, title }) => bareRow(name, title, 'waiting', 'not posted yet'));
}

function summaryOf(statuses: readonly Status[]): string {
  const order: readonly Status[] = ['alarm', 'warning', 'unknown', 'waiting', 'normal'];
  return order
    .map((status) => [status, statuses.filter((item) => item === status).length] as const)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${STATUS_WORDS[status]}`)
    .join(', ');
}

const order = (metric: string): number => {
  const at = METRICS.findIndex(({ name }) => name === metric);
  return at < 0 ? METRICS.length : at;
};

/** The table of a camera's measurements by what they test, in the catalogue's order; unknown metrics come last. */
export function metricTables(model: CameraModel): MetricTable[] {
  return [...METRIC_GROUPS, 'other' as const].flatMap((group): MetricTable[] => {
    const posted = model.measurements
      .filter(({ metric }) => groupOf(metric) === group && !isPlaceholder(metric, model.camera))
      .flatMap(rowsOf);
    const rows = [...posted, ...(group === 'other' ? [] : awaited(model, group))].sort(
      (a, b) => order(a.metric) - order(b.metric) || a.metric.localeCompare(b.metric),
    );
    if (rows.length === 0) return [];
    const statuses = rows.filter(({ sub }) => !sub).map(({ status }) => status);
    return [{ group, title: TITLES[group], status: rollUp(statuses) ?? 'unknown', summary: summaryOf(statuses), rows }];
  });
}

/** The same tables with only the rows that are off normal or not judged. */
export function offNormalOnly(tables: readonly MetricTable[]): MetricTable[] {
  return tables
    .map((table) => ({
      ...table,
      rows: table.rows.filter(({ status }) => status !== 'normal' && status !== 'waiting'),
    }))
    .filter(({ rows }) => rows.length > 0);
}
