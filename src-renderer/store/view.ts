import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CameraName } from '#shared/domain/camera.ts';
import { FIRST_FIBER_VIEW, type FiberView } from '../model/fiber-view.ts';
import type { LogFloor, LogSource } from '../model/log-lines.ts';
import { FIRST_TRENDS_VIEW, type TrendsView } from '../model/trends-view.ts';

export const THEMES = ['dark', 'light', 'red'] as const;
export type Theme = (typeof THEMES)[number];

export const SCREENS = ['monitor', 'camera', 'fibers', 'spectra', 'trends', 'test-environment', 'settings'] as const;
export type Screen = (typeof SCREENS)[number];

/** Screens that show the evidence of one exposure, which stays on screen when the next one begins. */
export const EVIDENCE_SCREENS: ReadonlySet<Screen> = new Set<Screen>(['camera', 'fibers', 'spectra']);

/** What the observer has chosen to see; nothing of it comes from the engine. */
export interface View {
  screen: Screen;
  theme: Theme;
  /** The camera that the keyboard stands on and the camera screen shows. */
  camera: CameraName;
  /** METRICS key that the camera screen draws; null: the one that matters most. */
  metricKey: string | null;
  /** The fiber chosen anywhere, 0 to 4999; null: none. */
  fiber: number | null;
  /** How the fibers and spectra screens show it. */
  fibers: FiberView;
  /** What the trends screen shows. */
  trends: TrendsView;
  board: 'grid' | 'wedge';
  logSource: LogSource;
  logFloor: LogFloor;
  /** Full-window view to be read at five metres. */
  wall: boolean;
  help: boolean;
  /** The answer to the last command, when it was refused. */
  notice: string;
}

const KEPT = ['theme', 'board'] as const satisfies readonly (keyof View)[];
const STORAGE_KEY = 'qlf.view';

function restored(storage: Storage): Partial<View> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const { theme, board } = kept as Record<string, unknown>;
    return {
      ...(THEMES.includes(theme as Theme) ? { theme: theme as Theme } : {}),
      ...(board === 'grid' || board === 'wedge' ? { board } : {}),
    };
  } catch {
    // Damaged storage costs the observer a click, not the night.
    return {};
  }
}

/** The view's state; theme and board are kept in `storage` for the next start. */
export function createView(storage: Storage): StoreApi<View> {
  const store = createStore<View>(() => ({
    screen: 'monitor',
    theme: 'dark',
    camera: 'b0',
    metricKey: null,
    fiber: null,
    fibers: FIRST_FIBER_VIEW,
    trends: FIRST_TRENDS_VIEW,
    board: 'grid',
    logSource: 'all',
    logFloor: 'all',
    wall: false,
    help: false,
    notice: '',
    ...restored(storage),
  }));
  store.subscribe((view, before) => {
    if (KEPT.some((key) => view[key] !== before[key])) {
      storage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, view[key]]))));
    }
  });
  return store;
}

/** The theme after this one, for the key that goes round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'dark';
}
