import { METRIC_GROUPS, type MetricGroup } from '#shared/qa/catalogue.ts';
import { HUB_NUMBERS, RING_NAMES, WEDGES, petalSummary, wedgeStatus, type Wedge } from '../../model/wedge.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { useRoom } from '../../store/context.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useOpenCamera } from './use-verdict.ts';

const TITLES: Readonly<Record<MetricGroup, readonly [string, string]>> = {
  ccd: ['CCDs', 'noise, bias, lit fraction, PSF width'],
  fibers: ['Fibers', 'good fibers, trace shifts'],
  spectra: ['Spectra', 'sky, magnitudes, S/N'],
};

/** Wedges with these shapes carry no name: nothing to do there. */
const NAMELESS: ReadonlySet<Status> = new Set(['normal', 'waiting', 'running', 'not-expected']);

function WedgeMark({ wedge, status }: { wedge: Wedge; status: Status }) {
  const named = !NAMELESS.has(status);
  const size = named ? 8.4 : 5;
  return (
    <>
      <svg x={wedge.x - size / 2} y={wedge.y - (named ? 8.2 : size / 2)} width={size} height={size} aria-hidden="true">
        <StatusGlyph status={status} size={size} named />
      </svg>
      {named && (
        <text x={wedge.x} y={wedge.y + 8} textAnchor="middle">
          {wedge.camera}
        </text>
      )}
    </>
  );
}

function Petals({ group }: { group: MetricGroup }) {
  const cameras = useRoom((state) => state.cameras);
  const openCamera = useOpenCamera();
  const [title, note] = TITLES[group];
  const summary = petalSummary(cameras, group);
  return (
    <figure className="petals">
      <figcaption>
        <h2>
          <StatusGlyph status={summary.status} size={18} />
          {title}
        </h2>
        <p>{note}</p>
      </figcaption>
      <svg viewBox="-98.5 -98.5 197 197" role="group" aria-label={`${title} by camera`}>
        {WEDGES.map((wedge) => {
          const status = wedgeStatus(cameras[wedge.camera], group);
          const open = (): void => {
            openCamera(wedge.camera);
          };
          return (
            <g
              key={wedge.camera}
              role="button"
              tabIndex={NAMELESS.has(status) ? -1 : 0}
              aria-label={`${wedge.camera} ${STATUS_WORDS[status]}`}
              className={`wedge ${status}`}
              data-camera={wedge.camera}
              onClick={open}
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === ' ') {
                  event.preventDefault();
                  open();
                }
              }}
            >
              <path d={wedge.path} />
              <WedgeMark wedge={wedge} status={status} />
            </g>
          );
        })}
        {RING_NAMES.map(({ arm, x, y }) => (
          <g key={arm} className="ring-name" aria-hidden="true">
            <circle cx={x} cy={y} r="5" />
            <text x={x} y={y + 2.7} textAnchor="middle">
              {arm}
            </text>
          </g>
        ))}
        {HUB_NUMBERS.map(({ spectrograph, x, y }) => (
          <text key={spectrograph} className="hub" x={x} y={y + 3.5} textAnchor="middle" aria-hidden="true">
            {spectrograph}
          </text>
        ))}
      </svg>
      <p className="petal-summary">
        {summary.camera && <b className={summary.status}>{summary.camera}</b>} {summary.words}
      </p>
    </figure>
  );
}

/** The original's petal plots, one for each thing that is tested: a bad spectrograph is a spoke, a bad arm a ring. */
export function Wedges() {
  return (
    <div className="wedges">
      {METRIC_GROUPS.map((group) => (
        <Petals key={group} group={group} />
      ))}
    </div>
  );
}
