import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { assetHeaders, assetPath } from '../domain/assets.ts';

const SCHEME = 'qlf';
const ORIGIN = `${SCHEME}://app`;

/** Where the interface begins. */
export const APP_URL = `${ORIGIN}/`;

/** Whether a URL is one of the interface's own. */
export function isAppUrl(url: string): boolean {
  return url.startsWith(APP_URL);
}

/** Declares the scheme; Electron wants it before it is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Serves the files of `folder`, and nothing else, to the interface. */
export function serveApp(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const path = request.method === 'GET' && isAppUrl(request.url) ? assetPath(folder, request.url) : undefined;
    if (path === undefined) return new Response('Not allowed', { status: 403 });
    try {
      return new Response(new Uint8Array(await readFile(path)), { headers: assetHeaders(path) });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
