import { useRef, useState } from 'react';
import type { CheckResult, ConnectionCheck } from '#shared/domain/connection.ts';
import { blockedBy, keyOf, skipped, type Trial } from '../../model/trials.ts';
import { useApp } from '../../store/context.tsx';

/** What is to be tried: a connection as it is filled in. */
export interface Candidate {
  source: string | null;
  data: string | null;
}

export interface Trials {
  list: readonly Trial[];
  busy: boolean;
  /** Tries all parts, one after the other; those that depend on one that fails are left out. */
  tryAll: () => Promise<void>;
  /** Tries one part again. */
  tryOne: (check: ConnectionCheck) => Promise<void>;
  cancel: () => void;
}

const gone = (message: string): CheckResult => ({
  outcome: 'failed',
  found: message,
  advice: '',
  hostKey: null,
  secret: null,
});

/**
 * @param subject the connection as text: what was found of another one counts no more
 * @param prepare writes down what must be in a file first; null where something is missing or wrong
 */
export function useTrials(subject: string, prepare: () => Promise<Candidate | null>): Trials {
  const { bridge } = useApp();
  const [known, setKnown] = useState<{ subject: string; list: readonly Trial[] }>({ subject, list: [] });
  const list = known.subject === subject ? known.list : [];
  const setList = (next: readonly Trial[] | ((before: readonly Trial[]) => readonly Trial[])): void => {
    setKnown((before) => {
      const old = before.subject === subject ? before.list : [];
      return { subject, list: typeof next === 'function' ? next(old) : next };
    });
  };
  const [busy, setBusy] = useState(false);
  /** Rises when what is under way does not count any more. */
  const turn = useRef(0);

  const tryOf = async (candidate: Candidate, check: ConnectionCheck): Promise<CheckResult> => {
    const answer = await bridge.call('connection.try', { ...candidate, check });
    return answer.ok ? answer.value : gone(answer.error.message);
  };

  const begin = async (work: (mine: () => boolean, candidate: Candidate) => Promise<void>): Promise<void> => {
    const own = ++turn.current;
    const mine = (): boolean => own === turn.current;
    setBusy(true);
    const candidate = await prepare();
    if (candidate && mine()) await work(mine, candidate);
    if (mine()) setBusy(false);
  };

  const withState = (trials: readonly Trial[], check: ConnectionCheck, state: Trial['state']): Trial[] =>
    trials.map((trial) => (keyOf(trial.check) === keyOf(check) ? { check, state } : trial));

  return {
    list,
    busy,
    tryAll: () =>
      begin(async (mine, candidate) => {
        const plan = await bridge.call('connection.plan', { source: candidate.source });
        if (!mine()) return;
        let trials: Trial[] = plan.ok ? plan.value.map((check) => ({ check, state: 'waiting' })) : [];
        setList(trials);
        for (const { check } of trials) {
          const obstacle = blockedBy(check, trials);
          if (!obstacle) setList(withState(trials, check, 'running'));
          const state = obstacle ? skipped(obstacle) : await tryOf(candidate, check);
          if (!mine()) return;
          trials = withState(trials, check, state);
          setList(trials);
        }
      }),
    tryOne: (check) =>
      begin(async (mine, candidate) => {
        setList((before) => withState(before, check, 'running'));
        const state = await tryOf(candidate, check);
        if (mine()) setList((before) => withState(before, check, state));
      }),
    cancel: () => {
      turn.current += 1;
      setBusy(false);
      setList((before) => before.map((trial) => (trial.state === 'running' ? { ...trial, state: 'waiting' } : trial)));
      void bridge.call('connection.cancel', {});
    },
  };
}
