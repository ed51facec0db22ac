import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogFileFloor, LogFind, LogTarget } from '#shared/domain/log.ts';
import { useApp } from '../../store/context.tsx';

export interface Found {
  /** '3 of 12', 'not found', '12, still looking' */
  words: string;
  row: number | null;
}

const NOTHING: Found = { words: '', row: null };
const AGAIN_MS = 30;

/** Looks for a text or a level in a log, to either side, round the end; `go` answers where it was found. */
export function useLogSearch(
  target: LogTarget | null,
  floor: LogFileFloor,
): {
  found: Found;
  go: (what: LogFind['what'], from: number, direction: LogFind['direction']) => Promise<number | null>;
  clear: () => void;
} {
  const { bridge } = useApp();
  const id = target === null ? '' : JSON.stringify([target, floor]);
  const [found, setFound] = useState<{ id: string; found: Found }>({ id: '', found: NOTHING });
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );
  const go = useCallback(
    async (what: LogFind['what'], from: number, direction: LogFind['direction']) => {
      if (id === '') return null;
      const [of, level] = JSON.parse(id) as [LogTarget, LogFileFloor];
      const own = ++turn.current;
      for (;;) {
        const answer = await bridge.call('log.find', { target: of, floor: level, what, from, direction });
        if (own !== turn.current) return null;
        if (!answer.ok) {
          setFound({ id, found: { words: answer.error.message, row: null } });
          return null;
        }
        const { count, place, row, complete } = answer.value;
        const name = what.kind === 'level' ? what.level : '';
        const words =
          row === null
            ? complete
              ? `no ${name === '' ? 'match' : name}`
              : 'looking'
            : `${name === '' ? '' : `${name} `}${place} of ${count}${complete ? '' : ' so far'}`;
        setFound({ id, found: { words, row } });
        if (complete) return row;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    },
    [bridge, id],
  );
  const clear = useCallback(() => {
    turn.current += 1;
    setFound({ id: '', found: NOTHING });
  }, []);
  return { found: found.id === id ? found.found : NOTHING, go, clear };
}
