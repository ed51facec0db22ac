import { ARMS, armOf } from '#shared/domain/camera.ts';
import { cameraOfFiber, type Fibermap } from '#shared/domain/fiber.ts';
import { fiberMetric, type FiberMetric, type FiberMetricName } from '#shared/qa/fiber-metrics.ts';
import { sparkOf } from '../../model/gauge.ts';
import { fixed, unitText } from '../../model/format.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Sparkline } from '../camera/bullet-gauge.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import { classOf, magnitudeText, placeOf, quantityText } from './fiber-words.ts';
import { FiberField } from './fiber-field.tsx';

/** Exposures in the history of a fiber. */
const HISTORY = 20;

/** Quantities in the table of arms, when they were measured. */
const LISTED: readonly FiberMetricName[] = [
  'good',
  'counts',
  'snr',
  'snr-residual',
  'delta-mag',
  'magnitude',
  'x-width',
  'w-width',
  'peak-counts',
  'sky-continuum',
  'sky-r',
  'flat-mean',
  'flat-rms',
  'good-psf',
];

/** A value without its unit; nothing where there is none. */
function shortText(definition: FiberMetric, value: number): string {
  return Number.isNaN(value) ? '\u2013' : quantityText({ ...definition, unit: '' }, value);
}

function ArmTable({ runId, fiber, metric }: { runId: number; fiber: number; metric: FiberMetricName }) {
  const posted = useRoom((state) =>
    ARMS.map((arm) => state.cameras[cameraOfFiber(arm, fiber)].measurements.length).join(' '),
  );
  const answer = useAnswer('fibers.one', { runId, fiber }, posted);
  const { view } = useApp();
  const values = answer.state === 'ready' ? answer.value.values : [];
  const of = (name: FiberMetricName, arm: string): number =>
    values.find((item) => item.metric === name && item.arm === arm)?.value ?? NaN;
  const rows = LISTED.filter((name) => values.some((item) => item.metric === name));
  return (
    <table className="arm-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">Quantity</span>
          </th>
          {ARMS.map((arm) => (
            <th key={arm} scope="col">
              <button
                type="button"
                title={`Camera ${cameraOfFiber(arm, fiber)}`}
                onClick={() => {
                  view.setState({ screen: 'camera', camera: cameraOfFiber(arm, fiber) });
                }}
              >
                {cameraOfFiber(arm, fiber)}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((name) => {
          const definition = fiberMetric(name);
          return (
            <tr key={name} className={name === metric ? 'on' : ''} data-quantity={name}>
              <th scope="row" title={definition.description}>
                {definition.title} <small>{unitText(definition.unit)}</small>
              </th>
              {ARMS.map((arm) => (
                <td key={arm}>{shortText(definition, of(name, arm))}</td>
              ))}
            </tr>
          );
        })}
        {rows.length === 0 && answer.state !== 'loading' && (
          <tr>
            <th scope="row" colSpan={4}>
              {answer.state === 'error' ? answer.message : 'Nothing was measured of this fiber.'}
            </th>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function History({ runId, fiber, metric }: { runId: number; fiber: number; metric: FiberMetricName }) {
  const choice = useView((view) => view.fibers.arm);
  const arm = choice === 'worst' ? 'r' : choice;
  const answer = useAnswer('fibers.history', { runId, fiber, arm, metric, limit: HISTORY }, '');
  const past = answer.state === 'ready' ? answer.value : [];
  const known = past.filter(({ value }) => value !== null);
  const spark =
    known.length > 1
      ? sparkOf(
          past.map(({ value }) => value),
          null,
        )
      : null;
  const last = past[past.length - 1]?.value ?? null;
  const definition = fiberMetric(metric);
  return (
    <div className="fiber-history">
      <span>
        {definition.title} {arm}, {known.length} of {past.length} recent exposures
      </span>
      <b>{last === null ? '' : quantityText(definition, last)}</b>
      {spark ? <Sparkline spark={spark} status="normal" /> : <span className="spark" />}
    </div>
  );
}

function facts(map: Fibermap | null, fiber: number): (readonly [string, string])[] {
  const number = (values: ArrayLike<number> | undefined, digits: number): string => {
    const value = values?.[fiber] ?? NaN;
    return Number.isFinite(value) ? fixed(value, digits) : 'unknown';
  };
  if (!map) return [['Petal, position', placeOf(fiber)]];
  const status = map.status[fiber] ?? 0;
  return [
    ['Target', [classOf(map, fiber), map.targets[fiber] ?? ''].filter((word) => word !== '').join(' ')],
    ['Petal, position', placeOf(fiber)],
    ['Focal plane x, y', map.placed ? `${number(map.x, 1)}, ${number(map.y, 1)} mm` : 'not placed'],
    ['RA, Dec', `${number(map.ra, 4)}, ${number(map.dec, 4)}\u00b0`],
    ['mag g, r, z', ARMS.map((arm) => magnitudeText(map, arm, fiber)).join(', ')],
    ['Fiber status', status === 0 ? 'good' : `${status}`],
  ];
}

/** All that is known of one fiber, and the way to its spectrum and cameras. */
export function FiberDetail({
  runId,
  map,
  fiber,
  metric,
}: {
  runId: number;
  map: Fibermap | null;
  fiber: number;
  metric: FiberMetricName;
}) {
  const { view } = useApp();
  const arm = useView((state) => armOf(state.camera));
  return (
    <section className="panel fiber-detail" aria-label={`Fiber ${fiber}`}>
      <FiberField map={map} fiber={fiber} />
      <dl>
        {facts(map, fiber).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      <ArmTable runId={runId} fiber={fiber} metric={metric} />
      <History runId={runId} fiber={fiber} metric={metric} />
      <div className="ways">
        <Button
          small
          keys="S"
          onClick={() => {
            view.setState({ screen: 'spectra' });
          }}
        >
          Spectrum
        </Button>
        <Button
          small
          keys="D"
          onClick={() => {
            view.setState({ screen: 'ccd', fiber, camera: cameraOfFiber(arm, fiber) });
          }}
        >
          CCD
        </Button>
        <Button
          small
          keys="C"
          onClick={() => {
            view.setState({ screen: 'camera', camera: cameraOfFiber(arm, fiber) });
          }}
        >
          Camera
        </Button>
      </div>
    </section>
  );
}
