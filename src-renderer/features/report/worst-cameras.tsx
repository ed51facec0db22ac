import { CAUSE_GROUP_WORDS, type CameraLine, type CauseLine, type NightReport } from '#shared/domain/night-report.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { STATUS_WORDS } from '../../model/status.ts';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';

/** The last marks that a line has room for. */
const MARKS = 40;

type Item =
  | { kind: 'none'; words: string }
  | { kind: 'shared'; line: CauseLine }
  | { kind: 'camera'; line: CameraLine }
  | { kind: 'metrics' }
  | { kind: 'alarms'; count: number }
  | { kind: 'alarm'; alarm: NightReport['alarms'][number] };

function itemsOf({ shared, cameras, metrics, judged, alarms }: NightReport): Item[] {
  const none =
    judged.length === 0
      ? 'Nothing was judged in this night. What became of its exposures is in the history.'
      : 'No camera was off normal.';
  return [
    ...(shared.length + cameras.length === 0 ? [{ kind: 'none' as const, words: none }] : []),
    ...shared.map((line): Item => ({ kind: 'shared', line })),
    ...cameras.map((line): Item => ({ kind: 'camera', line })),
    ...(metrics.length > 0 ? [{ kind: 'metrics' as const }] : []),
    { kind: 'alarms', count: alarms.length },
    ...alarms.map((alarm): Item => ({ kind: 'alarm', alarm })),
  ];
}

function keyOf(item: Item): string {
  if (item.kind === 'shared') return `shared ${item.line.words}`;
  if (item.kind === 'camera') return item.line.camera;
  return item.kind === 'alarm' ? `${item.alarm.at} ${item.alarm.what}` : item.kind;
}

function CauseWords({ words, value, group }: CauseLine) {
  return (
    <span title={[words, value].filter((word) => word !== '').join(', ')}>
      {words}
      {value !== '' && <b> {value}</b>} <small>{CAUSE_GROUP_WORDS[group]}</small>
    </span>
  );
}

function useOpenCause(): ({ runId, camera, metricKey }: CauseLine) => void {
  const openEvidence = useOpenEvidence();
  return ({ runId, camera, metricKey }) =>
    void openEvidence({ screen: 'camera', runId, camera, ...(metricKey === null ? {} : { metricKey }) });
}

function Shared({ line, of }: { line: CauseLine; of: number }) {
  const open = useOpenCause();
  return (
    <button
      type="button"
      className="worst-shared"
      title={`Open ${line.camera}, where it was worst`}
      onClick={() => {
        open(line);
      }}
    >
      <StatusGlyph status={line.status} size={14} />
      <CauseWords {...line} />
      <em>
        {line.off} of {of}
      </em>
    </button>
  );
}

/** A camera: what it had by itself, the worst first, and in which exposures. */
function Camera({ line, of }: { line: CameraLine; of: number }) {
  const open = useOpenCause();
  const [worst] = line.causes;
  return (
    <button
      type="button"
      className="worst-camera"
      data-camera={line.camera}
      title={`Open ${line.camera}, where it was worst`}
      onClick={() => {
        if (worst) open(worst);
      }}
    >
      <StatusGlyph status={line.status} size={14} />
      <b>{line.camera}</b>
      <span className="worst-causes">
        {line.causes.map((cause) => (
          <CauseWords key={cause.words} {...cause} />
        ))}
      </span>
      <i aria-hidden="true">
        {line.marks.slice(-MARKS).map((mark, i) => (
          <u key={i} className={mark ?? ''} title={mark === null ? undefined : STATUS_WORDS[mark]} />
        ))}
      </i>
      <em>
        {line.off} of {of}
      </em>
    </button>
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

function Row({ item, report }: { item: Item; report: NightReport }) {
  const of = report.judged.length;
  switch (item.kind) {
    case 'none':
      return <p className="report-none">{item.words}</p>;
    case 'shared':
      return <Shared line={item.line} of={of} />;
    case 'camera':
      return <Camera line={item.line} of={of} />;
    case 'metrics':
      return <Metrics report={report} />;
    case 'alarms':
      return (
        <h3 className="report-sub">
          Alarms <small>{item.count === 0 ? 'none in this night' : item.count}</small>
        </h3>
      );
    case 'alarm':
      return (
        <div className="report-alarm" title={`${observatoryTime(item.alarm.at)} MST`}>
          <StatusGlyph status={item.alarm.severity} size={14} />
          <time>{utcTime(item.alarm.at).slice(0, 5)}</time>
          <b title={item.alarm.what}>{item.alarm.what}</b>
          <small>{item.alarm.state}</small>
        </div>
      );
  }
}

/** What was wrong in the night: what many cameras shared, cameras with what was their own, metrics, alarms. */
export function WorstCameras({ report }: { report: NightReport }) {
  const items = itemsOf(report);
  return (
    <Panel
      title="Worst cameras"
      note={`${String(report.judged.length)} judged exposures, in order`}
      className="report-worst"
    >
      <VirtualList
        label="Worst cameras, metrics and alarms"
        className="scrolling"
        items={items}
        keyOf={keyOf}
        estimate={({ kind }) => (kind === 'metrics' ? 60 + 28 * report.metrics.length : kind === 'alarms' ? 40 : 30)}
      >
        {(item) => <Row item={item} report={report} />}
      </VirtualList>
    </Panel>
  );
}
