import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { METRICS } from '../qa/catalogue.ts';
import type { Json } from './measurement.ts';
import { QL_FLAVORS, SCIENCE_PROGRAMS, type QlFlavor, type ScienceProgram } from './ql-flavor.ts';
import { QlRunBlockSchema } from './ql-run-block.ts';
import { STEPS, stepOfAlgorithm, type Step } from './step.ts';

const JsonValue = Type.Unsafe<Json>(Type.Unknown());

/** Any name: without a pattern of its own one with a line break would not be looked at. */
const Name = Type.String({ pattern: '^[^]*$' });

const QaSchema = Type.Object({ PARAMS: Type.Record(Name, JsonValue) }, { additionalProperties: false });

/** Options of a pipeline algorithm (`PEAKS`, `wavelength`, `NBINS` …) and the QAs that run after it. */
const AlgorithmSchema = Type.Object({ QA: Type.Record(Name, QaSchema) }, { additionalProperties: JsonValue });

const properties = {
  name: Type.Optional(Type.String()),
  /** Programs that it is made for: 'dark,gray,bright' */
  Program: Type.Optional(Type.String()),
  Flavor: Type.Enum(['science', 'arcs', 'arc', 'flat', 'bias', 'dark']),
  /** Keep the preprocessed image. */
  WritePreprocfile: Type.Boolean(),
  /** As Python's logging: 10 debug, 20 info, 30 warning … */
  Debuglevel: Type.Integer({ minimum: 0, maximum: 50 }),
  /** s between heartbeats in the log */
  Period: Type.Number({ exclusiveMinimum: 0 }),
  /** s after which a step's heartbeats stop */
  Timeout: Type.Number({ exclusiveMinimum: 0 }),
  UseResolution: Type.Optional(Type.Boolean()),
  /** QLF's own: reproduce the original's numbers, its errors included. */
  Compatibility: Type.Optional(Type.Enum(['none', 'desispec-0.31'])),
  /** Algorithms that run, in order; each is described under Algorithms, where those of other chains may stand too. */
  Pipeline: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
  Algorithms: Type.Record(Name, AlgorithmSchema),
};

/** One flavor's QL configuration in the original's schema (qlconfig_science.yaml …); its legacy keys are let through. */
export const QlConfigurationSchema = Type.Object(properties);
export type QlConfiguration = Static<typeof QlConfigurationSchema>;

/** What one job reads, `qlconfig-CAM-EXPID8.yaml`: a flavor's configuration and what to work on. */
export const JobConfigurationSchema = Type.Object({ ...properties, Run: QlRunBlockSchema });
export type JobConfiguration = Static<typeof JobConfigurationSchema>;

/** What a program has in the place of, or besides, what all science exposures have; lists are replaced as a whole. */
const OverrideSchema = Type.Record(Name, JsonValue);

/** The saved configuration, all flavors in one, with what a program of science exposures has of its own. */
export const SavedConfigurationSchema = Type.Object(
  {
    science: QlConfigurationSchema,
    arc: QlConfigurationSchema,
    flat: QlConfigurationSchema,
    bias: QlConfigurationSchema,
    dark: QlConfigurationSchema,
    programs: Type.Optional(
      Type.Object(
        {
          dark: Type.Optional(OverrideSchema),
          gray: Type.Optional(OverrideSchema),
          bright: Type.Optional(OverrideSchema),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SavedConfiguration = Static<typeof SavedConfigurationSchema>;

const METRIC_BY_QA_CLASS: ReadonlyMap<string, string> = new Map(
  METRICS.map(({ className, name }) => [className, name] as const),
);

/** The canonical metric of a QA class of the original; undefined for an unknown class. */
export function metricOfQaClass(name: string): string | undefined {
  return METRIC_BY_QA_CLASS.get(name);
}

/** Steps that the configuration performs, in order. */
export function planOf(configuration: QlConfiguration): Step[] {
  return configuration.Pipeline.map(stepOfAlgorithm).filter((step) => step !== undefined);
}

/** Canonical names of the metrics that a complete job of the configuration posts, in order. */
export function metricsOf(configuration: QlConfiguration): string[] {
  return configuration.Pipeline.flatMap((algorithm) => Object.keys(configuration.Algorithms[algorithm]?.QA ?? {}))
    .map(metricOfQaClass)
    .filter((metric) => metric !== undefined);
}

/** Something wrong in a configuration: where (keys and indices from the top) and what, in words. */
export interface ConfigurationProblem {
  path: (string | number)[];
  message: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function asRange(value: Json): [number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [low, high] = value;
  return isNumber(low) && isNumber(high) && low <= high ? [low, high] : undefined;
}

/** Limits and references of one QA: `KEY_NORMAL_RANGE` and `KEY_WARN_RANGE` are deviations from `KEY_REF`. */
function checkParams(params: Record<string, Json>, path: (string | number)[]): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  for (const [key, value] of Object.entries(params)) {
    if (/_(NORMAL|WARN|ALARM)_RANGE$/.test(key) && !asRange(value))
      problems.push({ path: [...path, key], message: 'must be two numbers, the lower first' });
    if (key.endsWith('_REF') && !(Array.isArray(value) ? value.length > 0 && value.every(isNumber) : isNumber(value)))
      problems.push({ path: [...path, key], message: 'must be a number or a list of numbers' });
    if (!key.endsWith('_NORMAL_RANGE')) continue;
    const normal = asRange(value);
    const warn = asRange(params[key.replace(/_NORMAL_RANGE$/, '_WARN_RANGE')] ?? null);
    if (normal && warn && (warn[0] > normal[0] || warn[1] < normal[1]))
      problems.push({ path: [...path, key], message: 'must lie inside the warning range' });
  }
  return problems;
}

function checkPipeline({ Pipeline, Algorithms }: QlConfiguration, path: (string | number)[]): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  let before = -1;
  Pipeline.forEach((algorithm, index) => {
    const at = [...path, 'Pipeline', index];
    const step = stepOfAlgorithm(algorithm);
    if (!step) return problems.push({ path: at, message: `'${algorithm}' is not a known algorithm` });
    const order = STEPS.indexOf(step);
    if (order <= before)
      problems.push({ path: at, message: `'${algorithm}' (${step}) cannot come after ${STEPS[before] ?? ''}` });
    before = order;
    if (!Object.hasOwn(Algorithms, algorithm))
      problems.push({ path: at, message: `'${algorithm}' has no entry under Algorithms` });
    return undefined;
  });
  return problems;
}

/** What the schema cannot say: known names, order of the steps, sense of limits and references. */
function checkMeaning(configuration: QlConfiguration, path: (string | number)[]): ConfigurationProblem[] {
  const problems = checkPipeline(configuration, path);
  for (const [algorithm, { QA }] of Object.entries(configuration.Algorithms))
    for (const [name, { PARAMS }] of Object.entries(QA)) {
      const at = [...path, 'Algorithms', algorithm, 'QA', name];
      if (metricOfQaClass(name) === undefined) problems.push({ path: at, message: `'${name}' is not a known QA` });
      problems.push(...checkParams(PARAMS, [...at, 'PARAMS']));
    }
  return problems;
}

/** Keys of a JSON pointer ('/a/0/b~1c'); array indices stay text. */
function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function schemaProblems(schema: Type.TSchema, value: unknown): ConfigurationProblem[] {
  return Value.Errors(schema, value).flatMap((error): ConfigurationProblem[] => {
    const path = keysOf(error.instancePath);
    switch (error.keyword) {
      case 'anyOf':
        return [];
      case 'required':
        return error.params.requiredProperties.map((key) => ({ path, message: `the key ${key} is missing` }));
      case 'additionalProperties':
        return error.params.additionalProperties.map((key) => ({ path: [...path, key], message: 'unknown key' }));
      case 'enum':
        return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}` }];
      default:
        return [{ path, message: error.message }];
    }
  });
}

/** Everything wrong with a job's configuration, as `ql-pipeline` reads it; empty: it is a JobConfiguration. */
export function checkJobConfiguration(value: unknown): ConfigurationProblem[] {
  if (!Value.Check(JobConfigurationSchema, value)) return schemaProblems(JobConfigurationSchema, value);
  return checkMeaning(value, []);
}

const isMapping = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `own` over `base`: mappings are joined key by key, everything else is replaced as a whole. */
function laidOver(base: Json, own: Json): Json {
  if (!isMapping(base) || !isMapping(own)) return own;
  const joined = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(own)) {
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : laidOver(before, value));
  }
  return Object.fromEntries(joined);
}

/** What holds for exposures of a flavor, and of science exposures for those of a program. */
export function resolveConfiguration(
  saved: SavedConfiguration,
  flavor: QlFlavor,
  program: ScienceProgram | undefined,
): QlConfiguration {
  const block = saved[flavor];
  const own = flavor === 'science' && program !== undefined ? saved.programs?.[program] : undefined;
  return own === undefined ? block : (laidOver(block, own) as unknown as QlConfiguration);
}

/** What a program cannot change: which exposures the configuration is for. */
const OF_THE_FLAVOR = ['Flavor', 'Program', 'Run', 'name'];

function checkOverride(saved: SavedConfiguration, program: ScienceProgram): ConfigurationProblem[] {
  const path = ['programs', program];
  const own = saved.programs?.[program];
  if (own === undefined) return [];
  const foreign = Object.keys(own).filter((key) => OF_THE_FLAVOR.includes(key) || !Object.hasOwn(properties, key));
  if (foreign.length > 0)
    return foreign.map((key) => ({ path: [...path, key], message: 'a program cannot have this of its own' }));
  const whole: unknown = resolveConfiguration(saved, 'science', program);
  if (!Value.Check(QlConfigurationSchema, whole))
    return schemaProblems(QlConfigurationSchema, whole).map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    }));
  // What science has wrong is told there.
  const known = new Set(checkMeaning(saved.science, path).map(({ path: at }) => at.join('\n')));
  return checkMeaning(whole, path).filter(({ path: at }) => !known.has(at.join('\n')));
}

/** Everything wrong with a saved configuration; empty: it is a SavedConfiguration. */
export function checkSavedConfiguration(value: unknown): ConfigurationProblem[] {
  if (!Value.Check(SavedConfigurationSchema, value)) return schemaProblems(SavedConfigurationSchema, value);
  return [
    ...QL_FLAVORS.flatMap((flavor) => checkMeaning(value[flavor], [flavor])),
    ...SCIENCE_PROGRAMS.flatMap((program) => checkOverride(value, program)),
  ];
}

/** A run's frozen configuration: the one flavor that it is about, resolved for its program, or a whole saved one. */
export function checkFrozenConfiguration(value: unknown): ConfigurationProblem[] {
  if (!isMapping(value)) return [{ path: [], message: 'must be a mapping of flavors' }];
  const flavors = QL_FLAVORS.filter((flavor) => Object.hasOwn(value, flavor));
  if (flavors.length !== 1 || Object.keys(value).length !== 1) return checkSavedConfiguration(value);
  return flavors.flatMap((flavor) => {
    const block: unknown = value[flavor];
    const problems = Value.Check(QlConfigurationSchema, block)
      ? checkMeaning(block, [])
      : schemaProblems(QlConfigurationSchema, block);
    return problems.map((problem) => ({ ...problem, path: [flavor, ...problem.path] }));
  });
}
