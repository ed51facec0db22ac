import { ruleFor, type LimitRule, type LimitSubject } from '../domain/limits.ts';
import type { JudgedElement, JudgedKey } from '../domain/measurement.ts';
import { judgeKey, worstStatus, type KeyJudgement, type KeyLimits } from './status.ts';

/** The reference that came with the value, whoever judged it. */
export function postedReference({ reference, rule }: JudgedElement): number | null {
  return rule ? rule.postedReference : reference;
}

/** One element by limits of its own; what its key's rule says of all its elements together is left out. */
export function judgeAlone(
  key: string,
  value: number | null,
  reference: number | null,
  limits: Pick<KeyLimits, 'normal' | 'warn'>,
): KeyJudgement['elements'][number] {
  const judged = judgeKey({
    key,
    values: [value],
    references: [reference],
    normal: limits.normal,
    warn: limits.warn,
  });
  return judged.elements[0] ?? 'unknown';
}

/**
 * Judges a key again by people's limits: each element by the most specific rule that holds for it, the others as they were
 * posted. Returns the same object where no rule holds.
 * @param posted the key as judged by the limits posted, or by earlier rules
 */
export function applyRules(posted: JudgedKey, rules: readonly LimitRule[], subject: LimitSubject): JudgedKey {
  const { key, normalRange, warnRange } = posted;
  const own = rules.filter((rule) => rule.key === key);
  const wasRuled = posted.elements.some(({ rule }) => rule !== undefined);
  if (own.length === 0 && !wasRuled) return posted;
  const failedFits = key === 'FIDSNR_TGT' ? posted.elements.filter(({ value }) => value === 0).length : 0;
  const elements = posted.elements.map((element): JudgedElement => {
    const { label, value } = element;
    const reference = postedReference(element);
    const rule = ruleFor(own, key, label, subject);
    if (!rule) {
      if (!element.rule) return element;
      const status =
        normalRange && warnRange
          ? judgeAlone(key, value, reference, { normal: normalRange, warn: warnRange })
          : ('unknown' as const);
      return { label, value, reference, status };
    }
    const expected = rule.reference ?? reference;
    return {
      label,
      value,
      reference: expected,
      // Two fits that failed are an alarm whatever the limits are; one does not count.
      status:
        failedFits > 0 && value === 0
          ? failedFits >= 2
            ? 'alarm'
            : 'unknown'
          : judgeAlone(key, value, expected, rule),
      rule: { normalRange: rule.normal, warnRange: rule.warn, postedReference: reference },
    };
  });
  if (!wasRuled && elements.every(({ rule }) => rule === undefined)) return posted;
  const counted = failedFits === 1 ? elements.filter(({ value }) => value !== 0) : elements;
  return { ...posted, elements, status: worstStatus(counted.map(({ status }) => status)) };
}
