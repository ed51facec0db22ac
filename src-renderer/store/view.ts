import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CameraName } from '#shared/domain/camera.ts';
import { FIRST_FIBER_VIEW, type FiberView } from '../model/fiber-view.ts';
import { NO_DRAFTS, type SettingsDrafts } from '../model/settings-drafts.ts';
import type { SettingsSection } from '../model/settings-sections.ts';
import type { FitsFile } from '#shared/domain/image.ts';
import type { NightOffer } from '#shared/domain/opened.ts';
import { FIRST_CCD_OPTIONS, type CcdOptions } from '../model/ccd-options.ts';
import type { LogFloor, LogSource } from '../model/log-lines.ts';
import { FIRST_LOOK, keptLook, restoredLook, type HistoryLook } from '../model/history-look.ts';
import { FIRST_LOG_VIEW, type LogView } from '../model/log-view.ts';
import { FIRST_TRENDS_VIEW, type TrendsView } from '../model/trends-view.ts';

export const THEMES = ['dark', 'light', 'red'] as const;
export type Theme = (typeof THEMES)[number];

export const SCREENS = [
  'monitor',
  'camera',
  'fibers',
  'spectra',
  'ccd',
  'history',
  'logs',
  'trends',
  'report',
  'alarms',
  'test-environment',
  'settings',
  'connect',
] as const;
export type Screen = (typeof SCREENS)[number];

/** Screens that show the evidence of one exposure, which stays on screen when the next one begins. */
export const EVIDENCE_SCREENS: ReadonlySet<Screen> = new Set<Screen>(['camera', 'fibers', 'spectra', 'ccd']);

/** Sizes of the whole interface, relative to its design. */
export const SCALES = [0.9, 1, 1.1, 1.25, 1.5] as const;

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
  /** What the logs screen shows. */
  logs: LogView;
  /** What the trends screen shows. */
  trends: TrendsView;
  /** The alarm that the alarms screen tells of; null: the first. */
  alarm: number | null;
  /** How the history is looked at. */
  history: HistoryLook;
  /** The night of the report, YYYYMMDD; null: the newest. */
  night: string | null;
  /** The notes of the exposure on screen are open beside it. */
  notes: boolean;
  /** How the images of the CCDs are looked at. */
  ccd: CcdOptions;
  /** The FITS file that was opened last. */
  fitsFile: FitsFile | null;
  /** An exported night that the desktop has opened, to be taken in or not. */
  nightOffer: NightOffer | null;
  board: 'grid' | 'wedge';
  logSource: LogSource;
  logFloor: LogFloor;
  /** Full-window view to be read at five metres. */
  wall: boolean;
  help: boolean;
  /** Name of whoever sits here: author of comments, limits and configurations; empty until it is given. */
  observer: string;
  /** How large everything is drawn, 1: as designed. */
  scale: number;
  /** Where the settings are open, and what is edited there and not saved yet. */
  settingsSection: SettingsSection;
  drafts: SettingsDrafts;
  /** The answer to the last command, when it was refused. */
  notice: string;
  /** What a command did that cannot be seen on the screen; empty when there is nothing to tell. */
  told: string;
}

const KEPT = ['theme', 'board', 'observer', 'scale', 'history'] as const satisfies readonly (keyof View)[];
const STORAGE_KEY = 'qlf.view';

function restored(storage: Storage): Partial<View> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const { theme, board, observer, scale, history } = kept as Record<string, unknown>;
    return {
      ...(THEMES.includes(theme as Theme) ? { theme: theme as Theme } : {}),
      ...(typeof observer === 'string' ? { observer: observer.slice(0, 80) } : {}),
      ...(typeof scale === 'number' && SCALES.some((known) => known === scale) ? { scale } : {}),
      ...(board === 'grid' || board === 'wedge' ? { board } : {}),
      ...(history === undefined ? {} : { history: restoredLook(history) }),
    };
  } catch {
    // Damaged storage costs the observer a click, not the night.
    return {};
  }
}

/** The view's state; theme, board, observer, scale and the history's columns are kept in `storage` for the next start. */
export function createView(storage: Storage): StoreApi<View> {
  const store = createStore<View>(() => ({
    screen: 'monitor',
    theme: 'dark',
    camera: 'b0',
    metricKey: null,
    fiber: null,
    fibers: FIRST_FIBER_VIEW,
    logs: FIRST_LOG_VIEW,
    trends: FIRST_TRENDS_VIEW,
    alarm: null,
    history: FIRST_LOOK,
    night: null,
    notes: false,
    ccd: FIRST_CCD_OPTIONS,
    fitsFile: null,
    nightOffer: null,
    board: 'grid',
    logSource: 'all',
    logFloor: 'all',
    wall: false,
    help: false,
    observer: '',
    scale: 1,
    settingsSection: 'configuration',
    drafts: NO_DRAFTS,
    notice: '',
    told: '',
    ...restored(storage),
  }));
  store.subscribe((view, before) => {
    if (KEPT.some((key) => view[key] !== before[key])) {
      const kept = Object.fromEntries(KEPT.map((key) => [key, view[key]]));
      storage.setItem(STORAGE_KEY, JSON.stringify({ ...kept, history: keptLook(view.history) }));
    }
  });
  return store;
}

/** The theme after this one, for the key that goes round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'dark';
}
