import { Notification, type BrowserWindow } from 'electron';
import type { EventBatch } from '#shared/state/events.ts';

const WORDS = { new: 'New alarm', worse: 'Alarm has become worse', reminder: 'Not acknowledged' } as const;

/**
 * Shows what the engine wants notified outside the window; a click brings the window to the front. Who looks at the window sees
 * it there. A desktop without notifications has the window and the sounds.
 */
export function notifyOf(batch: EventBatch, window: () => BrowserWindow | undefined): void {
  for (const event of batch.events) {
    if (event.type !== 'announcement' || !event.announcement.notify) continue;
    if (!Notification.isSupported() || window()?.isFocused()) continue;
    const { why, title, count, family } = event.announcement;
    const body = count > 1 ? `${title}, and ${count - 1} more` : title;
    // The window makes the sound.
    const shown = new Notification({ title: `QLF: ${WORDS[why]}`, body, silent: true, urgency: urgencyOf(family) });
    shown.on('click', () => {
      const front = window();
      if (front?.isMinimized()) front.restore();
      front?.focus();
    });
    shown.show();
  }
}

function urgencyOf(family: 'data' | 'machinery' | 'contact'): 'normal' | 'critical' {
  return family === 'data' ? 'critical' : 'normal';
}
