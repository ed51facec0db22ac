import { useCallback, useEffect, useState } from 'react';
import type { StorageSettings } from '#shared/domain/storage.ts';
import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import { useApp, useCommand } from '../../../store/context.tsx';

export type StorageAnswer = Response<'storage.get'>;

/** ms between questions while work is under way, and else. */
const BUSY_MS = 500;
const IDLE_MS = 5000;
/** ms until what was ordered shows that it is under way */
const SOON_MS = 150;

export interface StorageHandle {
  answer: StorageAnswer | null;
  /** Why it could not be asked the last time; empty where it could. */
  error: string;
  busy: boolean;
  save: (patch: Partial<StorageSettings>) => void;
  /** Asks the engine for something that goes on; its refusal is shown as a notice. */
  order: <C extends Channel>(channel: C, request: Request<C>, take?: (answer: Response<C>) => void) => void;
  cancel: () => void;
}

/** The storage as the engine knows it, asked again as long as this is on screen. */
export function useStorage(): StorageHandle {
  const { bridge } = useApp();
  const command = useCommand();
  const [answer, setAnswer] = useState<StorageAnswer | null>(null);
  const [error, setError] = useState('');
  const [revision, setRevision] = useState(0);
  const busy = answer?.work?.state === 'running';
  useEffect(() => {
    let current = true;
    const ask = (): void => {
      void bridge.call('storage.get', {}).then((got) => {
        if (!current) return;
        setError(got.ok ? '' : got.error.message);
        if (got.ok) setAnswer(got.value);
      });
    };
    ask();
    const timer = setInterval(ask, busy ? BUSY_MS : IDLE_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [bridge, busy, revision]);
  const order = useCallback(
    <C extends Channel>(channel: C, request: Request<C>, take?: (answer: Response<C>) => void): void => {
      const again = (): void => {
        setRevision((before) => before + 1);
      };
      void command(async (b) => {
        const answer = await b.call(channel, request);
        if (answer.ok) take?.(answer.value);
        return answer;
      }).then(again);
      // What answers only when it is done is seen while it goes on.
      setTimeout(again, SOON_MS);
    },
    [command],
  );
  return {
    answer,
    error,
    busy,
    order,
    save: (patch) => {
      if (answer) order('storage.set', { settings: { ...answer.settings, ...patch } });
    },
    cancel: () => {
      order('storage.cancel', {});
    },
  };
}
