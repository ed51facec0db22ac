import { isScienceFlavor } from '../domain/exposure.ts';
import type { CameraName } from '../domain/camera.ts';
import type { LimitRule } from '../domain/limits.ts';
import type { JudgedKey, Json, QaStatus } from '../domain/measurement.ts';
import { qlFlavorOf } from '../domain/ql-flavor.ts';
import { applyRules } from './apply-rules.ts';
import { elementLabels, findKey, findMetric, targetClasses, type KeyDefinition } from './catalogue.ts';
import { judgeKey, parseStatus, worstStatus, type Range } from './status.ts';

/** What QLF knows of the exposure; null where it does not, then the value's own FLAVOR and PROGRAM count. */
export interface JudgeContext {
  flavor: string | null;
  program: string | null;
  /** People's limits, with what they must know of the exposure; absent: only those posted count. */
  rules?: readonly LimitRule[];
  camera?: CameraName;
  night?: string;
}

export interface Judgement {
  status: QaStatus;
  keys: JudgedKey[];
}

export type JsonObject = { readonly [key: string]: Json };

/** A summary is pushed to every screen: longer lists are judged as a whole, their elements stay in the value. */
const MAX_ELEMENTS = 16;
const MAX_KEYS = 24;

const NO_OBJECT: JsonObject = {};

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own members only, so that a key named `__proto__` or `constructor` is just a name. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function range(value: Json | undefined): [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [low, high] = value;
  return typeof low === 'number' && typeof high === 'number' && low <= high ? [low, high] : null;
}

/** A number or a list of numbers and nulls; undefined for anything else. */
function numbers(value: Json | undefined): (number | null)[] | undefined {
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.every((x): x is number | null => x === null || typeof x === 'number') ? value : undefined;
}

/** The key's own value, or that of the keys which older pipelines wrote instead. */
function valueOf(metrics: JsonObject, key: string, definition: KeyDefinition | undefined): Json | undefined {
  const current = member(metrics, key);
  if (current !== undefined) return current;
  for (const names of definition?.formerKeys ?? []) {
    const values = names.map((name) => member(metrics, name));
    if (values.some((value) => value === undefined)) continue;
    return values.length === 1 ? values[0] : values.map((value) => value ?? null);
  }
  return undefined;
}

function senderStatus(metrics: JsonObject, key: string, definition: KeyDefinition | undefined): QaStatus | undefined {
  const names = [key, ...(definition?.formerKeys ?? []).flatMap((list) => (list.length === 1 ? list : []))];
  for (const name of names) {
    const status = parseStatus(member(metrics, `${name}_STATUS`));
    if (status !== undefined) return status;
  }
  return undefined;
}

/**
 * The references that hold for an exposure: KEY_DARK_REF, KEY_GRAY_REF or KEY_BRIGHT_REF by its program for science, KEY_REF
 * otherwise. With an unknown program a single program's references are taken: merged files keep only the right ones.
 */
function referencesOf(params: JsonObject, key: string, context: JudgeContext): (number | null)[] | undefined {
  const plain = numbers(member(params, `${key}_REF`));
  if (context.flavor !== null && !isScienceFlavor(context.flavor)) return plain;
  if (context.program !== null) return numbers(member(params, `${key}_${context.program.toUpperCase()}_REF`)) ?? plain;
  const ofPrograms = ['DARK', 'GRAY', 'BRIGHT']
    .map((program) => numbers(member(params, `${key}_${program}_REF`)))
    .filter((list) => list !== undefined);
  return plain ?? (ofPrograms.length === 1 ? ofPrograms[0] : undefined);
}

/** Labels of a key's numbers; the target classes that the sender lists (OBJLIST) come before the program's. */
function labelsOf(metrics: JsonObject, definition: KeyDefinition | undefined, count: number, program: string | null) {
  const kind = definition?.elements ?? 'scalar';
  const listed = member(metrics, 'OBJLIST');
  if (kind === 'target' && Array.isArray(listed) && listed.length === count) {
    const names = listed.map(text);
    if (names.every((name) => name !== null)) return names;
  }
  return elementLabels(kind, count, program);
}

/** References in the order of the elements: a class without a target is absent from the values, not from the references. */
function alignReferences(references: (number | null)[], labels: string[], program: string | null): (number | null)[] {
  const classes = targetClasses(program);
  if (references.length === labels.length || references.length !== classes.length) return references;
  return labels.every((label) => classes.includes(label))
    ? labels.map((label) => references[classes.indexOf(label)] ?? null)
    : references;
}

/** A status of our own counts before the sender's `unknown`; of two known ones the worse. */
function combine(computed: QaStatus, sender: QaStatus | undefined): QaStatus {
  if (sender === undefined || sender === 'unknown') return computed;
  return computed === 'unknown' ? sender : worstStatus([computed, sender]);
}

function judgeOne(key: string, metrics: JsonObject, params: JsonObject, context: JudgeContext): JudgedKey {
  const definition = findKey(key);
  const values = numbers(valueOf(metrics, key, definition)) ?? [];
  const labels = labelsOf(metrics, definition, values.length, context.program);
  const normal: Range | null = range(member(params, `${key}_NORMAL_RANGE`));
  const warn: Range | null = range(member(params, `${key}_WARN_RANGE`));
  const references = alignReferences(referencesOf(params, key, context) ?? [], labels, context.program);
  const judged =
    normal !== null && warn !== null
      ? judgeKey({ key, values, references, normal, warn })
      : { status: 'unknown' as const, elements: values.map(() => 'unknown' as const) };
  const aligned = references.length === values.length;
  const elements = values.map((value, i) => ({
    label: labels[i] ?? '',
    value,
    reference: aligned ? (references[i] ?? null) : null,
    status: judged.elements[i] ?? ('unknown' as const),
  }));
  const posted: JudgedKey = {
    key,
    normalRange: normal && [normal[0], normal[1]],
    warnRange: warn && [warn[0], warn[1]],
    elements,
    status: judged.status,
  };
  const ruled = ruleOver(posted, context);
  const sender = senderStatus(metrics, key, definition);
  // A complaint that the posted limits explain is none against a person's own.
  const heard = ruled !== posted && sender !== undefined && worstStatus([sender, judged.status]) === judged.status;
  return {
    ...ruled,
    elements: elements.length <= MAX_ELEMENTS ? ruled.elements : [],
    status: combine(ruled.status, heard ? undefined : sender),
  };
}

function ruleOver(posted: JudgedKey, { rules, camera, night, flavor, program }: JudgeContext): JudgedKey {
  if (!rules || rules.length === 0 || camera === undefined || night === undefined) return posted;
  const qlFlavor = flavor === null ? null : (qlFlavorOf(flavor, program) ?? null);
  return applyRules(posted, rules, { camera, night, flavor: qlFlavor, program });
}

const STATUS = '_STATUS';
const NORMAL_RANGE = '_NORMAL_RANGE';

/** Keys to judge: the catalogue's that the value holds, then every other with limits or with a status of the sender's. */
export function judgedKeys(metric: string, metrics: JsonObject, params: JsonObject): string[] {
  const known = findMetric(metric)?.keys ?? [];
  const present = known.filter(
    (k) => valueOf(metrics, k.key, k) !== undefined || senderStatus(metrics, k.key, k) !== undefined,
  );
  const others = [
    ...Object.keys(params)
      .filter((name) => name.endsWith(NORMAL_RANGE))
      .map((name) => name.slice(0, -NORMAL_RANGE.length))
      .filter((key) => member(metrics, key) !== undefined),
    ...Object.keys(metrics)
      .filter((name) => name.endsWith(STATUS) && parseStatus(member(metrics, name)) !== undefined)
      .map((name) => name.slice(0, -STATUS.length)),
  ];
  const former = new Set(known.flatMap((k) => k.formerKeys.flat()));
  return [...new Set([...present.map((k) => k.key), ...others.filter((key) => key !== '' && !former.has(key))])];
}

/** The keys that a summary has room for: those that somebody must see. */
function worstFirst(keys: readonly JudgedKey[]): JudgedKey[] {
  const order: readonly QaStatus[] = ['alarm', 'warning', 'unknown', 'normal'];
  return order.flatMap((status) => keys.filter((key) => key.status === status)).slice(0, MAX_KEYS);
}

/**
 * Judges a measurement as posted, whatever JSON it is. Each key is judged from its METRICS and PARAMS where value, references
 * and ranges are there. The sender's own KEY_STATUS stands where they are not, and also where it is worse than ours: the
 * original's rule forgives more than ours (it sorts), so a sender that still complains knows something that we do not. What
 * cannot be told is `unknown`. The whole takes the worst of its keys; a value without any judged key is `unknown`.
 *
 * @param metric the sender's or the canonical name
 * @param value {METRICS, PARAMS} as the original writes it, with or without its envelope, or any JSON
 */
export function judgeMeasurement(metric: string, value: Json, context: JudgeContext): Judgement {
  const whole = isObject(value) ? value : NO_OBJECT;
  const metricsMember = member(whole, 'METRICS');
  const paramsMember = member(whole, 'PARAMS');
  const metrics = isObject(metricsMember) ? metricsMember : whole;
  const params = isObject(paramsMember) ? paramsMember : NO_OBJECT;
  const known = (name: string | null) => (name === null || name === '' || name === 'unknown' ? null : name);
  const completed: JudgeContext = {
    ...context,
    flavor: (known(context.flavor) ?? text(member(whole, 'FLAVOR')))?.toLowerCase() ?? null,
    program: (known(context.program) ?? text(member(whole, 'PROGRAM')))?.toLowerCase() ?? null,
  };
  const keys = judgedKeys(metric, metrics, params).map((key) => judgeOne(key, metrics, params, completed));
  return { status: worstStatus(keys.map((key) => key.status)), keys: keys.length > MAX_KEYS ? worstFirst(keys) : keys };
}
