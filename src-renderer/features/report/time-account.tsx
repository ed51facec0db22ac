import type { NightReport } from '#shared/domain/night-report.ts';
import { utcTime } from '../../model/format.ts';
import { formatHours } from '../../model/format-night.ts';
import { Panel } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

const PARTS = [
  ['open', 'Open shutter on the sky'],
  ['calibration', 'Calibrations'],
  ['overhead', 'Readout, slew, positioning'],
  ['lost', 'Lost, pauses over 5 min'],
] as const;

const short = (ms: number): string => utcTime(ms).slice(0, 5);

/** Where the time of the night went, and what was taken in it. */
export function TimeAccount({ report }: { report: NightReport }) {
  const { time, kinds } = report;
  const note =
    time.from === null || time.to === null
      ? 'no science exposure'
      : `${formatHours(time.span)} ${time.dark ? 'since 18\u00b0 twilight' : 'from first to last exposure'}, ${short(time.from)} to ${short(time.to)}`;
  const percent = (seconds: number): string =>
    time.span > 0 ? `${String(Math.round((100 * seconds) / time.span))}%` : '';
  return (
    <Panel title="Where the night went" note={note} className="report-time">
      <ScrollRegion role="region" label="Time and exposures by program" className="scrolling">
        <div className="night-bar" aria-hidden="true">
          {PARTS.map(([key]) => (
            <i key={key} className={key} style={{ flexGrow: time[key] }} />
          ))}
        </div>
        <ul className="time-parts">
          {PARTS.map(([key, words]) => (
            <li key={key}>
              <i className={key} />
              <span>{words}</span>
              <b>{formatHours(time[key])}</b>
              <small>{percent(time[key])}</small>
            </li>
          ))}
          {time.bad > 0 && (
            <li>
              <i className="bad" />
              <span>of it flagged bad by people</span>
              <b>{formatHours(time.bad)}</b>
              <small>{percent(time.bad)}</small>
            </li>
          )}
        </ul>
        <table className="report-table">
          <caption>By flavor and program</caption>
          <thead>
            <tr>
              <th>Program</th>
              <th className="numeric">Taken</th>
              <th className="numeric">Judged</th>
              <th className="numeric">Normal</th>
              <th className="numeric">Flagged</th>
              <th className="numeric">Time, s</th>
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => (
              <tr key={`${kind.flavor} ${kind.program ?? ''}`}>
                <td>
                  <b>{kind.program ?? kind.flavor}</b>
                  {kind.program !== null && <small> {kind.flavor}</small>}
                </td>
                <td className="numeric">{kind.taken}</td>
                <td className="numeric">{kind.judged}</td>
                <td className="numeric">{kind.judged > 0 ? kind.normal : '\u2013'}</td>
                <td className="numeric">{kind.flagged}</td>
                <td className="numeric">{Math.round(kind.exptime)}</td>
              </tr>
            ))}
            <tr className="sum">
              <td>All</td>
              <td className="numeric">{report.counts.exposures}</td>
              <td className="numeric">{report.counts.judged}</td>
              <td className="numeric">{report.counts.judged > 0 ? report.counts.normal : '\u2013'}</td>
              <td className="numeric">{report.flags.length}</td>
              <td className="numeric">{Math.round(kinds.reduce((sum, kind) => sum + kind.exptime, 0))}</td>
            </tr>
          </tbody>
        </table>
        <p className="report-states">
          {[
            [report.counts.superseded, 'superseded'],
            [report.counts.failed, 'failed or incomplete'],
            [report.counts.open, 'waiting or being processed'],
            [report.counts.registered, 'not for processing'],
          ]
            .filter(([n]) => Number(n) > 0)
            .map(([n, words]) => `${String(n)} ${String(words)}`)
            .join(', ')}
        </p>
      </ScrollRegion>
    </Panel>
  );
}
