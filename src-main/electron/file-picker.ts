import { BrowserWindow, dialog } from 'electron';
import type { FilePicker } from '../domain/ports/file-picker.ts';

/** The system's dialog for opening a FITS file. */
export const pickFitsFile: FilePicker = async () => {
  const options: Electron.OpenDialogOptions = {
    title: 'Open a FITS file',
    properties: ['openFile'],
    filters: [
      { name: 'FITS', extensions: ['fits', 'fit', 'fts', 'fz', 'gz'] },
      { name: 'All files', extensions: ['*'] },
    ],
  };
  const [window] = BrowserWindow.getAllWindows();
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
};
