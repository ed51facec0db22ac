import { useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import { isEnded } from '#shared/domain/run.ts';
import { targetOf, type LogView } from '../../model/log-view.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { shownRun } from '../../store/control-room.ts';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useLatestAnswer } from '../trends/use-latest-answer.ts';
import { LogFilePanel } from './log-panel.tsx';
import { LogSources } from './log-sources.tsx';

const NOTHING = {};

/** The logs of the engine, of the DOS monitor, and of every camera of any run. */
export function LogsScreen() {
  const { view } = useApp();
  const logs = useView((state) => state.logs);
  const camera = useView((state) => state.camera);
  const onScreen = useRoom(shownRun);
  const live = useRoom((state) => state.room?.current ?? null);
  const [expid, setExpid] = useState<number | null>(null);
  const change = (next: Partial<LogView>): void => {
    view.setState((state) => ({ logs: { ...state.logs, ...next } }));
  };
  const files = useLatestAnswer('log.files', NOTHING);
  const runs = useLatestAnswer('log.runs', { expid, limit: 60, offset: 0 });
  const other = logs.runId !== null && logs.runId !== onScreen?.run.id ? logs.runId : null;
  const asked = useLatestAnswer('run.get', other === null ? null : { runId: other });
  const past = asked.value?.run.id === other ? asked.value : null;
  // The live copy of a run is newer than any that was asked for.
  const detail = other === null ? onScreen : live?.run.id === other ? live : past;
  const current = files.value?.find((file) => file.current)?.name;
  const target = targetOf(logs, current, detail?.run.id, camera);
  const job = detail?.jobs.find((own) => own.camera === camera);
  const growing =
    logs.source === 'camera' ? job !== undefined && !isEnded(job.state) : logs.file === null || logs.file === current;
  const title =
    logs.source === 'camera'
      ? `${camera}${detail ? `, exposure ${expid8(detail.run.expid)}, run ${detail.run.id}` : ''}`
      : { all: 'Engine and DOS monitor', engine: 'Engine', monitor: 'DOS monitor' }[logs.source];
  return (
    <div className="logs-screen">
      <h1 className="hidden">Logs</h1>
      <LogSources
        logs={logs}
        files={files.value ?? []}
        runs={runs.value?.runs ?? []}
        detail={detail}
        shownRunId={onScreen?.run.id}
        camera={camera}
        onChange={change}
        onCamera={(own) => {
          view.setState({ camera: own });
          change({ source: 'camera' });
        }}
        onExpid={(next) => {
          setExpid(next);
        }}
      />
      {target ? (
        <LogFilePanel
          title={title}
          target={target}
          floor={logs.floor}
          growing={growing}
          nothing={
            logs.source === 'camera'
              ? job === undefined || job.logFile === null
                ? `${camera} has not been started in this run${job && job.reason !== '' ? `: ${job.reason}` : ''}.`
                : 'Its first line appears here as soon as it is written.'
              : 'Its first line appears here as soon as it is written.'
          }
          onFloor={(floor) => {
            change({ floor });
          }}
        />
      ) : (
        <section className="panel log-file-panel" aria-label="Log">
          {(files.error !== '' || files.value !== null) && (
            <StateNote
              glyph={<StatusGlyph status={files.error === '' ? 'waiting' : 'failed'} size={16} named />}
              title={files.error === '' ? 'No log to show yet' : 'The logs could not be listed'}
            >
              {files.error === '' ? 'A camera has a log once the first exposure is processed.' : files.error}
            </StateNote>
          )}
        </section>
      )}
    </div>
  );
}
