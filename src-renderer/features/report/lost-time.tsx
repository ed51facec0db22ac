import { useState } from 'react';
import {
  LOST_CAUSES,
  LOST_CAUSE_WORDS,
  reasonOf,
  reasonWords,
  type LostCause,
  type LostReason,
} from '#shared/domain/lost-time.ts';
import type { NightGap } from '#shared/domain/night-report.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { formatHours } from '../../model/format-night.ts';
import { utcDateTime } from '../../model/history-columns.ts';
import { useApp, useCommand, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';

const said = ({ author, at }: LostReason): string => `${author}, ${utcDateTime(at)} UTC`;
const short = (ms: number): string => utcTime(ms).slice(0, 5);

/** Why this time was lost, in whose words; what was said before stays below. */
function ReasonForm({ night, gap, onDone }: { night: string; gap: NightGap; onDone: () => void }) {
  const { view } = useApp();
  const command = useCommand();
  const observer = useView((state) => state.observer);
  const held = reasonOf(gap.reasons);
  const [cause, setCause] = useState<LostCause>(held?.cause ?? 'weather');
  const [words, setWords] = useState(held?.words ?? '');
  const ready = observer.trim() !== '' && (cause !== held?.cause || words.trim() !== held.words);
  const give = (given: LostCause | null): void => {
    const request = { night, after: gap.after, cause: given, words: given === null ? '' : words, author: observer };
    void command((bridge) => bridge.call('report.lost-time', request)).then((done) => {
      if (done) onDone();
    });
  };
  return (
    <form
      className="lost-form"
      aria-label={`Why time was lost from ${short(gap.from)} to ${short(gap.to)} UTC`}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) give(cause);
      }}
    >
      <select
        aria-label="Lost to"
        value={cause}
        onChange={(event) => {
          setCause(event.target.value as LostCause);
        }}
      >
        {LOST_CAUSES.map((one) => (
          <option key={one} value={one}>
            {LOST_CAUSE_WORDS[one]}
          </option>
        ))}
      </select>
      <input
        type="text"
        aria-label="In words"
        placeholder="In words, e.g. humidity above 85%"
        maxLength={2000}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
        }}
      />
      <input
        type="text"
        aria-label="Your name, for the reason"
        placeholder="Your name"
        maxLength={80}
        value={observer}
        onChange={(event) => {
          view.setState({ observer: event.target.value });
        }}
      />
      <span className="spring" />
      {held && (
        <Button
          small
          kind="ghost"
          disabled={observer.trim() === ''}
          onClick={() => {
            give(null);
          }}
        >
          Take back
        </Button>
      )}
      <button type="submit" className="button small primary" disabled={!ready}>
        Save the reason
      </button>
      {gap.reasons.length > 0 && (
        <ol className="lost-before" aria-label="What was said, newest first">
          {gap.reasons.map((reason) => (
            <li key={`${reason.at} ${reason.words}`}>
              {reasonWords(reason)} <small>{said(reason)}</small>
            </li>
          ))}
        </ol>
      )}
    </form>
  );
}

/** A stretch of lost time with the reason that holds; a click opens the form. */
export function LostTime({
  night,
  gap,
  open,
  onOpen,
}: {
  night: string;
  gap: NightGap;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const reason = reasonOf(gap.reasons);
  return (
    <div className="lost-time" data-after={gap.after ?? ''}>
      <button
        type="button"
        aria-expanded={open}
        title={`${observatoryTime(gap.from)} to ${observatoryTime(gap.to)} MST`}
        onClick={() => {
          onOpen(!open);
        }}
      >
        <time>
          {short(gap.from)} to {short(gap.to)}
        </time>
        <b>{formatHours((gap.to - gap.from) / 1000)}</b>
        {reason ? (
          <span title={`${reasonWords(reason)} (${said(reason)})`}>
            {reasonWords(reason)} <small>{reason.author}</small>
          </span>
        ) : (
          <span className="lost-why">Say why</span>
        )}
      </button>
      {open && (
        <ReasonForm
          key={gap.reasons[0]?.at ?? 0}
          night={night}
          gap={gap}
          onDone={() => {
            onOpen(false);
          }}
        />
      )}
    </div>
  );
}
