import { join } from 'node:path';
import { app, BrowserWindow, dialog } from 'electron';
import type { DocumentKind, Documents, FileQuestion } from '../domain/ports/documents.ts';

/** A window that nobody sees, for a page of our own making: no scripts, no storage, nothing from outside. */
async function withPage<T>(html: string, use: (window: BrowserWindow) => Promise<T>): Promise<T> {
  const window = new BrowserWindow({
    show: false,
    width: 900,
    height: 1200,
    webPreferences: { javascript: false, sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  try {
    await window.loadURL(`data:text/html;charset=utf-8;base64,${Buffer.from(html).toString('base64')}`);
    return await use(window);
  } finally {
    window.destroy();
  }
}

/** Save dialogs, PDF and printing of the desktop. */
export function createDocuments(parent: () => BrowserWindow | undefined): Documents {
  /** Where the last file was saved: the next one is offered beside it. */
  let folder: string | null = null;
  const ask = async ({ extension, title, name }: DocumentKind): Promise<string | null> => {
    const options = {
      title,
      defaultPath: join(folder ?? app.getPath('documents'), `${name}.${extension}`),
      filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
    };
    const window = parent();
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options));
    if (canceled || filePath === '') return null;
    folder = join(filePath, '..');
    return filePath;
  };
  const askWhich = async ({ title, extension }: FileQuestion): Promise<string | null> => {
    const options: Electron.OpenDialogOptions = {
      title,
      ...(folder === null ? {} : { defaultPath: folder }),
      properties: extension === null ? ['openDirectory', 'createDirectory'] : ['openFile'],
      filters: extension === null ? [] : [{ name: extension.toUpperCase(), extensions: [extension] }],
    };
    const window = parent();
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options));
    return canceled ? null : (filePaths[0] ?? null);
  };
  return {
    askWhere: ask,
    askWhich,
    toPdf: (html) =>
      withPage(html, (window) =>
        window.webContents.printToPDF({ pageSize: 'A4', printBackground: true, preferCSSPageSize: true }),
      ),
    print: (html) =>
      withPage(
        html,
        (window) =>
          new Promise<boolean>((resolve, reject) => {
            window.webContents.print({ printBackground: true }, (done, reason) => {
              if (done) resolve(true);
              else if (/cancel/i.test(reason)) resolve(false);
              else reject(new Error(`the page could not be printed: ${reason}`));
            });
          }),
      ),
  };
}
