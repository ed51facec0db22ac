import { useEffect, useState } from 'react';
import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import { askUntilAnswered } from '../../store/ask.ts';
import { useApp } from '../../store/context.tsx';

export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'error'; message: string };

/**
 * Asks the engine and asks again when the request or `revision` changes, and where it could not answer; the last answer stays
 * meanwhile, unless it was for another request. Null asks nothing.
 */
export function useAnswer<C extends Channel>(
  channel: C,
  request: Request<C> | null,
  revision: string,
): Loaded<Response<C>> {
  const { bridge } = useApp();
  const key = request === null ? '' : JSON.stringify(request);
  const [answer, setAnswer] = useState<{ key: string; loaded: Loaded<Response<C>> }>({
    key: '',
    loaded: { state: 'loading' },
  });
  useEffect(() => {
    if (key === '') return;
    return askUntilAnswered(bridge, channel, JSON.parse(key) as Request<C>, (result) => {
      const loaded = result.ok
        ? ({ state: 'ready', value: result.value } as const)
        : ({ state: 'error', message: result.error.message } as const);
      setAnswer({ key, loaded });
    });
  }, [bridge, channel, key, revision]);
  return answer.key === key ? answer.loaded : { state: 'loading' };
}
