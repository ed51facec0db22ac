import { useEffect, useState } from 'react';
import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import { askUntilAnswered } from '../../store/ask.ts';
import { useApp, useRoom } from '../../store/context.tsx';

export interface Latest<T> {
  /** The last answer, also while another is under way. */
  value: T | null;
  /** Why the newest request was refused; empty otherwise. */
  error: string;
  /** The value is of an earlier request. */
  old: boolean;
}

/** Changes when an exposure was registered or a run has ended: what was asked may have another answer. */
function useRevision(): string {
  return useRoom(({ room }) => {
    const newest = room?.exposures[0]?.expid ?? 0;
    const run = room?.current?.run;
    return `${newest} ${run?.id ?? 0} ${run?.state ?? ''}`;
  });
}

/** Asks the engine when the request changes and when there is something new to tell; the last answer stays meanwhile. */
export function useLatestAnswer<C extends Channel>(
  channel: C,
  request: Request<C> | null,
  again = '',
): Latest<Response<C>> {
  const { bridge } = useApp();
  const key = request === null ? '' : JSON.stringify(request);
  const revision = useRevision();
  const [answer, setAnswer] = useState<{ key: string; value: Response<C> | null; error: string }>({
    key: '',
    value: null,
    error: '',
  });
  useEffect(() => {
    if (key === '') return;
    return askUntilAnswered(bridge, channel, JSON.parse(key) as Request<C>, (result) => {
      setAnswer((before) =>
        result.ok ? { key, value: result.value, error: '' } : { key, value: before.value, error: result.error.message },
      );
    });
  }, [bridge, channel, key, revision, again]);
  return { value: answer.value, error: answer.error, old: answer.key !== key };
}
