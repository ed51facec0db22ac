import { useEffect, useMemo } from 'react';
import { CAMERAS } from '#shared/domain/camera.ts';
import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import { cameraModels } from '../../model/camera-model.ts';
import { queueRows, type QueueRow } from '../../model/queue.ts';
import { STATUS_WORDS, rollUp } from '../../model/status.ts';
import { useApp, useCommand, useRoom } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

const NO_EXPOSURES: readonly Exposure[] = [];
/** Rows whose outcome is asked for; older ones are out of sight until the list is scrolled. */
const OUTCOMES = 12;

function Row({ row, shown }: { row: QueueRow; shown: boolean }) {
  const { room, view } = useApp();
  const command = useCommand();
  const { exposure, status, what, note, runId } = row;
  const name = expid8(exposure.expid);
  const show = (): void => {
    if (runId !== null)
      void room.showRun(runId).then((notice) => {
        view.setState({ notice, ...(notice === '' ? { screen: 'monitor' } : {}) });
      });
  };
  const again = exposure.state === 'processed' || exposure.state === 'failed';
  return (
    <li className={`queue-row ${exposure.state}${shown ? ' shown' : ''}`} title={exposure.reason || undefined}>
      <StatusGlyph status={status} size={14} />
      {runId === null ? (
        <b>{name}</b>
      ) : (
        <button
          type="button"
          className="link"
          onClick={show}
          aria-label={`Show exposure ${name}, ${STATUS_WORDS[status]}`}
        >
          {name}
        </button>
      )}
      <span className="what">{what}</span>
      <span className="note">{note}</span>
      {row.processable && (
        <button
          type="button"
          className="button small row-action"
          aria-label={`${again ? 'Process again' : 'Process'} ${name}`}
          onClick={() => void command((bridge) => bridge.call('exposure.process', { expid: exposure.expid }))}
        >
          {again ? 'Again' : 'Process'}
        </button>
      )}
    </li>
  );
}

/** The newest exposures, whatever became of them: under way, waiting, passed over, done. */
export function Queue() {
  const { room } = useApp();
  const exposures = useRoom((state) => state.room?.exposures ?? NO_EXPOSURES);
  const live = useRoom((state) => state.room?.current ?? null);
  // While an earlier run is on screen, the store's cameras are of that one.
  const shownCameras = useRoom((state) => (state.past ? null : state.cameras));
  const liveStatus = useMemo(() => {
    const cameras = shownCameras ?? cameraModels(live, null);
    return rollUp(CAMERAS.map((camera) => cameras[camera].status)) ?? 'unknown';
  }, [live, shownCameras]);
  const outcomes = useRoom((state) => state.outcomes);
  const shownRunId = useRoom((state) => shownRun(state)?.run.id);
  const wanted = exposures
    .slice(0, OUTCOMES)
    .flatMap(({ state, lastRunId }) => (state === 'processed' && lastRunId !== null ? [lastRunId] : []))
    .join(' ');
  useEffect(() => {
    for (const id of wanted.split(' ')) if (id !== '') void room.wantOutcome(Number(id));
  }, [room, wanted]);
  return (
    <Panel title="Exposures" note="newest first" className="queue">
      {exposures.length > 0 ? (
        <ul className="scrolling">
          {queueRows(exposures, live?.run ?? null, liveStatus, outcomes).map((row) => (
            <Row key={row.exposure.expid} row={row} shown={row.runId !== null && row.runId === shownRunId} />
          ))}
        </ul>
      ) : (
        <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="No exposure yet">
          Each one appears here as soon as the telescope has it.
        </StateNote>
      )}
    </Panel>
  );
}
