import type { Alarm, AlarmEvent } from '#shared/domain/alarm.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { evidenceLinks } from '../../model/alarm-evidence.ts';
import { guidanceOf } from '../../model/alarm-guidance.ts';
import { alarmStatus, alarmTone, limitLine } from '../../model/alarms.ts';
import { utcTime } from '../../model/format.ts';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Button } from '../../ui/controls.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import type { Loaded } from '../camera/use-engine-data.ts';
import { HandlePanel } from './handle-panel.tsx';

const EVENT_WORDS: Readonly<Record<AlarmEvent['kind'], string>> = {
  seen: 'seen',
  raised: 'raised',
  worse: 'worse',
  good: 'good',
  cleared: 'cleared',
  back: 'back',
  merged: 'one cause with others',
  acknowledged: 'acknowledged',
  noted: 'note',
  shelved: 'shelved',
  unshelved: 'back from the shelf',
  announced: 'told',
};

function History({ events }: { events: readonly AlarmEvent[] }) {
  return (
    <ol className="alarm-history">
      {events.map(({ id, at, kind, by, text, expid }) => (
        <li key={id}>
          <time dateTime={new Date(at).toISOString()}>{utcTime(at)}</time>
          <span>
            <b>{EVENT_WORDS[kind]}</b>
            {by !== '' && ` by ${by}`}
            {text !== '' && `: ${text}`}
            {expid !== null && kind !== 'announced' && <small> {expid8(expid)}</small>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The chosen alarm: likely cause, what to do, evidence, what happened, and what an observer can do about it. */
export function AlarmDetail({
  alarm,
  history,
  focusNote,
}: {
  alarm: Alarm;
  history: Loaded<readonly AlarmEvent[]>;
  /** Counts up when the note is to be written now. */
  focusNote: number;
}) {
  const open = useOpenEvidence();
  const { cause, todo } = guidanceOf(alarm);
  const links = evidenceLinks(alarm);
  return (
    <div className="alarm-detail">
      <div className={`alarm-title ${alarmTone(alarm)}`}>
        <StatusGlyph status={alarmStatus(alarm)} size={40} />
        <div>
          <h3>{alarm.title}</h3>
          <p>
            <b>{alarm.value}</b> {limitLine(alarm)}
          </p>
        </div>
      </div>
      {alarm.also.length > 0 && <p className="alarm-also">With it: {alarm.also.join(', ')}.</p>}
      <h4>Likely cause</h4>
      <p>{cause}</p>
      <h4>What to do</h4>
      <ol className="alarm-todo">
        {todo.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {links.length > 0 && (
        <>
          <h4>Evidence</h4>
          <div className="alarm-links">
            {links.map(({ text, evidence }) => (
              <Button key={text} small onClick={() => void open(evidence)}>
                {text}
              </Button>
            ))}
          </div>
        </>
      )}
      <HandlePanel key={alarm.id} alarm={alarm} focusNote={focusNote} />
      <h4>What happened</h4>
      {history.state === 'ready' && <History events={history.value} />}
      {history.state === 'error' && (
        <StateNote glyph={<StatusGlyph status="unknown" size={16} />} title="The history could not be read">
          {history.message}
        </StateNote>
      )}
    </div>
  );
}
