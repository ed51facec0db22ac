import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { APP_URL } from './app-protocol.ts';
import { isReachable, readWindowPlace, writeWindowPlace } from './window-bounds.ts';

/** The darkest surface of the dark theme: what is seen until the page is drawn. */
const BACKGROUND = '#0a0c0f';

function lastPlace(file: string) {
  const place = readWindowPlace(file);
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  return place && isReachable(place.bounds, screens) ? place : undefined;
}

/**
 * Opens the control room's window, where it stood the last time.
 * @param preload path of the built bridge
 */
export function openWindow(preload: string): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json');
  const place = lastPlace(file);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...place?.bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: BACKGROUND,
    autoHideMenuBar: true,
    // Elsewhere the package brings it; here not every desktop finds the one of the menu entry.
    ...(process.platform === 'linux' ? { icon: join(app.getAppPath(), 'resources/package/icons/256x256.png') } : {}),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      // A night's clock and alarms go on while another window lies on top.
      backgroundThrottling: false,
    },
  });
  if (place?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowPlace(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  void window.loadURL(APP_URL);
  return window;
}
