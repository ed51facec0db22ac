import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useStore, type StoreApi } from 'zustand';
import type { Bridge } from '../bridge.ts';
import type { RemoteLink } from '../remote/remote-link.ts';
import type { AlarmSounds } from '../sound/alarm-sounds.ts';
import type { ControlRoom, ControlRoomHandle } from './control-room.ts';
import type { View } from './view.ts';
import type { Result } from '#shared/ipc/result.ts';

/** What every part of the interface works with. */
export interface App {
  bridge: Bridge;
  room: ControlRoomHandle;
  view: StoreApi<View>;
  sounds: AlarmSounds;
  /** The way to an engine elsewhere; absent in the desktop. */
  remote?: RemoteLink;
}

const AppContext = createContext<App | null>(null);

export function AppProvider({ app, children }: { app: App; children: ReactNode }) {
  return <AppContext value={app}>{children}</AppContext>;
}

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('used outside of AppProvider');
  return app;
}

/** Part of the control room; `select` must return the same object while nothing of it changed. */
export function useRoom<T>(select: (state: ControlRoom) => T): T {
  return useStore(useApp().room.store, select);
}

export function useView<T>(select: (view: View) => T): T {
  return useStore(useApp().view, select);
}

/** Runs a command and puts its refusal where the observer sees it. */
export function useCommand(): (command: (bridge: Bridge) => Promise<Result<unknown>>) => Promise<boolean> {
  const { bridge, view } = useApp();
  return async (command) => {
    const answer = await command(bridge);
    view.setState({ notice: answer.ok ? '' : answer.error.message });
    return answer.ok;
  };
}

/** The time now, ms since the epoch, renewed at each multiple of `everyMs`; `false` stops it. */
export function useNow(everyMs: number | false): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === false) return;
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const time = Date.now();
      setNow(time);
      timer = setTimeout(tick, everyMs - (time % everyMs) + 2);
    };
    tick();
    return () => {
      clearTimeout(timer);
    };
  }, [everyMs]);
  return now;
}
