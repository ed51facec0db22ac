import { useEffect, useRef, useState } from 'react';
import { isOpen, type Alarm } from '#shared/domain/alarm.ts';
import { endOfNight } from '../../model/alarms.ts';
import { utcTime } from '../../model/format.ts';
import { useApp, useNow, useView } from '../../store/context.tsx';
import { Button, Segmented } from '../../ui/controls.tsx';
import { useAlarmActions } from './use-alarms.ts';

const SPANS = ['15 min', '1 h', '4 h', 'Night'] as const;
type Span = (typeof SPANS)[number];
const MINUTES: Readonly<Record<Exclude<Span, 'Night'>, number>> = { '15 min': 15, '1 h': 60, '4 h': 240 };

function untilOf(span: Span): number {
  const now = Date.now();
  return span === 'Night' ? endOfNight(now) : now + MINUTES[span] * 60_000;
}

/** Who, with what words, and for how long: acknowledge, note, shelve, bring back. */
export function HandlePanel({ alarm, focusNote }: { alarm: Alarm; focusNote: number }) {
  const { view } = useApp();
  const observer = useView((state) => state.observer);
  const act = useAlarmActions();
  const now = useNow(60_000);
  const [note, setNote] = useState('');
  const [span, setSpan] = useState<Span>('1 h');
  const name = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focusNote === 0) return;
    (view.getState().observer.trim() === '' ? name : words).current?.focus();
  }, [focusNote, view]);
  const after = (done: Promise<boolean>): void => {
    void done.then((ok) => {
      if (ok) setNote('');
      else if (view.getState().observer.trim() === '') name.current?.focus();
    });
  };
  const { id, state } = alarm;
  const written = note.trim();
  const may = observer.trim() !== '';
  return (
    <section className="alarm-handle" aria-label="See to this alarm">
      <div className="alarm-fields">
        <label>
          <span>You</span>
          <input
            ref={name}
            type="text"
            value={observer}
            maxLength={80}
            placeholder="Your name, kept for the night"
            onChange={(event) => {
              view.setState({ observer: event.target.value });
            }}
          />
        </label>
        <label>
          <span>Note</span>
          <input
            ref={words}
            type="text"
            value={note}
            maxLength={1000}
            placeholder="Why, so the next shift knows"
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !may) return;
              if (state === 'new') after(act.acknowledge(id, written));
              else if (written !== '') after(act.addNote(id, written));
            }}
          />
        </label>
      </div>
      <div className="alarm-buttons">
        {state === 'new' && (
          <Button kind="primary" disabled={!may} onClick={() => after(act.acknowledge(id, written))}>
            Acknowledge
          </Button>
        )}
        <Button disabled={!may || written === ''} onClick={() => after(act.addNote(id, written))}>
          Add note
        </Button>
        {state === 'shelved' && (
          <Button disabled={!may} onClick={() => after(act.unshelve(id))}>
            Unshelve
          </Button>
        )}
      </div>
      {isOpen(alarm) && state !== 'shelved' && (
        <div className="alarm-buttons">
          <Segmented
            label="Shelve for"
            value={span}
            options={SPANS.map((value) => ({ value, text: value }))}
            onChange={setSpan}
          />
          <Button disabled={!may || written === ''} onClick={() => after(act.shelve(id, written, untilOf(span)))}>
            {span === 'Night' ? `Shelve until ${utcTime(endOfNight(now)).slice(0, 5)} UTC` : `Shelve for ${span}`}
          </Button>
          <small>{written === '' ? 'needs a note; comes back not acknowledged' : 'comes back not acknowledged'}</small>
        </div>
      )}
    </section>
  );
}
