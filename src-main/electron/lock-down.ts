import { app, session, type WebContents } from 'electron';
import { isAppUrl } from './app-protocol.ts';

/** Parts of Chromium itself (its developer tools) and pictures that the page made. */
const LOCAL_SCHEMES = ['devtools:', 'blob:', 'data:'];

function isLocal(url: string): boolean {
  return isAppUrl(url) || LOCAL_SCHEMES.some((scheme) => url.startsWith(scheme));
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!(event.isMainFrame && isAppUrl(event.url))) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
}

/**
 * The interface shows QLF and nothing else: it goes nowhere, opens nothing, loads nothing from outside, downloads
 * nothing, and has no permission. Call once, when the application is ready and before the first window.
 */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !isLocal(url) }));
}
