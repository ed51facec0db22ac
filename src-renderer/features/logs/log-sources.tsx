import { useState } from 'react';
import { ARMS, CAMERAS, SPECTROGRAPHS, armOf, type CameraName } from '#shared/domain/camera.ts';
import type { EngineLogFile } from '#shared/domain/log.ts';
import type { RunDetail } from '#shared/state/control-room.ts';
import type { Run } from '#shared/domain/run.ts';
import { fileWords, QLF_LOGS, runWords, type LogView } from '../../model/log-view.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

const QLF_WORDS = { all: 'Engine and DOS monitor', engine: 'Engine', monitor: 'DOS monitor' } as const;

const JOB_STATUS = { done: 'normal' } as const;

/** How a camera's job stands, in the grammar's shapes. */
function jobStatus(detail: RunDetail | null, camera: CameraName): Status {
  const state = detail?.jobs.find((job) => job.camera === camera)?.state;
  if (state === undefined) return 'not-expected';
  return state === 'done' ? JOB_STATUS.done : state;
}

function ExpidField({ onChange }: { onChange: (expid: number | null) => void }) {
  const [text, setText] = useState('');
  return (
    <label className="choice">
      <span>Exposure</span>
      <input
        type="text"
        inputMode="numeric"
        placeholder="number, empty for the newest"
        value={text}
        onChange={(event) => {
          const digits = event.target.value.replace(/\D/g, '').slice(0, 8);
          setText(digits);
          onChange(digits === '' ? null : Number(digits));
        }}
      />
    </label>
  );
}

/** What there is to read: QLF's own logs by night, and the cameras of any run. */
export function LogSources({
  logs,
  files,
  runs,
  detail,
  shownRunId,
  camera,
  onChange,
  onCamera,
  onExpid,
}: {
  logs: LogView;
  files: readonly EngineLogFile[];
  runs: readonly Run[];
  /** The run whose cameras are listed; null: none yet. */
  detail: RunDetail | null;
  shownRunId: number | undefined;
  camera: CameraName;
  onChange: (change: Partial<LogView>) => void;
  onCamera: (camera: CameraName) => void;
  onExpid: (expid: number | null) => void;
}) {
  const listed = detail && !runs.some(({ id }) => id === detail.run.id) ? [detail.run, ...runs] : runs;
  return (
    <section className="panel log-sources" aria-label="Logs">
      <h2>QLF</h2>
      <ul className="log-choices">
        {QLF_LOGS.map((source) => (
          <li key={source}>
            <button
              type="button"
              aria-pressed={logs.source === source}
              onClick={() => {
                onChange({ source });
              }}
            >
              {QLF_WORDS[source]}
            </button>
          </li>
        ))}
      </ul>
      <label className="choice">
        <span>Night of QLF{'\u2019'}s log</span>
        <select
          value={logs.file ?? ''}
          onChange={(event) => {
            const { value } = event.target;
            onChange({ file: value === '' ? null : value, ...(logs.source === 'camera' ? { source: 'all' } : {}) });
          }}
        >
          <option value="">tonight</option>
          {files.map((file) => (
            <option key={file.name} value={file.name}>
              {fileWords(file)}
            </option>
          ))}
        </select>
      </label>
      <h2>Cameras</h2>
      <ExpidField onChange={onExpid} />
      <label className="choice">
        <span>Run</span>
        <select
          value={logs.runId ?? ''}
          onChange={(event) => {
            const { value } = event.target;
            onChange({ runId: value === '' ? null : Number(value), source: 'camera' });
          }}
        >
          <option value="">{shownRunId === undefined ? 'none yet' : 'the one on screen'}</option>
          {listed.map((run) => (
            <option key={run.id} value={run.id}>
              {runWords(run)}
            </option>
          ))}
        </select>
      </label>
      <div className="log-cameras" role="group" aria-label="Logs of the cameras">
        <span />
        {SPECTROGRAPHS.map((spectrograph) => (
          <span key={spectrograph} aria-hidden="true">
            {spectrograph}
          </span>
        ))}
        {ARMS.flatMap((arm) => [
          <span key={arm} aria-hidden="true">
            {arm}
          </span>,
          ...CAMERAS.filter((own) => armOf(own) === arm).map((own) => {
            const status = jobStatus(detail, own);
            return (
              <button
                type="button"
                key={own}
                aria-label={`Log of ${own}, ${STATUS_WORDS[status]}`}
                aria-pressed={logs.source === 'camera' && own === camera}
                disabled={detail === null}
                onClick={() => {
                  onCamera(own);
                }}
              >
                <StatusGlyph status={status} size={12} named />
              </button>
            );
          }),
        ])}
      </div>
      <p className="log-key">A shape is the state of the job, not of its data.</p>
    </section>
  );
}
