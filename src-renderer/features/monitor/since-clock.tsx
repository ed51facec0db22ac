import type { Exposure } from '#shared/domain/exposure.ts';
import type { DosContact } from '../../model/contact.ts';
import { formatClock } from '../../model/format.ts';
import { expectationWords, lastExposure, nextExposure, usualInterval, type Expectation } from '../../model/since.ts';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

function under(contact: DosContact, expectation: Expectation) {
  if (contact.state === 'lost') return { text: 'Old: there may be newer ones', warn: true };
  if (contact.state === 'off') return { text: 'Stopped: new ones are not watched for', warn: true };
  return { text: expectationWords(expectation), warn: expectation.state === 'late' };
}

/** Time since the last exposure's shutter closed, and what is known of the next. */
export function SinceClock({
  exposures,
  contact,
  now,
}: {
  exposures: readonly Exposure[];
  contact: DosContact;
  now: number;
}) {
  const last = lastExposure(exposures);
  if (!last) {
    return (
      <div className="since">
        <p>Since the last exposure</p>
        <p className="time dim">{'\u2013:\u2013\u2013'}</p>
        <p>{contact.state === 'off' ? 'Stopped: press Start to watch' : 'None seen yet'}</p>
      </div>
    );
  }
  const { text, warn } = under(contact, nextExposure(last, usualInterval(exposures), now));
  const doubtful = contact.state !== 'ok';
  return (
    <div className="since">
      <p>{last.from === 'seen' || doubtful ? 'Since the last exposure seen' : 'Since last exposure'}</p>
      <p className={`time${doubtful ? ' dim' : ''}${warn && !doubtful ? ' late' : ''}`} role="timer">
        {formatClock(now - last.at)}
      </p>
      <p className={warn ? 'warn' : ''}>
        {warn && <StatusGlyph status="stale" size={14} />}
        {text}
      </p>
    </div>
  );
}
