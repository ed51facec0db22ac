import type { Alarm, AlarmAnnouncement, AlarmMute, AlarmSettings } from '#shared/domain/alarm.ts';
import { announcementOf, reminderOf, SOUND_GAP_MS, type Heard } from '../domain/alarms/announce.ts';

export interface AnnouncerParts {
  settings: () => AlarmSettings;
  mutes: () => readonly AlarmMute[];
  /** Called with each announcement and the alarms that it stands for (none for a reminder). */
  announce: (announcement: AlarmAnnouncement, alarms: readonly Alarm[]) => void;
}

/** Lets alarms be heard, at most once in ten seconds: what comes in between is told together. */
export class Announcer {
  readonly #parts: AnnouncerParts;
  #waiting: Heard[] = [];
  #last = -Infinity;
  #next = 1;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  hear(heard: readonly Heard[], now: number): void {
    this.#waiting.push(...heard);
    this.#flush(now);
  }

  /** To be called about every second. */
  tick(open: readonly Alarm[], now: number): void {
    if (this.#waiting.length > 0) this.#flush(now);
    const { reminder } = this.#parts.settings();
    if (reminder === 0 || this.#sinceLast(now) < reminder * 60_000) return;
    const told = reminderOf(open, this.#parts.settings(), this.#parts.mutes(), now);
    if (told) this.#tell(told, [], now);
  }

  #flush(now: number): void {
    if (this.#waiting.length === 0 || this.#sinceLast(now) < SOUND_GAP_MS) return;
    const heard = this.#waiting;
    this.#waiting = [];
    const told = announcementOf(heard, this.#parts.settings(), this.#parts.mutes(), now);
    if (told)
      this.#tell(
        told,
        heard.map(({ alarm }) => alarm),
        now,
      );
  }

  /** ms; a clock that was set back must not silence what is to be heard until it has caught up. */
  #sinceLast(now: number): number {
    return Math.abs(now - this.#last);
  }

  #tell(told: Omit<AlarmAnnouncement, 'id' | 'at'>, alarms: readonly Alarm[], now: number): void {
    this.#last = now;
    this.#parts.announce({ ...told, id: this.#next++, at: now }, alarms);
  }
}
