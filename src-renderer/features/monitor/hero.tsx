import { memo } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import { dosContact, engineContact, type DosContact, type EngineContact } from '../../model/contact.ts';
import { factsOf, skyBrightness } from '../../model/facts.ts';
import { formatAge, utcTime } from '../../model/format.ts';
import type { Problem } from '../../model/problems.ts';
import type { Status } from '../../model/status.ts';
import type { Verdict } from '../../model/verdict.ts';
import { useApp, useNow, useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { VerdictGlyph } from '../../ui/verdict-glyph.tsx';
import { FirstStep } from '../shell/no-exposure.tsx';
import { NotesButton } from '../notes/notes-drawer.tsx';
import { SinceClock } from './since-clock.tsx';
import { newAlarms } from '../../model/alarms.ts';
import { useAlarmActions } from '../alarms/use-alarms.ts';
import { useOpenCamera, useShownExposure, useVerdict } from './use-verdict.ts';

/** Headlines longer than these many characters are set smaller, so that none is cut off. */
const LONG = 34;
const VERY_LONG = 48;

function sizeClass(headline: string): string {
  return headline.length > VERY_LONG ? ' very-long' : headline.length > LONG ? ' long' : '';
}

/** Surface of the bar: red and violet only for what needs a person, warnings stay grey. */
function surface(status: Status): string {
  if (status === 'alarm') return ' alarm';
  return status === 'failed' || status === 'missing' || status === 'lost' ? ' fault' : '';
}

/** Problems named under the headline, as many as fit in a line. */
const NAMED = 3;

function OtherProblems({ problems, cause }: { problems: readonly Problem[]; cause: Problem | null }) {
  const others = problems.filter((problem) => problem !== cause);
  const shown = others.slice(0, NAMED);
  return (
    <div className="verdict-line">
      {cause && (cause.value !== '' || cause.detail !== '') && (
        <span>
          <StatusGlyph status={cause.severity} size={13} named />
          {cause.value !== '' && <b>{cause.value}</b>}
          <i>{[cause.detail, ...cause.also.slice(0, 2)].filter((text) => text !== '').join(', ')}</i>
        </span>
      )}
      {shown.map((problem) => (
        <span key={`${problem.severity} ${problem.short}`}>
          <StatusGlyph status={problem.severity} size={13} />
          <i>{problem.short}</i>
        </span>
      ))}
      {others.length > shown.length && <span className="more">and {others.length - shown.length} more</span>}
    </div>
  );
}

function LostVerdict({ contact }: { contact: DosContact }) {
  const { view } = useApp();
  const { silentMs, lastContact, since, error, adapter } = contact;
  // The adapter stands above already.
  const reason = error.startsWith(`${adapter}: `) ? error.slice(adapter.length + 2) : error;
  return (
    <div className="verdict lost">
      <StatusGlyph status="lost" size={64} />
      <div className="verdict-words">
        <p className="verdict-over">
          <b>No contact with the DOS{silentMs === null ? '' : ` for ${formatAge(silentMs)}`}</b>
          <span>
            {adapter}
            {since === null ? '' : `, since ${utcTime(since)} UTC`}
          </span>
        </p>
        <h1>New exposures cannot be seen</h1>
        <div className="verdict-line">
          <span>
            {lastContact === null ? 'It has not answered yet' : `The last answer was at ${utcTime(lastContact)} UTC`}.
            Results below are complete but old.
          </span>
        </div>
        {reason !== '' && (
          <p className="verdict-reason" title={reason}>
            {reason}
          </p>
        )}
      </div>
      <div className="verdict-actions">
        <Button
          kind="primary"
          onClick={() => {
            view.setState(({ logs }) => ({ screen: 'logs', logs: { ...logs, source: 'monitor', file: null } }));
          }}
        >
          Open the monitor{'\u2019'}s log
        </Button>
        <Button
          onClick={() => {
            view.setState({ screen: 'settings', settingsSection: 'nights' });
          }}
        >
          Test the connection
        </Button>
      </div>
    </div>
  );
}

/** Where nobody has acknowledged the alarm of the exposure on screen: the way to do it from here. */
function AcknowledgeVerdict() {
  const { view } = useApp();
  const act = useAlarmActions();
  const alarm = useRoom((state) => {
    const runId = shownRun(state)?.run.id;
    return runId === undefined ? undefined : newAlarms(state.room?.alarms ?? [], runId)[0];
  });
  if (!alarm) return null;
  return (
    <Button
      label={`Acknowledge the alarm: ${alarm.title}`}
      onClick={() => {
        if (view.getState().observer.trim() === '') view.setState({ screen: 'alarms', alarm: alarm.id });
        else void act.acknowledge(alarm.id);
      }}
    >
      Acknowledge
    </Button>
  );
}

/** Nothing on the screen is of now: no verdict can stand. */
function NoEngineVerdict({ contact }: { contact: EngineContact }) {
  const { room } = useApp();
  return (
    <div className="verdict">
      <StatusGlyph status="lost" size={64} />
      <div className="verdict-words">
        <p className="verdict-over">
          <b>No contact with the engine for {formatAge(contact.silentMs)}</b>
          <span>the program behind this window</span>
        </p>
        <h1>This screen stands still</h1>
        <div className="verdict-line">
          <span>
            Its last word was at {utcTime(contact.until)} UTC; all below is as it was then. Processing may go on unseen.
            If it stays so, close QLF and start it again: nothing is lost.
          </span>
        </div>
      </div>
      <div className="verdict-actions">
        <Button kind="primary" onClick={() => void room.refresh()}>
          Try again
        </Button>
      </div>
    </div>
  );
}

const VerdictWords = memo(function VerdictWords({
  verdict,
  problems,
}: {
  verdict: Verdict;
  problems: readonly Problem[];
}) {
  const { room } = useApp();
  const openCamera = useOpenCamera();
  const exposure = useShownExposure();
  const past = useRoom((state) => state.past !== null);
  const nothing = useRoom((state) => shownRun(state) === null);
  const { cause } = verdict;
  return (
    <div className="verdict">
      <VerdictGlyph status={verdict.status} size={64} />
      <div className="verdict-words">
        <p className="verdict-over">
          {exposure && <b>Exposure {expid8(exposure.expid)}</b>}
          <span>{verdict.basis}</span>
          <NotesButton />
          {past && <span className="past">an earlier one, not live</span>}
        </p>
        <h1 className={sizeClass(verdict.headline)} title={verdict.headline}>
          {verdict.headline}
        </h1>
        {problems.length > 0 ? (
          <OtherProblems problems={problems} cause={cause} />
        ) : (
          <p className="verdict-line">{verdict.note}</p>
        )}
      </div>
      <div className="verdict-actions">
        {cause && (
          <Button
            kind="primary"
            keys="Enter"
            onClick={() => {
              openCamera(cause.camera, cause.key);
            }}
          >
            See why
          </Button>
        )}
        {nothing && <FirstStep />}
        <AcknowledgeVerdict />
        {past && (
          <Button
            keys="Esc"
            onClick={() => {
              room.showLive();
            }}
          >
            Back to live
          </Button>
        )}
      </div>
    </div>
  );
});

function Facts() {
  const exposure = useShownExposure();
  const sky = useRoom((state) => skyBrightness(shownRun(state)?.measurements ?? []));
  // The row keeps its place before the first exposure.
  return (
    <div className="facts">
      {(exposure ? factsOf(exposure, sky) : []).map(({ name, text, unit, optional, share, from }) => (
        <dl key={name} className={`fact${optional ? ' optional' : ''}${share ? ' with-share' : ''}`} title={from}>
          <dt>{name}</dt>
          <dd>
            <span>
              {text ?? <span className="none">{'\u2013'}</span>}
              {text !== null && unit !== '' && <small> {unit}</small>}
            </span>
            {share && (
              <span className="fact-share" aria-hidden="true">
                <u style={{ width: `${share.all * 100}%` }} />
                <i style={{ width: `${share.before * 100}%` }} />
              </span>
            )}
          </dd>
        </dl>
      ))}
    </div>
  );
}

/** The answer across the full width, the clock since the last exposure beside it, and the exposure's facts below. */
export function Hero() {
  const verdict = useVerdict();
  const problems = useRoom((state) => state.problems);
  const past = useRoom((state) => state.past !== null);
  const room = useRoom((state) => state.room);
  const heardAt = useRoom((state) => state.heardAt);
  const now = useNow(1000);
  if (!room) return null;
  const engine = engineContact(heardAt, now);
  const contact = dosContact(room, engine.until);
  const silent = engine.state === 'lost';
  const lost = silent || (contact.state === 'lost' && !past);
  return (
    <section className={`hero${surface(lost ? 'lost' : verdict.status)}`} aria-label="Verdict">
      <div className="verdict-region" role="status">
        {silent ? (
          <NoEngineVerdict contact={engine} />
        ) : lost ? (
          <LostVerdict contact={contact} />
        ) : (
          <VerdictWords verdict={verdict} problems={problems} />
        )}
      </div>
      <SinceClock exposures={room.exposures} contact={silent ? { ...contact, state: 'lost' } : contact} now={now} />
      <Facts />
    </section>
  );
}
