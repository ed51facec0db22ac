import { useEffect, useState } from 'react';
import type {
  ExposureKindName,
  TestEnvironmentSettings,
  TestEnvironmentState,
} from '#shared/domain/test-environment.ts';
import { askUntilAnswered } from '../../store/ask.ts';
import { useApp, useCommand } from '../../store/context.tsx';

const POLL_MS = 1000;

export type KnownSettings =
  | { state: 'loading' }
  | { state: 'none' }
  | { state: 'error'; message: string }
  | { state: 'there'; settings: TestEnvironmentSettings };

export interface TestEnvironmentHandle {
  known: KnownSettings;
  /** What the telescope does; null until it is known. */
  now: TestEnvironmentState | null;
  change: (settings: TestEnvironmentSettings) => void;
  expose: (kind: ExposureKindName | null) => void;
}

/** The emulated night's settings, written through on every change, and what its telescope does, asked every second. */
export function useTestEnvironment(): TestEnvironmentHandle {
  const { bridge } = useApp();
  const command = useCommand();
  const [known, setKnown] = useState<KnownSettings>({ state: 'loading' });
  const [now, setNow] = useState<TestEnvironmentState | null>(null);
  useEffect(() => {
    return askUntilAnswered(bridge, 'test-environment.get', {}, (answer) => {
      if (!answer.ok) setKnown({ state: 'error', message: answer.error.message });
      else setKnown(answer.value === null ? { state: 'none' } : { state: 'there', settings: answer.value });
    });
  }, [bridge]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const ask = async (): Promise<void> => {
      const answer = await bridge.call('test-environment.state', {});
      if (stopped) return;
      if (answer.ok) setNow(answer.value);
      timer = setTimeout(() => void ask(), POLL_MS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [bridge]);
  return {
    known,
    now,
    change: (settings) => {
      void command((b) => b.call('test-environment.set', { settings })).then((done) => {
        if (done) setKnown({ state: 'there', settings });
      });
    },
    expose: (kind) => void command((b) => b.call('test-environment.expose-now', { kind })),
  };
}
