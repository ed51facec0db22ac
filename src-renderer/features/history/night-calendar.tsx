import { useEffect, useMemo, useRef } from 'react';
import { nightAfter } from '#shared/domain/night.ts';
import { calendarDays, calendarStart, type CalendarDay } from '../../model/calendar.ts';
import { nightDate } from '../../model/history-look.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';

const WEEKDAYS = ['Mon', '', 'Wed', '', 'Fri', '', 'Sun'] as const;

function Mark({ day }: { day: CalendarDay }) {
  if (day.status === null || day.status === 'normal' || day.status === 'not-expected') return null;
  return <StatusGlyph status={day.status} size={11} named />;
}

function Legend() {
  return (
    <ul className="calendar-legend" aria-label="Legend">
      <li>
        <i className="night-cell normal" data-good="3" /> normal
      </li>
      <li>
        <StatusGlyph status="warning" size={12} named /> over 10% warned
      </li>
      <li>
        <StatusGlyph status="alarm" size={12} named /> any alarm
      </li>
      <li>
        <StatusGlyph status="failed" size={12} named /> failed or missing
      </li>
      <li>
        <i className="night-cell not-expected" /> not judged
      </li>
      <li>
        <i className="night-cell" /> no exposures
      </li>
    </ul>
  );
}

/** A year of nights by what became of them; a click chooses one, again lets it go. */
export function NightCalendar({
  last,
  chosen,
  newest,
  revision,
  onChoose,
  onLast,
}: {
  /** The last night shown. */
  last: string;
  chosen: string | null;
  /** The last night with exposures, beyond which there is nothing to see. */
  newest: string;
  revision: string;
  onChoose: (night: string | null) => void;
  onLast: (night: string) => void;
}) {
  const from = calendarStart(last);
  const nights = useAnswer('history.nights', { from, to: last }, revision);
  const summaries = nights.state === 'ready' ? nights.value : null;
  const { days, months } = useMemo(() => calendarDays(last, summaries ?? []), [last, summaries]);
  const grid = useRef<HTMLDivElement>(null);
  const at = days.findIndex(({ night }) => night === chosen);
  const focusable = at < 0 ? days.length - 1 : at;
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    moved.current = false;
  }, [chosen]);
  const move = (by: number): void => {
    const day = days[focusable + by];
    if (!day) return;
    moved.current = true;
    onChoose(day.night);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const by = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  return (
    <Panel
      title="Nights"
      className="night-calendar"
      note={`12 months to ${nightDate(last)}`}
      tools={
        <>
          <Legend />
          <button
            type="button"
            className="icon-button"
            aria-label="Half a year earlier"
            title="Half a year earlier"
            onClick={() => {
              onLast(nightAfter(last, -182));
            }}
          >
            <Icon name="left" size={16} />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="Half a year later"
            title="Half a year later"
            disabled={last >= newest}
            onClick={() => {
              const next = nightAfter(last, 182);
              onLast(next > newest ? newest : next);
            }}
          >
            <Icon name="right" size={16} />
          </button>
        </>
      }
    >
      <div className="calendar-months" aria-hidden="true">
        {months.map(({ name, week }) => (
          <span key={week} style={{ gridColumn: week + 2 }}>
            {name}
          </span>
        ))}
      </div>
      {/* Arrows move from night to night: one of the buttons takes the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="calendar-grid" ref={grid} onKeyDown={onKey}>
        {WEEKDAYS.map((name, i) => (
          <span key={i} aria-hidden="true" style={{ gridRow: i + 1, gridColumn: 1 }}>
            {name}
          </span>
        ))}
        {days.map((day, i) => (
          <button
            type="button"
            key={day.night}
            className={`night-cell ${day.status ?? ''}${day.night === chosen ? ' on' : ''}`}
            data-night={day.night}
            data-status={day.status ?? 'none'}
            data-good={Math.round(day.good * 3)}
            style={{ gridRow: day.day + 1, gridColumn: day.week + 2 }}
            title={day.title}
            aria-label={day.title}
            aria-pressed={day.night === chosen}
            tabIndex={i === focusable ? 0 : -1}
            onClick={() => {
              onChoose(day.night === chosen ? null : day.night);
            }}
          >
            <Mark day={day} />
          </button>
        ))}
      </div>
    </Panel>
  );
}
