import type { NightReport } from '#shared/domain/night-report.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { STATUS_WORDS } from '../../model/status.ts';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Panel } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** The last marks that a line has room for. */
const MARKS = 40;

function Cameras({ report }: { report: NightReport }) {
  const openEvidence = useOpenEvidence();
  return (
    <ul className="worst-cameras">
      {report.cameras.map((line) => (
        <li key={line.camera}>
          <button
            type="button"
            title={`Open ${line.camera} where it was worst`}
            onClick={() =>
              void openEvidence({
                screen: 'camera',
                runId: line.runId,
                camera: line.camera,
                ...(line.metricKey === null ? {} : { metricKey: line.metricKey }),
              })
            }
          >
            <StatusGlyph status={line.status} size={14} />
            <b>{line.camera}</b>
            <span>{line.words}</span>
            <i aria-hidden="true">
              {line.marks.slice(-MARKS).map((mark, i) => (
                <u key={i} className={mark ?? ''} title={mark === null ? undefined : STATUS_WORDS[mark]} />
              ))}
            </i>
            <em>
              {line.off} of {report.judged.length}
            </em>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Metrics({ report }: { report: NightReport }) {
  return (
    <table className="report-table">
      <caption>By metric</caption>
      <thead>
        <tr>
          <th>Metric</th>
          <th className="numeric">Alarms</th>
          <th className="numeric">Warnings</th>
          <th className="numeric">Cameras</th>
          <th className="numeric">Exposures</th>
        </tr>
      </thead>
      <tbody>
        {report.metrics.map((line) => (
          <tr key={line.metric}>
            <td>
              <span className="with-glyph">
                <StatusGlyph status={line.status} size={13} />
                {line.title}
              </span>
            </td>
            <td className="numeric">{line.alarms}</td>
            <td className="numeric">{line.warnings}</td>
            <td className="numeric">{line.cameras}</td>
            <td className="numeric">{line.exposures}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Alarms({ report }: { report: NightReport }) {
  return (
    <>
      <h3 className="report-sub">
        Alarms <small>{report.alarms.length === 0 ? 'none in this night' : report.alarms.length}</small>
      </h3>
      <ul className="report-alarms">
        {report.alarms.map((alarm) => (
          <li key={`${alarm.at} ${alarm.what}`} title={`${observatoryTime(alarm.at)} MST`}>
            <StatusGlyph status={alarm.severity} size={14} />
            <time>{utcTime(alarm.at).slice(0, 5)}</time>
            <b>{alarm.what}</b>
            <small>{alarm.state}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What was wrong in the night: cameras, metrics, alarms. */
export function WorstCameras({ report }: { report: NightReport }) {
  return (
    <Panel
      title="Worst cameras"
      note={`${String(report.judged.length)} judged exposures, in order`}
      className="report-worst"
    >
      <ScrollRegion role="region" label="Worst cameras, metrics and alarms" className="scrolling">
        {report.cameras.length === 0 ? (
          <p className="report-none">
            {report.judged.length === 0 ? 'Nothing was judged in this night.' : 'No camera was off normal.'}
          </p>
        ) : (
          <Cameras report={report} />
        )}
        {report.metrics.length > 0 && <Metrics report={report} />}
        <Alarms report={report} />
      </ScrollRegion>
    </Panel>
  );
}
