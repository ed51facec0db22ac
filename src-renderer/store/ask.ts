import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import type { Bridge } from '../bridge.ts';
import type { ErrorCode, Result } from '#shared/ipc/result.ts';

/** What may go by: the engine is being opened again, its database is locked. Anything else is the same the next time. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unavailable', 'internal']);
/** ms */
const AGAIN_MS = 5000;

/**
 * Asks the engine, and where it could not answer again every few seconds: what failed on the screen mends itself.
 * @param take every answer, refusals too
 * @returns the stop; nothing is taken after it
 */
export function askUntilAnswered<C extends Channel>(
  bridge: Pick<Bridge, 'call'>,
  channel: C,
  request: Request<C>,
  take: (result: Result<Response<C>>) => void,
  againMs = AGAIN_MS,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    void bridge.call(channel, request).then((result) => {
      if (stopped) return;
      take(result);
      if (!result.ok && PASSING.has(result.error.code)) timer = setTimeout(ask, againMs);
    });
  };
  ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
