import { checkRule, isSameScope, scopeWords, type LimitRule } from '#shared/domain/limits.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { LimitSampleStore } from '../domain/ports/limit-sample-store.ts';
import type { Store } from '../domain/ports/store.ts';
import { samplePast } from './sample-past.ts';

type Channels = 'limits.current' | 'limits.versions' | 'limits.version' | 'limits.save' | 'limits.samples';

function refuseWrong(rules: readonly LimitRule[]): void {
  rules.forEach((rule, i) => {
    const problems = checkRule(rule);
    if (rules.slice(0, i).some((other) => isSameScope(other, rule))) problems.push('there are two of them');
    if (problems.length > 0)
      throw new QlfError(
        'invalid-configuration',
        `limits of ${rule.key}, ${scopeWords(rule)}, refused: ${problems.join('; ')}`,
      );
  });
}

/** Versions of people's limits, and the past numbers to try them on. */
export function limitsHandlers(parts: {
  store: Pick<Store, 'currentLimits' | 'limitsVersion' | 'saveLimits' | 'listLimits' | 'addJournal'> & LimitSampleStore;
  events: Pick<EventSink, 'log'>;
  now: () => number;
}): Pick<Handlers, Channels> {
  const { store, events, now } = parts;
  return {
    'limits.current': () => store.currentLimits() ?? null,
    'limits.versions': (page) => store.listLimits(page),
    'limits.version': ({ id }) => {
      const version = store.limitsVersion(id);
      if (!version) throw new QlfError('not-found', `there is no version ${String(id)} of the limits`);
      return version;
    },
    'limits.save': ({ rules, author, reason, basedOn }) => {
      refuseWrong(rules);
      const current = store.currentLimits();
      if ((current?.id ?? 0) !== basedOn)
        throw new QlfError(
          'conflict',
          `${current?.author ?? 'somebody'} has saved version ${String(current?.id ?? 0)} of the limits meanwhile: ` +
            'load it, and make your change again',
        );
      const saved = store.saveLimits({ rules, author, reason, createdAt: now() });
      const text = `limits ${String(saved.id)} saved by ${author}: ${reason}`;
      events.log('engine', 'info', text);
      store.addJournal({ at: now(), kind: 'limits-saved', expid: null, camera: null, text });
      return saved;
    },
    'limits.samples': (query) => samplePast(store, query),
  };
}
