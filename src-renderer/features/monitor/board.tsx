import { CAMERAS } from '#shared/domain/camera.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { CameraGrid } from './camera-grid.tsx';
import { Wedges } from './wedges.tsx';

const COUNTED: readonly Status[] = [
  'alarm',
  'warning',
  'failed',
  'missing',
  'cancelled',
  'unknown',
  'running',
  'waiting',
  'normal',
  'not-expected',
];

function StatusCounts() {
  const counts = useRoom((state) =>
    COUNTED.map((status) => CAMERAS.filter((camera) => state.cameras[camera].status === status).length).join(' '),
  ).split(' ');
  return (
    <ul className="counts" aria-label="Cameras by status">
      {COUNTED.map((status, i) => {
        const number = counts[i] ?? '0';
        if (number === '0') return null;
        return (
          <li key={status}>
            <StatusGlyph status={status} size={12} named />
            <b>{number}</b> {STATUS_WORDS[status]}
          </li>
        );
      })}
    </ul>
  );
}

/** The cameras: as a grid or as petals, with the count of each status. */
export function Board() {
  const { view } = useApp();
  const board = useView((state) => state.board);
  return (
    <section className="panel board" aria-label="Cameras">
      <div className="panel-head">
        <StatusCounts />
        <span className="spring" />
        <Segmented
          label="View of the cameras"
          value={board}
          options={[
            {
              value: 'grid',
              text: (
                <>
                  <Icon name="monitor" size={14} />
                  Grid
                </>
              ),
            },
            {
              value: 'wedge',
              text: (
                <>
                  <Icon name="wedge" size={14} />
                  Wedge
                </>
              ),
            },
          ]}
          onChange={(next) => {
            view.setState({ board: next });
          }}
        />
      </div>
      {board === 'grid' ? <CameraGrid /> : <Wedges />}
      {board === 'grid' ? (
        <p className="board-key">
          <span>
            <b>CCD</b> worst read noise, e{'\u207b'}
          </span>
          <span>
            <b>FIB</b> good fibers
          </span>
          <span>
            <b>SPEC</b> worst S/N at mag 22
          </span>
          <span className="optional">a row off normal names the metric that is</span>
        </p>
      ) : (
        <p className="board-key">
          <span>
            Rings from the centre: <b>b, r, z</b>
          </span>
          <span>Numbers: spectrograph, as the petals lie on the focal plane</span>
        </p>
      )}
    </section>
  );
}
