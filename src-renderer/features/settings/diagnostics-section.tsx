import { useEffect, useState } from 'react';
import type { DiagnosticsState } from '#shared/domain/diagnostics.ts';
import { shareDone, stepWords } from '../../model/diagnostics.ts';
import { formatBytes } from '../../model/format.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** ms between questions while a bundle is made */
const ASK_MS = 250;

type Asked = 'diagnostics.state' | 'diagnostics.save' | 'diagnostics.cancel';

/** The bundle's state, asked for again and again while one is made. */
function useDiagnostics(): { state: DiagnosticsState | null; ask: (channel: Asked) => void } {
  const { bridge, view } = useApp();
  const [state, setState] = useState<DiagnosticsState | null>(null);
  const ask = (channel: Asked): void => {
    void bridge.call(channel, {}).then((answer) => {
      if (answer.ok) setState(answer.value);
      else view.setState({ notice: answer.error.message });
    });
  };
  const running = state?.state === 'running';
  useEffect(() => {
    let current = true;
    const look = (): void => {
      void bridge.call('diagnostics.state', {}).then((answer) => {
        if (current && answer.ok) setState(answer.value);
      });
    };
    look();
    const timer = running ? setInterval(look, ASK_MS) : undefined;
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [bridge, running]);
  return { state, ask };
}

/** What came of the last bundle. */
function Outcome({ state }: { state: DiagnosticsState }) {
  const { bridge, view } = useApp();
  if (state.state === 'failed')
    return (
      <p className="explain" role="alert">
        <StatusGlyph status="failed" size={13} named /> {state.error} Free some space, or make it from a terminal on
        another disk: <code>npm start -- --headless --diagnostics FILE</code>
      </p>
    );
  if (state.state === 'cancelled') return <p className="explain">Cancelled; nothing was left.</p>;
  if (state.state !== 'done') return null;
  const show = (): void => {
    void bridge.call('diagnostics.show', {}).then((answer) => {
      if (!answer.ok) view.setState({ notice: answer.error.message });
    });
  };
  return (
    <div className="take-over">
      <p className="explain">
        <StatusGlyph status="normal" size={13} named /> Saved, {formatBytes(state.bytes)}: <code>{state.file}</code>
      </p>
      <Button onClick={show}>Show in folder</Button>
    </div>
  );
}

/** One click: all that somebody needs who helps from elsewhere. */
export function DiagnosticsSection() {
  const { state, ask } = useDiagnostics();
  const ingest = useRoom((room) => room.room?.engine.ingestUrl ?? '');
  const running = state?.state === 'running';
  const endpoint = ingest.replace(/\/dashboard\/api\/$/, '');
  return (
    <>
      <Panel title="Diagnostics" note="one archive for whoever helps you">
        <p className="explain">
          Versions, settings, the newest logs, a check of the database with its schema and counts, disk, QLF{'\u2019'}s
          processes, alarms and metrics. No measurement or image is in it; passwords, keys, tokens and names of hosts
          are taken out. Look into it before you send it.
        </p>
        <div className="take-over" aria-live="polite">
          {state && running ? (
            <>
              <label className="diagnostics-progress">
                <span>{stepWords(state)}</span>
                <progress value={shareDone(state)} max={1} />
              </label>
              <Button
                onClick={() => {
                  ask('diagnostics.cancel');
                }}
              >
                Cancel
              </Button>
            </>
          ) : (
            <>
              <p className="explain">It is saved in the data folder, where the newest five are kept.</p>
              <Button
                kind="primary"
                disabled={state === null}
                onClick={() => {
                  ask('diagnostics.save');
                }}
              >
                Save diagnostics
              </Button>
            </>
          )}
        </div>
        {state && <Outcome state={state} />}
      </Panel>
      <Panel title="Watching over QLF" note="for monitoring programs of this computer">
        <dl className="facts">
          <dt>Health</dt>
          <dd>
            <code>{endpoint}/health</code> 200 where a new exposure would be processed now, else 503 with the reasons
          </dd>
          <dt>Metrics</dt>
          <dd>
            <code>{endpoint}/metrics</code> for Prometheus
          </dd>
        </dl>
      </Panel>
    </>
  );
}
