import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { programQuestion } from '#shared/domain/program-question.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { ConfirmProgram } from '../domain/ports/programs.ts';

/** Asks in the system's own dialog, which no page can see, open twice at once, or answer. */
export function createConfirmProgram(parent: () => BrowserWindow | undefined): ConfirmProgram {
  let asking = false;
  return async (pipeline) => {
    const detail = programQuestion(pipeline);
    if (detail === null)
      throw new QlfError('forbidden', 'the command is too long to be confirmed here: start QLF with --pipeline FILE');
    if (asking)
      throw new QlfError('conflict', 'the question whether a program may run is open already: answer it first');
    asking = true;
    try {
      const options: MessageBoxOptions = {
        type: 'warning',
        title: 'QLF',
        message: 'Let QLF run this program for every camera of every exposure?',
        detail: `${detail}\n\nIt can do all that you can do on this computer. Allow it only if you have chosen it yourself.`,
        buttons: ['Do not run it', 'Run this program'],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
      };
      const window = parent();
      const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
      return response === 1;
    } finally {
      asking = false;
    }
  };
}
