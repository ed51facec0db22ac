import {
  isOpen,
  type Alarm,
  type AlarmAnnouncement,
  type AlarmMute,
  type AlarmSettings,
} from '#shared/domain/alarm.ts';
import type { ControlRoomEvent } from '#shared/state/events.ts';
import { event, type AlarmChange } from '../domain/alarms/change.ts';
import { dataCauses } from '../domain/alarms/data-causes.ts';
import { machineCauses } from '../domain/alarms/machine-causes.ts';
import { unshelve } from '../domain/alarms/person.ts';
import { isSettled } from '../domain/alarms/settled.ts';
import { conditionsOf, stepCondition } from '../domain/alarms/step-condition.ts';
import { stepRun } from '../domain/alarms/step-run.ts';
import { unlessDatabaseFails } from '../domain/database-failure.ts';
import type { AlarmStore } from '../domain/ports/alarm-store.ts';
import type { RoomFeed } from '../domain/ports/room-feed.ts';
import type { Store } from '../domain/ports/store.ts';
import { Announcer } from './announcer.ts';
import { alarmSettingsFrom, mutesFrom } from './settings.ts';

const SETTINGS = 'alarm-settings';
const MUTES = 'alarm-mutes';
/** Results that come within this time of each other are judged together, ms. */
const GATHER_MS = 250;
/** Least time between two judgements of a run that goes on, ms. */
const AGAIN_MS = 1000;
const TICK_MS = 1000;
/** Alarms of a night that an exposure looked at again may have told of, at most. */
const PAST = 500;
/** Runs that are judged after a start, at most. */
const CATCH_UP = 50;

export interface KeeperParts {
  store: AlarmStore & Pick<Store, 'runDetail' | 'exposure' | 'setting' | 'saveSetting'>;
  room: RoomFeed;
  now: () => number;
}

/** Keeps the alarms: judges runs, contact and disk, lets alarms be raised, heard, shelved and cleared, each step durable. */
export class AlarmKeeper {
  readonly #parts: KeeperParts;
  readonly #announcer: Announcer;
  readonly #dirty = new Set<number>();
  #open: Alarm[] = [];
  #settings: AlarmSettings;
  #mutes: AlarmMute[];
  #gathering: NodeJS.Timeout | null = null;
  #judgedAt = -Infinity;
  #tick: NodeJS.Timeout | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    const { store, now } = parts;
    this.#settings = alarmSettingsFrom(store.setting(SETTINGS));
    this.#mutes = mutesFrom(store.setting(MUTES), now());
    this.#announcer = new Announcer({
      settings: () => this.#settings,
      mutes: () => this.#mutes,
      announce: (announcement, alarms) => this.#announce(announcement, alarms),
    });
  }

  get settings(): AlarmSettings {
    return this.#settings;
  }

  /** Shows what is open, judges the runs that ended unseen, and watches from now on. */
  start(): void {
    const { store, room } = this.#parts;
    this.#open = store.openAlarms();
    for (const alarm of this.#open.filter(isOpen)) room.publish({ type: 'alarm', alarm });
    room.publish({ type: 'mutes', mutes: this.#mutes });
    for (const runId of store.runsToJudge(CATCH_UP)) this.#judge(runId);
    this.#unsubscribe = room.onEvents(({ events }) => {
      unlessDatabaseFails(() => events.forEach((one) => this.#take(one)));
    });
    this.#tick = setInterval(() => unlessDatabaseFails(() => this.#watch()), TICK_MS);
    this.#tick.unref();
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    if (this.#tick) clearInterval(this.#tick);
    if (this.#gathering) clearTimeout(this.#gathering);
    this.#tick = null;
    this.#gathering = null;
  }

  /** Carries out what a person does to an alarm; undefined where there is none of that number. */
  act(id: number, action: (alarm: Alarm, settings: AlarmSettings, at: number) => AlarmChange): Alarm | undefined {
    const alarm = this.#parts.store.alarm(id);
    if (!alarm || alarm.state === 'pending') return undefined;
    return this.#commit([action(alarm, this.#settings, this.#parts.now())])[0];
  }

  saveSettings(settings: AlarmSettings): void {
    this.#parts.store.saveSetting(SETTINGS, settings);
    this.#settings = settings;
  }

  /** Adds silence, or ends that of the same severity where `until` is past. */
  mute(mute: AlarmMute): AlarmMute[] {
    const { store, room, now } = this.#parts;
    const others = this.#mutes.filter(({ severity, until }) => severity !== mute.severity && until > now());
    this.#mutes = mute.until > now() ? [...others, mute] : others;
    store.saveSetting(MUTES, this.#mutes);
    room.publish({ type: 'mutes', mutes: this.#mutes });
    return this.#mutes;
  }

  #take(one: ControlRoomEvent): void {
    switch (one.type) {
      case 'measurement':
        if (one.measurement.status === 'alarm' || one.measurement.status === 'warning')
          this.#judgeSoon(one.measurement.runId);
        break;
      case 'job':
        if (one.job.state === 'failed' || one.job.state === 'missing') this.#judgeSoon(one.job.runId);
        break;
      case 'run-detail':
        if (one.detail?.jobs.some(({ state }) => state === 'failed' || state === 'missing'))
          this.#judgeSoon(one.detail.run.id);
        break;
      case 'run':
        if (one.run.state !== 'running') this.#judge(one.run.id);
        break;
      default:
        break;
    }
  }

  #judgeSoon(runId: number): void {
    this.#dirty.add(runId);
    if (this.#gathering) return;
    const wait = Math.max(GATHER_MS, this.#judgedAt + AGAIN_MS - performance.now());
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      unlessDatabaseFails(() => [...this.#dirty].forEach((id) => this.#judge(id)));
    }, wait);
    this.#gathering.unref();
  }

  #judge(runId: number): void {
    const { store, room, now } = this.#parts;
    this.#dirty.delete(runId);
    this.#judgedAt = performance.now();
    const detail = store.runDetail(runId);
    if (!detail) return;
    const { run, jobs, measurements } = detail;
    const judged = run.endedAt === null ? undefined : { runId, endedAt: run.endedAt };
    // An exposure of an earlier night that is processed again is looked at on purpose; it alarms nobody.
    if (store.exposure(run.expid)?.night !== room.snapshot().exposures[0]?.night) {
      if (judged) store.commitAlarms([], now(), judged);
      return;
    }
    const complete = run.state === 'done' || run.state === 'failed';
    const all = [...machineCauses(run, jobs), ...dataCauses(measurements)];
    const causes = complete ? all : all.filter((cause) => isSettled(cause, detail));
    const step = { run, jobs, measurements, causes, complete };
    const past = causes.length === 0 ? [] : store.clearedAlarms(run.night, PAST);
    this.#commit(stepRun(this.#open, past, step, this.#settings, now()), judged);
  }

  /** Contact, disk, shelves whose time is over, and reminders. */
  #watch(): void {
    const { room, now } = this.#parts;
    const at = now();
    const changes = conditionsOf(room.snapshot(), this.#open, this.#settings, at).flatMap((condition) =>
      stepCondition(this.#open, condition, this.#settings, at),
    );
    this.#commit(changes);
    const expired = this.#open.filter(({ shelvedUntil }) => shelvedUntil !== null && shelvedUntil <= at);
    this.#commit(expired.map((alarm) => unshelve(alarm, null, this.#settings, at)));
    this.#announcer.tick(this.#open, at);
  }

  #commit(changes: readonly AlarmChange[], judgedRun?: { runId: number; endedAt: number }): Alarm[] {
    if (changes.length === 0 && !judgedRun) return [];
    const { store, room, now } = this.#parts;
    const at = now();
    const stored = store.commitAlarms(changes, at, judgedRun);
    if (changes.length === 0) return [];
    this.#open = store.openAlarms();
    for (const { alarm } of changes.filter(({ discard }) => discard))
      room.publish({ type: 'alarm-gone', id: alarm.id });
    const kept = changes.filter(({ discard }) => !discard);
    const heard = stored.flatMap((alarm, i) => {
      const change = kept[i];
      if (alarm.state !== 'pending') room.publish({ type: 'alarm', alarm });
      if (change) this.#log(alarm, change);
      return change?.announce ? [{ why: change.announce, alarm }] : [];
    });
    this.#announcer.hear(heard, at);
    return stored;
  }

  #log({ title, severity, expid, camera }: Alarm, { events }: AlarmChange): void {
    const about = { ...(expid === null ? {} : { expid }), ...(camera === null ? {} : { camera }) };
    for (const { kind, text } of events) {
      if (kind !== 'raised' && kind !== 'worse' && kind !== 'cleared') continue;
      const level = kind === 'cleared' ? 'info' : severity === 'warning' ? 'warning' : 'error';
      // The screen tells what is wrong with the data from what is wrong with the machinery by the first word.
      const what = severity === 'fault' ? 'fault' : 'alarm';
      this.#parts.room.log('monitor', level, `${what} ${kind}: ${title}${text === '' ? '' : ` (${text})`}`, about);
    }
  }

  #announce(announcement: AlarmAnnouncement, alarms: readonly Alarm[]): void {
    const { store, room } = this.#parts;
    const { why, sound, notify, at } = announcement;
    const words = [sound ? `sound \u201c${why}\u201d` : '', notify ? 'desktop notification' : ''];
    const text = words.filter((part) => part !== '').join(', ');
    const changes = alarms.map(({ id, expid }): AlarmChange => {
      const alarm = store.alarm(id);
      if (!alarm) throw new Error(`alarm ${id} is gone`);
      return { alarm, events: [event('announced', text, expid)], announce: null };
    });
    store.commitAlarms(changes, at);
    room.publish({ type: 'announcement', announcement });
  }
}
