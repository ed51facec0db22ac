import Type, { type Static } from 'typebox';
import { findKey, findMetric, METRICS } from '../qa/catalogue.ts';
import { ARMS, CameraSchema, type CameraName } from './camera.ts';
import { QL_FLAVORS, SCIENCE_PROGRAMS, type QlFlavor } from './ql-flavor.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Deviation = Type.Number({ minimum: -1e12, maximum: 1e12 });
const DeviationRange = Type.Tuple([Deviation, Deviation]);
const Night = Type.String({ pattern: '^[0-9]{8}$' });

/**
 * A limit that a person set over those which pipelines post. It holds for all that it does not narrow down: null is any
 * camera, element, flavor, program, night.
 */
export const LimitRuleSchema = Type.Object(
  {
    /** METRICS key, e.g. NOISE_AMP */
    key: Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$' }),
    /** An arm (`r`: all its cameras) or one camera. */
    camera: Nullable(Type.Union([Type.Enum(ARMS), CameraSchema])),
    /** Name of an element: an amplifier, an axis, a target class. */
    element: Nullable(Type.String({ minLength: 1, maxLength: 32 })),
    flavor: Nullable(Type.Enum(QL_FLAVORS)),
    program: Nullable(Type.Enum(SCIENCE_PROGRAMS)),
    /** First and last night, YYYYMMDD, both inside. */
    from: Nullable(Night),
    until: Nullable(Night),
    /** In the key's unit; null: what the pipeline posts. */
    reference: Nullable(Deviation),
    /** Deviations from the reference that are normal, and those that are no more than a warning. */
    normal: DeviationRange,
    warn: DeviationRange,
  },
  { additionalProperties: false },
);
export type LimitRule = Static<typeof LimitRuleSchema>;

/** Highest number of rules in a version: each judged number asks them all. */
export const MAX_RULES = 500;
export const LimitRulesSchema = Type.Array(LimitRuleSchema, { maxItems: MAX_RULES });

/** A saved set of rules; a run keeps the version that was the newest when it began. */
export const LimitsVersionSchema = Type.Object({
  id: Type.Integer(),
  rules: LimitRulesSchema,
  author: Type.String(),
  reason: Type.String(),
  createdAt: Type.Number(),
});
export type LimitsVersion = Static<typeof LimitsVersionSchema>;

/** A version in the list of versions. */
export const LimitsSummarySchema = Type.Object({
  id: Type.Integer(),
  author: Type.String(),
  reason: Type.String(),
  createdAt: Type.Number(),
  /** How many rules it has. */
  rules: Type.Integer(),
  /** Runs that it judged, and the first and last EXPID among them. */
  runs: Type.Integer(),
  firstExpid: Nullable(Type.Integer()),
  lastExpid: Nullable(Type.Integer()),
});
export type LimitsSummary = Static<typeof LimitsSummarySchema>;

/** What is judged: one element of a key, on one camera, in one exposure. */
export interface LimitSubject {
  camera: CameraName;
  night: string;
  /** Null where QLF does not know it: rules that narrow it down do not hold then. */
  flavor: QlFlavor | null;
  program: string | null;
}

function holds(rule: LimitRule, key: string, element: string, subject: LimitSubject): boolean {
  return (
    rule.key === key &&
    (rule.camera === null || rule.camera === subject.camera || rule.camera === subject.camera.charAt(0)) &&
    (rule.element === null || rule.element === element) &&
    (rule.flavor === null || rule.flavor === subject.flavor) &&
    (rule.program === null || (subject.flavor === 'science' && rule.program === subject.program)) &&
    (rule.from === null || rule.from <= subject.night) &&
    (rule.until === null || rule.until >= subject.night)
  );
}

/** How much a rule narrows down, the most telling first: camera before arm, element, program, flavor, nights. */
function narrowness(rule: LimitRule): number[] {
  return [
    rule.camera === null ? 0 : rule.camera.length,
    rule.element === null ? 0 : 1,
    rule.program === null ? 0 : 1,
    rule.flavor === null ? 0 : 1,
    (rule.from === null ? 0 : 1) + (rule.until === null ? 0 : 1),
  ];
}

function isNarrower(rule: LimitRule, than: LimitRule): boolean {
  const other = narrowness(than);
  for (const [i, own] of narrowness(rule).entries()) {
    const difference = own - (other[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The rule that judges an element: the most specific of those that hold, of equal ones the last. */
export function ruleFor(
  rules: readonly LimitRule[],
  key: string,
  element: string,
  subject: LimitSubject,
): LimitRule | undefined {
  let best: LimitRule | undefined;
  for (const rule of rules) {
    if (holds(rule, key, element, subject) && (best === undefined || isNarrower(rule, best))) best = rule;
  }
  return best;
}

/** True when two rules are about exactly the same: the one replaces the other. */
export function isSameScope(a: LimitRule, b: LimitRule): boolean {
  return (['key', 'camera', 'element', 'flavor', 'program', 'from', 'until'] as const).every(
    (name) => a[name] === b[name],
  );
}

/** Everything wrong with a rule beyond its schema, in words; empty: it may be saved. */
export function checkRule(rule: LimitRule): string[] {
  const problems: string[] = [];
  const { normal, warn } = rule;
  if (![...normal, ...warn, rule.reference ?? 0].every(Number.isFinite)) problems.push('limits must be finite numbers');
  if (normal[0] > normal[1]) problems.push('the lower warning limit lies above the upper one');
  if (warn[0] > warn[1]) problems.push('the lower alarm limit lies above the upper one');
  if (warn[0] > normal[0] || warn[1] < normal[1]) problems.push('warning limits must lie inside the alarm limits');
  if (rule.from !== null && rule.until !== null && rule.from > rule.until)
    problems.push('the last night lies before the first');
  if (rule.program !== null && rule.flavor !== null && rule.flavor !== 'science')
    problems.push('only science exposures have the programs dark, gray and bright');
  if (findKey(rule.key) === undefined) problems.push(`QLF knows no limits of ${rule.key}`);
  return problems;
}

/** What a rule is about, in words: 'r3, amplifier C, dark program'. */
export function scopeWords(rule: Omit<LimitRule, 'reference' | 'normal' | 'warn'>): string {
  const kind = findKey(rule.key)?.elements;
  const cameras = rule.camera === null ? 'all cameras' : rule.camera.length === 1 ? `arm ${rule.camera}` : rule.camera;
  const nights =
    rule.from === null && rule.until === null
      ? null
      : rule.until === null
        ? `from night ${rule.from ?? ''}`
        : rule.from === null
          ? `until night ${rule.until}`
          : `nights ${rule.from} to ${rule.until}`;
  return [
    cameras,
    rule.element === null ? null : kind === 'amplifier' ? `amplifier ${rule.element}` : rule.element,
    rule.program !== null ? `${rule.program} program` : rule.flavor,
    nights,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** The metric that a judged key belongs to; undefined for a key of no known metric. */
export function metricOfKey(key: string): string | undefined {
  return METRICS.find(({ keys }) => keys.some((own) => own.key === key))?.name ?? findMetric(key)?.name;
}
