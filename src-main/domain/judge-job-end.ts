import { assertNever } from '#shared/assert-never.ts';
import type { JobState } from '#shared/domain/run.ts';
import type { JobEnd } from './ports/job-pool.ts';

export interface JobVerdict {
  state: Extract<JobState, 'done' | 'failed' | 'cancelled'>;
  reason: string;
  exitCode: number | null;
  signal: string | null;
}

/**
 * What the end of a job's process means. Exit 0 is success only when every result that the configuration asks for
 * has arrived; everything else fails that camera and says why.
 *
 * @param end how the operating-system process ended
 * @param missing QA metrics that the job should have delivered and that did not arrive
 * @param lastError the last error line of the job's log, empty when there was none
 */
export function judgeJobEnd(end: JobEnd, missing: readonly string[], lastError: string): JobVerdict {
  const none = { exitCode: null, signal: null };
  const said = (end.kind === 'exit' && end.message) || lastError;
  const detail = said ? `: ${said}` : '';
  switch (end.kind) {
    case 'no-results':
      return { state: 'failed', reason: end.message, exitCode: 0, signal: null };
    case 'exit':
      if (end.code !== 0)
        return { state: 'failed', reason: `exit ${String(end.code)}${detail}`, exitCode: end.code, signal: null };
      if (missing.length > 0)
        return { state: 'failed', reason: `no result of ${missing.join(', ')}`, exitCode: 0, signal: null };
      return { state: 'done', reason: '', exitCode: 0, signal: null };
    case 'signal':
      return { state: 'failed', reason: `killed by ${end.signal}${detail}`, exitCode: null, signal: end.signal };
    case 'timeout':
      return { state: 'failed', reason: `not finished after ${String(end.seconds)} s`, ...none };
    case 'lost-heartbeat':
      return { state: 'failed', reason: `silent for ${String(end.seconds)} s`, ...none };
    case 'not-started':
      return { state: 'failed', reason: `could not start: ${end.message}`, ...none };
    case 'cancelled':
      return { state: 'cancelled', reason: 'cancelled', ...none };
    default:
      return assertNever(end, 'end of a job');
  }
}
