import type { Json } from '#shared/domain/measurement.ts';
import { metricOfQaClass, QlConfigurationSchema } from '#shared/domain/ql-configuration.ts';
import { stepOfAlgorithm, STEPS, type Step } from '#shared/domain/step.ts';
import { findKey, findMetric } from '#shared/qa/catalogue.ts';
import { parameterWords } from './configuration-words.ts';
import { unitText } from './format.ts';
import { isObject, type JsonObject } from './values.ts';

export type Path = readonly string[];

/** One value of the configuration that a person may change. */
export interface FormField {
  path: Path;
  label: string;
  unit: string;
  help: string;
  kind: 'number' | 'integer' | 'boolean' | 'text' | 'choice' | 'numbers' | 'texts';
  choices: readonly string[];
  value: Json;
}

export interface FormGroup {
  id: string;
  title: string;
  note: string;
  fields: readonly FormField[];
}

/** A step of the pipeline: which algorithm does it, and which others could. */
export interface FormStep {
  step: Step;
  /** Null: the step is left out. */
  algorithm: string | null;
  algorithms: readonly string[];
}

export interface ConfigurationForm {
  steps: readonly FormStep[];
  groups: readonly FormGroup[];
}

interface PropertySchema {
  type?: string;
  enum?: readonly string[];
}

/** Values of the flavor itself, in the schema's order and of the schema's kinds. */
const GENERAL = ['WritePreprocfile', 'Debuglevel', 'Period', 'Timeout', 'UseResolution', 'Compatibility'] as const;

function kindOfSchema(name: string): Pick<FormField, 'kind' | 'choices'> {
  const schema = QlConfigurationSchema.properties[
    name as keyof typeof QlConfigurationSchema.properties
  ] as PropertySchema;
  if (schema.enum) return { kind: 'choice', choices: schema.enum };
  switch (schema.type) {
    case 'boolean':
      return { kind: 'boolean', choices: [] };
    case 'integer':
      return { kind: 'integer', choices: [] };
    case 'number':
      return { kind: 'number', choices: [] };
    default:
      return { kind: 'text', choices: [] };
  }
}

function kindOf(value: Json): FormField['kind'] | undefined {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'text';
  if (!Array.isArray(value)) return undefined;
  if (value.every((item) => typeof item === 'number')) return 'numbers';
  return value.every((item) => typeof item === 'string') ? 'texts' : undefined;
}

const LIMITS = /^(.+?)_(?:(NORMAL|WARN)_RANGE|(?:(DARK|GRAY|BRIGHT)_)?REF)$/;

function fieldOf(path: Path, value: Json): FormField | undefined {
  const kind = kindOf(value);
  const name = path.at(-1) ?? '';
  if (kind === undefined) return undefined;
  const limit = LIMITS.exec(name);
  const key = limit?.[1] === undefined ? undefined : findKey(limit[1]);
  if (limit && key) {
    const [, , range, program] = limit;
    const what =
      range === 'NORMAL'
        ? 'normal within'
        : range === 'WARN'
          ? 'warning within'
          : `reference${program === undefined ? '' : `, ${program.toLowerCase()}`}`;
    const help = range === undefined ? '' : 'deviation from the reference';
    return { path, label: `${key.label} ${what}`, unit: unitText(key.unit), help, kind, choices: [], value };
  }
  const words = parameterWords(name);
  return { path, label: words.label, unit: words.unit ?? '', help: words.help ?? '', kind, choices: [], value };
}

/** All values below a mapping that can be changed one by one. */
function fieldsBelow(path: Path, value: JsonObject, skip: readonly string[] = []): FormField[] {
  return Object.entries(value).flatMap(([name, item]): FormField[] => {
    if (skip.includes(name)) return [];
    const at = [...path, name];
    if (isObject(item)) return fieldsBelow(at, item);
    const field = fieldOf(at, item);
    return field ? [field] : [];
  });
}

function groupsOf(algorithm: string, value: JsonObject): FormGroup[] {
  const path = ['Algorithms', algorithm];
  const own = fieldsBelow(path, value, ['QA']);
  const qas = isObject(value['QA']) ? value['QA'] : {};
  const step = stepOfAlgorithm(algorithm);
  const groups: FormGroup[] =
    own.length === 0
      ? []
      : [
          {
            id: algorithm,
            title: algorithm,
            note: step === undefined || step === algorithm.toLowerCase() ? '' : step,
            fields: own,
          },
        ];
  for (const [name, qa] of Object.entries(qas)) {
    const params = isObject(qa) && isObject(qa['PARAMS']) ? qa['PARAMS'] : {};
    const metric = metricOfQaClass(name);
    groups.push({
      id: `${algorithm} ${name}`,
      title: (metric === undefined ? undefined : findMetric(metric)?.title) ?? name,
      note: `${name}, after ${algorithm}`,
      fields: fieldsBelow([...path, 'QA', name, 'PARAMS'], params),
    });
  }
  return groups;
}

/** The form of a flavor's configuration, from its schema and what it holds; null where it holds too little to show. */
export function configurationForm(resolved: Json): ConfigurationForm | null {
  if (!isObject(resolved) || !isObject(resolved['Algorithms'])) return null;
  const algorithms = resolved['Algorithms'];
  const listed = Array.isArray(resolved['Pipeline']) ? resolved['Pipeline'] : [];
  const pipeline = listed.filter((item): item is string => typeof item === 'string');
  const names = [...new Set([...pipeline, ...Object.keys(algorithms)])];
  const steps = STEPS.flatMap((step): FormStep[] => {
    const able = names.filter((name) => stepOfAlgorithm(name) === step);
    if (able.length === 0) return [];
    return [{ step, algorithm: pipeline.find((name) => able.includes(name)) ?? null, algorithms: able }];
  });
  const general = GENERAL.flatMap((name): FormField[] => {
    const value = resolved[name];
    if (value === undefined) return [];
    const words = parameterWords(name);
    return [
      {
        path: [name],
        label: words.label,
        unit: words.unit ?? '',
        help: words.help ?? '',
        value,
        ...kindOfSchema(name),
      },
    ];
  });
  return {
    steps,
    groups: [
      { id: 'job', title: 'Job', note: 'of each camera', fields: general },
      ...pipeline.flatMap((name) => {
        const value = algorithms[name];
        return isObject(value) ? groupsOf(name, value) : [];
      }),
    ],
  };
}

/** The pipeline with one step done by another algorithm, or left out (null); in the order that the steps must have. */
export function pipelineWith(steps: readonly FormStep[], step: Step, algorithm: string | null): string[] {
  return steps.flatMap((item) => (item.step === step ? algorithm : item.algorithm) ?? []);
}

/** How a value stands in its field. */
export function fieldText({ value }: Pick<FormField, 'value'>): string {
  if (Array.isArray(value)) {
    const items = value.filter((item) => typeof item === 'string' || typeof item === 'number');
    return items.join(typeof value[0] === 'string' ? '; ' : ', ');
  }
  return typeof value === 'object' ? '' : String(value);
}

const number = (text: string): number | undefined => {
  const value = Number(text.trim().replace('\u2212', '-'));
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
};

/** What was written into a field, or in words why that is none. */
export function parseField(field: Pick<FormField, 'kind'>, text: string): { value: Json } | { problem: string } {
  switch (field.kind) {
    case 'number':
    case 'integer': {
      const value = number(text);
      if (value === undefined) return { problem: 'must be a number' };
      return field.kind === 'integer' && !Number.isInteger(value) ? { problem: 'must be a whole number' } : { value };
    }
    case 'numbers': {
      const values = text
        .split(/[,\s]+/)
        .filter(Boolean)
        .map(number);
      return values.length > 0 && values.every((value) => value !== undefined)
        ? { value: values }
        : { problem: 'must be numbers with commas between' };
    }
    case 'texts':
      return {
        value: text
          .split(';')
          .map((item) => item.trim())
          .filter(Boolean),
      };
    default:
      return { value: text };
  }
}

/** True when what a field shows stands in the scope's own text. */
export function isOwn(own: Json, path: Path): boolean {
  let value: Json | undefined = own;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}

/** The value at a place; undefined where there is none. */
export function valueAt(value: Json, path: Path): Json | undefined {
  let at: Json | undefined = value;
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}
