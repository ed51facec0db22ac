/** A sample of Prometheus's text format. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A family of metrics with its samples, as one reads it who trusts nothing. */
export interface Family {
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
const SUFFIXES = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] } as const;

const number = (text: string): number =>
  text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : text === 'NaN' ? NaN : Number(text);

function fault(line: string, what: string): never {
  throw new Error(`${what}: ${line}`);
}

function sampleOf(line: string): Sample {
  const [name] = NAME.exec(line) ?? fault(line, 'no name');
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    while (!rest.startsWith('}')) {
      const [all, label = '', value = ''] = LABEL.exec(rest) ?? fault(line, 'no label');
      if (label in labels) fault(line, 'a label twice');
      labels[label] = value.replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));
      rest = rest.slice(all.length);
      if (rest.startsWith(',')) rest = rest.slice(1);
      else if (!rest.startsWith('}')) fault(line, 'no comma between labels');
    }
    rest = rest.slice(1);
  }
  if (!rest.startsWith(' ')) fault(line, 'no space before the value');
  const text = rest.slice(1);
  if (!VALUE.test(text)) fault(line, 'no number');
  return { name, labels, value: number(text) };
}

function checkHistogram(name: string, { samples }: Family): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => number(labels['le'] ?? 'NaN'));
  if (!bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? NaN))) fault(name, 'bounds do not rise');
  if (bounds.at(-1) !== Infinity) fault(name, 'no bucket +Inf');
  if (!buckets.every(({ value }, i) => i === 0 || value >= (buckets[i - 1]?.value ?? NaN)))
    fault(name, 'counts do not rise');
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  if (count !== buckets.at(-1)?.value) fault(name, 'the count is not that of +Inf');
}

/**
 * Reads a whole answer by the rules of the format, version 0.0.4.
 * @throws Error on whatever a collector might refuse, and on what the format's conventions forbid
 */
export function parsePrometheus(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) fault(text.slice(-40), 'the last line does not end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current: [string, Family] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', words = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(name)) fault(line, 'a family twice');
      if (/\\(?![\\n])/.test(words)) fault(line, 'a bad escape');
      current = [name, { help: words, type: 'untyped', samples: [] }];
      families.set(...current);
    } else if (kind === 'TYPE') {
      if (current?.[0] !== name || current[1].samples.length > 0) fault(line, 'TYPE is not beside HELP');
      if (!['counter', 'gauge', 'histogram', 'summary'].includes(words)) fault(line, 'an unknown type');
      if (words === 'counter' && !name.endsWith('_total')) fault(line, 'a counter without _total');
      if (words !== 'counter' && name.endsWith('_total')) fault(line, '_total on what is no counter');
      current[1].type = words as Family['type'];
    } else {
      const sample = sampleOf(line);
      if (!current) fault(line, 'a sample before its family');
      const [family, { type }] = current;
      const suffixes: readonly string[] = type === 'histogram' || type === 'summary' ? SUFFIXES[type] : [''];
      if (!suffixes.some((suffix) => sample.name === family + suffix)) fault(line, `no sample of ${family}`);
      const identity = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(identity)) fault(line, 'a sample twice');
      seen.add(identity);
      if (type === 'counter' && !(sample.value >= 0)) fault(line, 'a counter below 0');
      current[1].samples.push(sample);
    }
  }
  for (const [name, family] of families) {
    if (family.type === 'untyped' || family.help === '') fault(name, 'no type or no help');
    if (family.type === 'histogram') checkHistogram(name, family);
  }
  return families;
}
