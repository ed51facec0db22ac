import { useEffect, useState } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Channel } from '#shared/ipc/channels.ts';
import type { Request, Response } from '#shared/ipc/contract.ts';
import { useApp } from '../../store/context.tsx';

export type Loaded<T> = { state: 'loading' } | { state: 'ready'; value: T } | { state: 'error'; message: string };

/**
 * Asks the engine and asks again when the request or `revision` changes; the last answer stays meanwhile, unless it was
 * for another request. Null asks nothing.
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
    let current = true;
    void bridge.call(channel, JSON.parse(key) as Request<C>).then((result) => {
      if (!current) return;
      const loaded = result.ok
        ? ({ state: 'ready', value: result.value } as const)
        : ({ state: 'error', message: result.error.message } as const);
      setAnswer({ key, loaded });
    });
    return () => {
      current = false;
    };
  }, [bridge, channel, key, revision]);
  return answer.key === key ? answer.loaded : { state: 'loading' };
}

/** Lines asked for at once. */
const PAGE = 1000;
const POLL_MS = 1000;

export interface JobLog {
  lines: readonly string[];
  /** Why there is none; empty otherwise. */
  error: string;
  loading: boolean;
}

const NO_LOG: JobLog = { lines: [], error: '', loading: true };

/** The log file of a job, read on as it grows while `growing`. */
export function useJobLog(runId: number, camera: CameraName, attempt: number, growing: boolean): JobLog {
  const { bridge } = useApp();
  const id = `${runId} ${camera} ${attempt}`;
  const [log, setLog] = useState<{ id: string; log: JobLog }>({ id: '', log: NO_LOG });
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lines: string[] = [];
    const read = async (): Promise<void> => {
      const answer = await bridge.call('job.log', { runId, camera, limit: PAGE, offset: lines.length });
      if (stopped) return;
      if (!answer.ok) {
        setLog({ id, log: { lines: [...lines], error: answer.error.message, loading: false } });
        if (growing) timer = setTimeout(() => void read(), POLL_MS);
        return;
      }
      lines.push(...answer.value.lines);
      const more = answer.value.lines.length > 0 && lines.length < answer.value.total;
      setLog({ id, log: { lines: [...lines], error: '', loading: more } });
      if (more) void read();
      else if (growing) timer = setTimeout(() => void read(), POLL_MS);
    };
    void read();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [bridge, runId, camera, id, growing]);
  return log.id === id ? log.log : NO_LOG;
}
