import { memo } from 'react';
import type { Alarm } from '#shared/domain/alarm.ts';
import { alarmLine, alarmStatus, alarmTimes, alarmTone, limitLine } from '../../model/alarms.ts';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

export interface RowActions {
  choose: (id: number) => void;
  acknowledge: (alarm: Alarm) => void;
  shelve: (alarm: Alarm) => void;
  unshelve: (alarm: Alarm) => void;
  note: (alarm: Alarm) => void;
  retry: (alarm: Alarm) => void;
  notExpected: (alarm: Alarm) => void;
}

function Actions({ alarm, act }: { alarm: Alarm; act: RowActions }) {
  const { state, kind } = alarm;
  const name = (what: string): string => `${what}: ${alarm.title}`;
  if (state === 'cleared') return null;
  if (state === 'shelved')
    return (
      <Button label={name('Unshelve')} onClick={() => act.unshelve(alarm)}>
        Unshelve
      </Button>
    );
  const first =
    state === 'new' ? (
      <Button kind="primary" label={name('Acknowledge')} onClick={() => act.acknowledge(alarm)}>
        Acknowledge
      </Button>
    ) : (
      <Button label={name('Add note')} onClick={() => act.note(alarm)}>
        Add note
      </Button>
    );
  const second =
    kind === 'failed-job' && alarm.present ? (
      <Button label={name('Retry')} onClick={() => act.retry(alarm)}>
        Retry {alarm.cameras.length === 1 ? alarm.cameras[0] : 'all'}
      </Button>
    ) : kind === 'missing-camera' && state === 'acknowledged' ? (
      <Button label={name('Not expected')} onClick={() => act.notExpected(alarm)}>
        Not expected
      </Button>
    ) : (
      <Button label={name('Shelve')} onClick={() => act.shelve(alarm)}>
        Shelve
      </Button>
    );
  return (
    <>
      {first}
      {second}
    </>
  );
}

/** One alarm: shape, what and where, value against limit, age, and what can be done. */
export const AlarmRow = memo(function AlarmRow({
  alarm,
  now,
  chosen,
  act,
}: {
  alarm: Alarm;
  /** Renewed each second; the same for what is over. */
  now: number;
  chosen: boolean;
  act: RowActions;
}) {
  const { id, title, value, state, by, note } = alarm;
  const { time, note: timeNote } = alarmTimes(alarm, now);
  const tone = alarmTone(alarm);
  const past = state === 'cleared';
  return (
    <div
      className={`alarm-row ${tone} ${state}${alarm.present || past ? '' : ' over'}${chosen ? ' chosen' : ''}`}
      data-alarm={id}
      data-state={state}
    >
      <button
        type="button"
        className="alarm-choose"
        aria-pressed={chosen}
        aria-label={`${title}, ${state}`}
        onClick={() => act.choose(id)}
      />
      <StatusGlyph status={alarmStatus(alarm)} size={tone === 'quiet' ? 18 : 24} />
      <div className="alarm-what">
        <h3>{title}</h3>
        {!past && <p>{alarmLine(alarm)}</p>}
      </div>
      {past ? (
        <div className="alarm-past">{time}</div>
      ) : (
        <>
          <div className="alarm-value">
            {value}
            <small>{limitLine(alarm)}</small>
          </div>
          <div className="alarm-value">
            {time}
            <small>{timeNote}</small>
          </div>
        </>
      )}
      {past ? (
        <p className="alarm-by">{[by, note].filter((text) => text !== '').join(': ')}</p>
      ) : (
        <div className="alarm-actions">
          <Actions alarm={alarm} act={act} />
        </div>
      )}
    </div>
  );
});
