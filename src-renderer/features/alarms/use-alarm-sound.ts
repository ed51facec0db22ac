import { useEffect, useRef } from 'react';
import type { AlarmAnnouncement } from '#shared/domain/alarm.ts';
import { useApp, useRoom } from '../../store/context.tsx';

/** Older than this an announcement is history, not news: the window was only opened after it. */
const FRESH_MS = 8000;

/** Lets the engine's announcements be heard; returns the last one, for those who read the screen by ear. */
export function useAlarmSound(): AlarmAnnouncement | null {
  const { sounds } = useApp();
  const announcement = useRoom((state) => state.room?.announcement ?? null);
  const heard = useRef(-1);
  useEffect(() => {
    if (!announcement || announcement.id === heard.current) return;
    heard.current = announcement.id;
    if (announcement.sound && Date.now() - announcement.at < FRESH_MS) sounds.play(announcement);
  }, [announcement, sounds]);
  return announcement;
}
