import type Database from 'better-sqlite3';
import { compareAlarms, type Alarm, type AlarmEvent, type AlarmEventKind } from '#shared/domain/alarm.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { AlarmChange } from '../domain/alarms/change.ts';
import type { AlarmListing, AlarmStore } from '../domain/ports/alarm-store.ts';

interface AlarmRow {
  id: number;
  record: string;
}

const toAlarm = ({ id, record }: AlarmRow): Alarm => ({ ...(JSON.parse(record) as Omit<Alarm, 'id'>), id });

/** The columns by which alarms are found; the whole alarm is in `record`. */
function columns(alarm: Alarm): Record<string, string | number | null> {
  const { id, ...record } = alarm;
  const { state, severity, kind, title, night, raisedAt, clearedAt } = record;
  return { id, state, severity, kind, title, night, raisedAt, clearedAt, record: JSON.stringify(record) };
}

/** A text in which % and _ are themselves. */
const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export function alarmRepository(db: Database.Database): AlarmStore {
  const open = db.prepare<[], AlarmRow>("SELECT id, record FROM alarm WHERE state <> 'cleared' ORDER BY id");
  const cleared = db.prepare<[string, number], AlarmRow>(
    "SELECT id, record FROM alarm WHERE night = ? AND state = 'cleared' ORDER BY id DESC LIMIT ?",
  );
  const one = db.prepare<[number], AlarmRow>('SELECT id, record FROM alarm WHERE id = ?');
  const insert = db.prepare<unknown[], { id: number }>(`
    INSERT INTO alarm (state, severity, kind, title, night, raised_at, cleared_at, record)
    VALUES (@state, @severity, @kind, @title, @night, @raisedAt, @clearedAt, @record) RETURNING id`);
  const update = db.prepare(`
    UPDATE alarm SET state = @state, severity = @severity, kind = @kind, title = @title, night = @night,
      raised_at = @raisedAt, cleared_at = @clearedAt, record = @record WHERE id = @id`);
  const forgetEvents = db.prepare<[number]>('DELETE FROM alarm_event WHERE alarm_id = ?');
  const forget = db.prepare<[number]>('DELETE FROM alarm WHERE id = ?');
  const addEvent = db.prepare<[number, number, string, string, string, number | null]>(
    'INSERT INTO alarm_event (alarm_id, at, kind, by, text, expid) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const history = db.prepare<[number, number], AlarmEvent & { kind: AlarmEventKind }>(
    'SELECT id, alarm_id AS alarmId, at, kind, by, text, expid FROM alarm_event WHERE alarm_id = ? ORDER BY id DESC LIMIT ?',
  );
  const judged = db.prepare<[number, number]>('INSERT OR REPLACE INTO alarm_run (run_id, ended_at) VALUES (?, ?)');
  const toJudge = db.prepare<[number], { id: number }>(`
    SELECT r.id FROM run r LEFT JOIN alarm_run a ON a.run_id = r.id
    WHERE r.expid IN (SELECT expid FROM exposure WHERE night = (SELECT night FROM exposure ORDER BY expid DESC LIMIT 1))
      AND r.ended_at IS NOT NULL AND (a.ended_at IS NULL OR a.ended_at < r.ended_at)
    ORDER BY r.id LIMIT ?`);
  const newestNight = db.prepare<[], { night: string }>(
    'SELECT night FROM alarm WHERE night IS NOT NULL ORDER BY night DESC LIMIT 1',
  );

  const store = ({ alarm, events, discard }: AlarmChange, at: number): Alarm | undefined => {
    if (discard) {
      forgetEvents.run(alarm.id);
      forget.run(alarm.id);
      return undefined;
    }
    let { id } = alarm;
    if (id === 0) {
      const row = insert.get(columns(alarm));
      if (!row) throw new QlfError('internal', `the alarm "${alarm.title}" could not be stored`);
      id = row.id;
    } else update.run(columns(alarm));
    for (const { kind, by, text, expid } of events) addEvent.run(id, at, kind, by, text, expid);
    return { ...alarm, id };
  };

  const commit = db.transaction(
    (changes: readonly AlarmChange[], at: number, run: { runId: number; endedAt: number } | undefined): Alarm[] => {
      const stored = changes.map((change) => store(change, at)).filter((alarm) => alarm !== undefined);
      if (run) judged.run(run.runId, run.endedAt);
      return stored;
    },
  );

  const conditions = ({ view, night, text }: AlarmListing): { where: string; values: Record<string, string> } => {
    const values: Record<string, string> = {};
    const terms = ["state <> 'pending'"];
    if (view === 'active') terms.push("state <> 'cleared'");
    if (view === 'night') {
      values['night'] = night ?? newestNight.get()?.night ?? '';
      // What belongs to no exposure belongs to the night in which it was raised: a night ends at local noon, 19 h UTC.
      terms.push(
        "(night = @night OR (night IS NULL AND strftime('%Y%m%d', raised_at / 1000 - 68400, 'unixepoch') = @night))",
      );
    }
    if (text !== undefined && text.trim() !== '') {
      values['text'] = like(text.trim());
      terms.push(
        "(title LIKE @text ESCAPE '\\' OR record ->> '$.note' LIKE @text ESCAPE '\\' OR record ->> '$.by' LIKE @text ESCAPE '\\')",
      );
    }
    return { where: terms.join(' AND '), values };
  };

  return {
    openAlarms: () => open.all().map(toAlarm),
    alarm: (id) => {
      const row = one.get(id);
      return row && toAlarm(row);
    },
    listAlarms: (listing) => {
      const { where, values } = conditions(listing);
      const { limit, offset } = listing;
      const total = db.prepare<[object], { n: number }>(`SELECT count(*) AS n FROM alarm WHERE ${where}`).get(values);
      const rows = db
        .prepare<[object], AlarmRow>(
          `SELECT id, record FROM alarm WHERE ${where}
           ORDER BY state = 'cleared', raised_at DESC, id DESC LIMIT @limit OFFSET @offset`,
        )
        .all({ ...values, limit, offset });
      const alarms = rows.map(toAlarm);
      return { total: total?.n ?? 0, alarms: listing.view === 'all' ? alarms : alarms.sort(compareAlarms) };
    },
    clearedAlarms: (night, limit) => cleared.all(night, limit).map(toAlarm),
    alarmHistory: (alarmId, limit) => history.all(alarmId, limit),
    commitAlarms: (changes, at, run) => commit.immediate(changes, at, run),
    runsToJudge: (limit) => toJudge.all(limit).map(({ id }) => id),
  };
}
