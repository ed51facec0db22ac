import type { CSSProperties } from 'react';
import { ARMS, SPECTROGRAPHS, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { isNewAlarm, newAlarms, unacknowledgedWords } from '../../model/alarms.ts';
import { dosContact, engineContact } from '../../model/contact.ts';
import { formatAbout, formatAge, formatClock, observatoryTime, utcTime } from '../../model/format.ts';
import { expectationWords, lastExposure, nextExposure, usualInterval } from '../../model/since.ts';
import { stageViews, timeLeft } from '../../model/stages.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import type { Verdict } from '../../model/verdict.ts';
import { useApp, useNow, useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { VerdictGlyph } from '../../ui/verdict-glyph.tsx';
import { useShownExposure, useVerdict } from '../monitor/use-verdict.ts';
import './wall.css';

/** One word to be read at five metres. Silence and machinery never read as good. */
function bigWord(verdict: Verdict): string {
  switch (verdict.status) {
    case 'alarm':
      return 'ALARM';
    case 'warning':
      return 'CHECK';
    case 'normal':
      return 'Good';
    case 'failed':
      return 'FAILED';
    case 'missing':
      return 'MISSING';
    case 'unknown':
      return 'Unknown';
    case 'running':
      return verdict.headline === 'Normal so far' ? 'So far' : 'Running';
    case 'lost':
      return 'NO DOS';
    default:
      return 'Waiting';
  }
}

const QUIET: ReadonlySet<Status> = new Set(['normal', 'running', 'waiting', 'not-expected']);

function Cell({ camera }: { camera: CameraName }) {
  const status = useRoom((state) => state.cameras[camera].status);
  return (
    <div className={`wall-cell ${status}`} role="img" aria-label={`${camera} ${STATUS_WORDS[status]}`}>
      <StatusGlyph status={status} size={42} named />
      {!QUIET.has(status) && <span aria-hidden="true">{camera}</span>}
    </div>
  );
}

const LOST: Verdict = {
  status: 'lost',
  headline: 'New exposures cannot be seen',
  basis: '',
  note: '',
  provisional: false,
  cause: null,
};

const NO_ENGINE: Verdict = { ...LOST, headline: 'No contact with the engine: this screen stands still' };

/** The whole window as one answer, to be read from across the room. Any click or Esc leads back. */
export function WallScreen() {
  const { view } = useApp();
  const room = useRoom((state) => state.room);
  const detail = useRoom(shownRun);
  const judged = useVerdict();
  const exposure = useShownExposure();
  const heardAt = useRoom((state) => state.heardAt);
  const now = useNow(1000);
  if (!room) return null;
  const engine = engineContact(heardAt, now);
  const contact = dosContact(room, engine.until);
  const verdict = engine.state === 'lost' ? NO_ENGINE : contact.state === 'lost' ? LOST : judged;
  const waiting = unacknowledgedWords(room.alarms, now);
  const runId = detail?.run.id ?? -1;
  const known =
    verdict.status === 'alarm' &&
    room.alarms.some((alarm) => alarm.runId === runId) &&
    newAlarms(room.alarms, runId).length === 0;
  const last = lastExposure(room.exposures);
  const expectation = last ? nextExposure(last, usualInterval(room.exposures), now) : null;
  const left = detail ? timeLeft(detail.run, stageViews(detail.run, room.typicalStageMs, now)) : null;
  const since = last ? formatClock(now - last.at) : '\u2013';
  return (
    <main className="wall">
      <section className={`wall-verdict ${verdict.status}${known ? ' known' : ''}`} role="status">
        <VerdictGlyph status={known ? 'acknowledged' : verdict.status} size={210} />
        <div>
          <h1>{known ? 'Known' : bigWord(verdict)}</h1>
          <p>{verdict.headline}</p>
        </div>
      </section>
      <section className="wall-since">
        <p>Since last exposure</p>
        <p
          className={`wall-time${contact.state !== 'ok' ? ' dim' : expectation?.state === 'late' ? ' late' : ''}`}
          role="timer"
          style={{ '--characters': since.length } as CSSProperties}
        >
          {since}
        </p>
        <p>
          {contact.state === 'lost' && contact.silentMs !== null && (
            <>
              No contact for {formatAge(contact.silentMs)}
              <br />
            </>
          )}
          {expectation && expectation.state !== 'none' && (
            <>
              {contact.state === 'lost' ? 'There may be newer ones' : expectationWords(expectation)}
              <br />
            </>
          )}
          {left !== null && <>Verdict final in {formatAbout(left)}</>}
          {left === null && detail && detail.run.state !== 'running' && 'Verdict is final'}
        </p>
      </section>
      <section className="wall-grid" aria-label="Cameras">
        <span />
        {SPECTROGRAPHS.map((spectrograph) => (
          <span key={spectrograph} className="wall-column">
            {spectrograph}
          </span>
        ))}
        {ARMS.map((arm) => [
          <span key={arm} className="wall-row">
            {arm}
          </span>,
          ...SPECTROGRAPHS.map((spectrograph) => (
            <Cell key={`${arm}${spectrograph}`} camera={`${arm}${spectrograph}`} />
          )),
        ])}
      </section>
      <footer className="wall-foot">
        {exposure && (
          <span>
            <b>{expid8(exposure.expid)}</b>
            {[exposure.program ?? exposure.flavor, exposure.exptime === null ? '' : `${Math.round(exposure.exptime)} s`]
              .filter((text) => text !== '')
              .join(', ')}
          </span>
        )}
        {waiting === '' ? (
          <span>{verdict.basis}</span>
        ) : (
          <span>
            <StatusGlyph status={room.alarms.some(isNewAlarm) ? 'alarm' : 'failed'} size={24} named />
            <b>{waiting}</b>
          </span>
        )}
        <span className="spring" />
        <span>
          <b>{utcTime(now).slice(0, 5)}</b> UTC
        </span>
        <span>
          <b>{observatoryTime(now).slice(0, 5)}</b> local
        </span>
        <Button
          keys="Esc"
          onClick={() => {
            view.setState({ wall: false });
          }}
        >
          Back
        </Button>
      </footer>
    </main>
  );
}
