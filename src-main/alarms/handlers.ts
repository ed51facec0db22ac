import type { Alarm } from '#shared/domain/alarm.ts';
import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { acknowledge, addNote, shelve, unshelve } from '../domain/alarms/person.ts';
import type { AlarmStore } from '../domain/ports/alarm-store.ts';
import type { AlarmKeeper } from './keeper.ts';

const HISTORY = 500;
const LONGEST_MUTE_MS = 12 * 3_600_000;

type Channels =
  | 'alarm.list'
  | 'alarm.get'
  | 'alarm.acknowledge'
  | 'alarm.note'
  | 'alarm.shelve'
  | 'alarm.unshelve'
  | 'alarm.mute'
  | 'alarm-settings.get'
  | 'alarm-settings.set';

/** The alarms' part of the IPC contract. */
export function alarmHandlers(parts: {
  keeper: AlarmKeeper;
  store: AlarmStore;
  now: () => number;
}): Pick<Handlers, Channels> {
  const { keeper, store } = parts;
  const found = (id: number, alarm: Alarm | undefined): Alarm => {
    if (!alarm || alarm.state === 'pending') throw new QlfError('not-found', `there is no alarm ${id}`);
    return alarm;
  };
  return {
    'alarm.list': (listing) => store.listAlarms(listing),
    'alarm.get': ({ id }) => ({ alarm: found(id, store.alarm(id)), history: store.alarmHistory(id, HISTORY) }),
    'alarm.acknowledge': ({ id, name, note }) =>
      found(
        id,
        keeper.act(id, (alarm, settings, at) => acknowledge(alarm, { name, note }, settings, at)),
      ),
    'alarm.note': ({ id, name, note }) =>
      found(
        id,
        keeper.act(id, (alarm, _settings, at) => addNote(alarm, { name, note }, at)),
      ),
    'alarm.shelve': ({ id, name, reason, until }) =>
      found(
        id,
        keeper.act(id, (alarm, _settings, at) => shelve(alarm, { name, reason, until }, at)),
      ),
    'alarm.unshelve': ({ id, name }) =>
      found(
        id,
        keeper.act(id, (alarm, settings, at) => unshelve(alarm, name, settings, at)),
      ),
    'alarm.mute': ({ severity, until, name }) => {
      if (until > parts.now() + LONGEST_MUTE_MS)
        throw new QlfError('bad-request', 'alarms are muted for at most twelve hours; choose an earlier time');
      return keeper.mute({ severity, until, by: name });
    },
    'alarm-settings.get': () => keeper.settings,
    'alarm-settings.set': ({ settings }) => {
      if (settings.diskFault <= settings.diskWarning)
        throw new QlfError('bad-request', 'the disk must be fuller for a fault than for a warning');
      keeper.saveSettings(settings);
      return keeper.settings;
    },
  };
}
