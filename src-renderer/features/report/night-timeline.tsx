import { isScienceFlavor, expid8 } from '#shared/domain/exposure.ts';
import { reasonOf, reasonWords } from '#shared/domain/lost-time.ts';
import type { NightExposure, NightGap, NightReport } from '#shared/domain/night-report.ts';
import { timelineSpan, timelineTicks } from '#shared/domain/timeline.ts';
import { formatDuration, utcTime } from '../../model/format.ts';
import { outcomeWord } from '../../model/history-columns.ts';
import { useNow } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

const short = (ms: number): string => utcTime(ms).slice(0, 5);
const OFF: ReadonlySet<string> = new Set(['alarm', 'failed', 'missing', 'cancelled', 'warning']);

/** dark, bright, gray and so on as heights; lamps and biases are low. */
function kindOf({ flavor, program }: NightExposure): string {
  if (!isScienceFlavor(flavor)) return 'calibration';
  return program === 'dark' || program === 'gray' || program === 'bright' ? program : 'science';
}

function titleOf(one: NightExposure): string {
  const time = one.from === null ? '' : `${utcTime(one.from)} UTC`;
  const flag = one.flag === null ? '' : `flagged ${one.flag}`;
  const words = [expid8(one.expid), time, one.program ?? one.flavor, outcomeWord(one.status), one.finding, flag];
  return words.filter((word) => word !== '').join(', ');
}

function lostWords({ from, to, reasons }: NightGap): string {
  const reason = reasonOf(reasons);
  const why = reason ? `${reasonWords(reason)} (${reason.author})` : 'no reason given';
  return `${short(from)} to ${short(to)} UTC, ${formatDuration(to - from)} without an exposure: ${why}`;
}

/** A line of a number along the night, broken where exposures are far apart. */
function Line({ points, height }: { points: readonly { x: number; y: number }[]; height: number }) {
  const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(2)} ${(height - y * height).toFixed(2)}`);
  return (
    <svg className="timeline-line" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path.join('')} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function Seeing({ report, x }: { report: NightReport; x: (ms: number) => number }) {
  const { seeing } = report;
  if (!seeing) return <div className="timeline-seeing" />;
  const [low, high] = [Math.min(0.5, seeing.low), Math.max(2, seeing.high)];
  const points = report.exposures.flatMap(({ from, to, seeing: value }) =>
    from === null || to === null || value === null ? [] : [{ x: x((from + to) / 2), y: (value - low) / (high - low) }],
  );
  return (
    <div className="timeline-seeing" aria-label={`Seeing, median ${seeing.median.toFixed(2)} arcsec`} role="img">
      <span>Seeing {seeing.median.toFixed(2)} arcsec</span>
      {points.length > 1 && <Line points={points} height={34} />}
    </div>
  );
}

/** The night from exposure to exposure, with what lies between them. */
export function NightTimeline({ report }: { report: NightReport }) {
  const openEvidence = useOpenEvidence();
  const now = useNow(report.underWay ? 10_000 : false);
  const span = timelineSpan(report);
  if (!span) {
    return (
      <Panel title="Timeline" className="report-timeline">
        <p className="report-none">
          {report.exposures.length === 0
            ? 'The DOS told of no exposure in this night. Other nights are a step to either side, or in the history.'
            : 'No exposure of this night has a known begin: the DOS gave no times. The history lists what there is.'}
        </p>
      </Panel>
    );
  }
  const x = (ms: number): number => (100 * (ms - span.from)) / (span.to - span.from);
  const at = (from: number, to: number) => ({ left: `${x(from)}%`, width: `${Math.max(0.15, x(to) - x(from))}%` });
  const inside = (ms: number): boolean => ms > span.from && ms < span.to;
  return (
    <Panel
      title="Timeline"
      note="UTC, local is 7 hours earlier"
      className="report-timeline"
      tools={
        <ul className="timeline-legend" aria-label="Legend">
          {['dark', 'bright', 'calibration', 'superseded', 'lost'].map((kind) => (
            <li key={kind}>
              <i className={`bar ${kind}`} /> {kind === 'lost' ? 'time lost' : kind}
            </li>
          ))}
        </ul>
      }
    >
      <div className="timeline">
        {inside(report.dusk) && (
          <span className="timeline-twilight" style={{ left: `${x(report.dusk)}%` }}>
            <i>{'18\u00b0 twilight'}</i>
          </span>
        )}
        {inside(report.dawn) && (
          <span className="timeline-twilight end" style={{ left: `${x(report.dawn)}%` }}>
            <i>{'18\u00b0 twilight'}</i>
          </span>
        )}
        <div className="timeline-bars">
          {report.gaps.map((gap) => (
            <span key={gap.from} className="bar lost" style={at(gap.from, gap.to)} title={lostWords(gap)}>
              {x(gap.to) - x(gap.from) > 6 && <i>{formatDuration(gap.to - gap.from)}</i>}
            </span>
          ))}
          {report.exposures.map((one) =>
            one.from === null || one.to === null ? null : (
              <button
                type="button"
                key={one.expid}
                className={`bar ${kindOf(one)} ${one.status}`}
                style={at(one.from, one.to)}
                title={titleOf(one)}
                aria-label={titleOf(one)}
                disabled={one.runId === null}
                data-expid={one.expid}
                onClick={() => {
                  if (one.runId !== null) void openEvidence({ screen: 'monitor', runId: one.runId });
                }}
              >
                {OFF.has(one.status) && <StatusGlyph status={one.status} size={13} named />}
                {one.flag === 'bad' && <Icon name="flag" size={11} />}
              </button>
            ),
          )}
        </div>
        <div className="timeline-ticks" aria-hidden="true">
          {timelineTicks(span).map((tick) => (
            <span key={tick} style={{ left: `${x(tick)}%` }}>
              {short(tick)}
            </span>
          ))}
        </div>
        <Seeing report={report} x={x} />
        {report.underWay && inside(now) && (
          <span className="timeline-now" style={{ left: `${x(now)}%` }}>
            <b>now</b>
          </span>
        )}
      </div>
    </Panel>
  );
}
