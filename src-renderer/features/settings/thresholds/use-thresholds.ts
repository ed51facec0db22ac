import { useMemo } from 'react';
import { isSameScope, ruleFor, type LimitRule, type LimitsVersion } from '#shared/domain/limits.ts';
import { useApp, useCommand, useView } from '../../../store/context.tsx';
import { useAnswer, type Loaded } from '../../camera/use-engine-data.ts';
import { elementsOf, representative, type ThresholdPlace } from '../../../model/threshold-place.ts';

const NO_RULES: readonly LimitRule[] = [];

export interface EditedLimits {
  current: Loaded<LimitsVersion | null>;
  saved: readonly LimitRule[];
  rules: readonly LimitRule[];
  edited: boolean;
  reason: string;
  setReason: (reason: string) => void;
  /** Sets a rule in the place of one with the same scope. */
  setRule: (rule: LimitRule) => void;
  /** Takes the rule of a scope out. */
  removeRule: (rule: LimitRule) => void;
  /** All rules at once, of an older version. */
  setRules: (rules: readonly LimitRule[], reason: string) => void;
  discard: () => void;
  save: () => void;
  /** 0 before the first version. */
  version: number;
}

/** People's limits with what is edited of them, which survives looking at other screens. */
export function useThresholds(revision: number, done: () => void): EditedLimits {
  const { view } = useApp();
  const command = useCommand();
  const current = useAnswer('limits.current', {}, String(revision));
  const draft = useView((state) => state.drafts.limits);
  const observer = useView((state) => state.observer);
  const known = current.state === 'ready' ? current.value : null;
  const saved = known?.rules ?? NO_RULES;
  const rules = draft?.rules ?? saved;
  const version = known?.id ?? 0;

  const change = (next: readonly LimitRule[] | null, reason?: string): void => {
    view.setState(({ drafts }) => {
      if (next === null || JSON.stringify(next) === JSON.stringify(saved))
        return { drafts: { ...drafts, limits: null } };
      const before = drafts.limits ?? { basedOn: version, reason: '' };
      return { drafts: { ...drafts, limits: { ...before, rules: next, reason: reason ?? before.reason } } };
    });
  };
  return {
    current,
    saved,
    rules,
    version,
    edited: draft !== null,
    reason: draft?.reason ?? '',
    setReason: (reason) => {
      view.setState(({ drafts }) => ({ drafts: { ...drafts, limits: drafts.limits && { ...drafts.limits, reason } } }));
    },
    setRule: (rule) => {
      const at = rules.findIndex((other) => isSameScope(other, rule));
      change(at < 0 ? [...rules, rule] : rules.map((other, i) => (i === at ? rule : other)));
    },
    removeRule: (rule) => {
      change(rules.filter((other) => !isSameScope(other, rule)));
    },
    setRules: (all, reason) => {
      change(all, reason);
    },
    discard: () => {
      change(null);
    },
    save: () => {
      if (!draft) return;
      const { basedOn, reason } = draft;
      void command((bridge) =>
        bridge.call('limits.save', { rules: [...draft.rules], basedOn, reason, author: observer.trim() }),
      ).then((saved) => {
        if (!saved) return;
        change(null);
        done();
      });
    },
  };
}

/** What judges at a place: its own rule, else the one that would, else what is posted. */
export function usePlaceRule(
  place: ThresholdPlace,
  rules: readonly LimitRule[],
): { own: LimitRule | undefined; wider: LimitRule | undefined } {
  return useMemo(() => {
    const scope = { ...place, reference: null, normal: [0, 0], warn: [0, 0] } as LimitRule;
    const own = rules.find((rule) => isSameScope(rule, scope));
    const others = rules.filter((rule) => rule !== own);
    const element = place.element ?? elementsOf(place.key, place.program)[0] ?? '';
    return { own, wider: ruleFor(others, place.key, element, representative(place)) };
  }, [place, rules]);
}
