import type { Handlers } from '#shared/ipc/contract.ts';
import { planOf, type TrialParts, tryPart } from './try-part.ts';

/** ms after which a trial of one part is given up */
const PATIENCE = 60_000;

/** Trials of connections, also of such as are not in use; they change nothing. */
export function trialHandlers(
  parts: TrialParts,
  standard: (source: string | null) => string,
): Pick<Handlers, 'connection.plan' | 'connection.try' | 'connection.cancel'> {
  const running = new Set<AbortController>();
  return {
    'connection.plan': ({ source }) => planOf(source, parts.configuration),
    'connection.try': async ({ source, data, check }) => {
      const ending = new AbortController();
      const timer = setTimeout(() => ending.abort(), PATIENCE);
      running.add(ending);
      try {
        return await tryPart({ ...check, source, data: data ?? standard(source) }, parts, ending.signal);
      } finally {
        clearTimeout(timer);
        running.delete(ending);
      }
    },
    'connection.cancel': () => {
      for (const ending of running) ending.abort();
      return {};
    },
  };
}
