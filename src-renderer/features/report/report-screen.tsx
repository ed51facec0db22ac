import { useState } from 'react';
import type { NightReport } from '#shared/domain/night-report.ts';
import { nightAfter, nightOf } from '#shared/domain/night.ts';
import { fixed } from '../../model/format.ts';
import { formatHours } from '../../model/format-night.ts';
import { nightDate } from '../../model/history-look.ts';
import { useApp, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { NightField } from '../../ui/night-field.tsx';
import { LateNote } from '../../ui/late-note.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import { useHistoryRevision } from '../history/use-history-rows.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { NightComments } from './night-comments.tsx';
import { NightTimeline } from './night-timeline.tsx';
import { TimeAccount } from './time-account.tsx';
import { WorstCameras } from './worst-cameras.tsx';
import './report.css';

const NONE = '\u2013';

function Key({ name, value, more }: { name: string; value: string; more: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} <small>{more}</small>
      </dd>
    </div>
  );
}

const percent = (part: number, whole: number): string =>
  whole > 0 ? `${String(Math.round((100 * part) / whole))}%` : '';

function Head({ report }: { report: NightReport }) {
  const { counts, time, seeing, airmass, sky } = report;
  const science = counts.science > 0 && time.from !== null;
  const conditions = [
    airmass ? `airmass ${fixed(airmass.low, 2)} to ${fixed(airmass.high, 2)}` : '',
    sky ? `sky r ${fixed(sky.median, 1)} mag` : '',
  ].filter((word) => word !== '');
  return (
    <section className="panel report-head" aria-label="Summary">
      <div className="report-verdict">
        <StatusGlyph status={report.status} size={40} />
        <div>
          <h1>{report.headline}</h1>
          <p>{report.sentence}</p>
        </div>
      </div>
      <dl>
        <Key name="Exposures" value={String(counts.exposures)} more={`${String(counts.science)} science`} />
        <Key
          name="Normal"
          value={counts.judged > 0 ? String(counts.normal) : NONE}
          more={`of ${String(counts.judged)} judged`}
        />
        <Key
          name="Open shutter"
          value={science ? formatHours(time.open) : NONE}
          more={science ? percent(time.open, time.span) : ''}
        />
        <Key
          name="Time lost"
          value={science ? formatHours(time.lost) : NONE}
          more={science ? percent(time.lost, time.span) : ''}
        />
        <Key
          name="Median seeing"
          value={seeing ? fixed(seeing.median, 2) : NONE}
          more={[seeing ? 'arcsec' : '', ...conditions]
            .filter((word) => word !== '')
            .slice(0, 1)
            .join(', ')}
        />
      </dl>
    </section>
  );
}

/** What the report is saved as; CSV has its exposures and lost times as a table. */
const FORMATS = [
  ['html', 'HTML'],
  ['pdf', 'PDF'],
  ['csv', 'CSV'],
] as const;

/** Which night, with the way to its neighbours, and the report as paper and file. */
function Tools({ night, newest, ready }: { night: string; newest: string; ready: boolean }) {
  const { bridge, view } = useApp();
  const [busy, setBusy] = useState('');
  const go = (next: string) => (): void => {
    view.setState({ night: next });
  };
  const save = async (format: 'html' | 'pdf' | 'csv'): Promise<void> => {
    setBusy(`Saving ${format.toUpperCase()}`);
    const answer = await bridge.call('report.save', { night, format });
    setBusy('');
    if (!answer.ok) view.setState({ notice: answer.error.message });
    else if (answer.value.file !== null) view.setState({ notice: '', told: `Saved as ${answer.value.file}` });
  };
  const print = async (): Promise<void> => {
    setBusy('Printing');
    const answer = await bridge.call('report.print', { night });
    setBusy('');
    if (!answer.ok) view.setState({ notice: answer.error.message });
  };
  useShortcuts({ '[': go(nightAfter(night, -1)), ']': go(nightAfter(night, 1)) });
  return (
    <div className="report-tools">
      <button
        type="button"
        className="icon-button"
        aria-label="Night before"
        title="Night before ( [ )"
        onClick={go(nightAfter(night, -1))}
      >
        <Icon name="left" size={18} />
      </button>
      <b>Night {night}</b>
      <span>evening of {nightDate(night)}</span>
      <button
        type="button"
        className="icon-button"
        aria-label="Night after"
        title="Night after ( ] )"
        onClick={go(nightAfter(night, 1))}
      >
        <Icon name="right" size={18} />
      </button>
      <NightField
        label="Night"
        value={night}
        onChange={(next) => {
          if (next !== undefined) view.setState({ night: next });
        }}
      />
      {night !== newest && (
        <Button small kind="ghost" onClick={go(newest)}>
          Newest night
        </Button>
      )}
      <span className="spring" role="status">
        {busy}
      </span>
      <Button
        small
        onClick={() => {
          view.setState(({ history }) => ({
            screen: 'history',
            history: { ...history, search: '', filter: { from: night, to: night } },
          }));
        }}
      >
        <Icon name="history" size={14} />
        Its exposures
      </Button>
      <Button small disabled={!ready || busy !== ''} onClick={() => void print()}>
        <Icon name="print" size={14} />
        Print
      </Button>
      {FORMATS.map(([format, text]) => (
        <Button key={format} small disabled={!ready || busy !== ''} onClick={() => void save(format)}>
          <Icon name="save" size={14} />
          {text}
        </Button>
      ))}
    </div>
  );
}

/** A night of the observatory on one page: what was taken, where the time went, what was wrong, what people said. */
export function ReportScreen() {
  const wanted = useView((state) => state.night);
  const [tonight] = useState(() => nightOf(Date.now()));
  const revision = useHistoryRevision();
  const choices = useAnswer('history.choices', {}, revision);
  const lastNight =
    choices.state === 'loading' ? null : choices.state === 'ready' ? (choices.value.lastNight ?? tonight) : tonight;
  const night = wanted ?? lastNight;
  const answer = useAnswer('report.night', night === null ? null : { night }, revision);
  const report = answer.state === 'ready' ? answer.value : null;
  return (
    <div className="report" aria-busy={report === null}>
      {night !== null && <Tools night={night} newest={lastNight ?? night} ready={report !== null} />}
      {report === null && answer.state === 'loading' && <LateNote title="Adding up the night" />}
      {answer.state === 'error' && (
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="No report of this night">
          {answer.message}
        </StateNote>
      )}
      {report && (
        <>
          <Head report={report} />
          <NightTimeline report={report} />
          <TimeAccount report={report} />
          <WorstCameras report={report} />
          <NightComments key={report.night} report={report} />
        </>
      )}
    </div>
  );
}
