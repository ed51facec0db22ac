import { useState } from 'react';
import { parseCamera } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { HistoryRow } from '#shared/domain/history.ts';
import { count } from '../../model/format.ts';
import { useApp } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';

/** Processes exposures again from the start, or one camera of a run once more. */
export function ProcessAgain({ rows }: { rows: readonly HistoryRow[] }) {
  const { bridge, view } = useApp();
  const [camera, setCamera] = useState('');
  const expids = [...new Set(rows.map(({ expid }) => expid))];
  const [only] = rows;
  const run = rows.length === 1 ? (only?.run ?? null) : null;
  const name = parseCamera(camera);

  const process = async (): Promise<void> => {
    const refusals: string[] = [];
    for (const expid of expids) {
      const answer = await bridge.call('exposure.process', { expid });
      if (!answer.ok) refusals.push(answer.error.message);
    }
    const done = expids.length - refusals.length;
    view.setState({
      told: done > 0 ? `${count(done, 'exposure')} will be processed again, one after the other.` : '',
      notice: refusals.join(' '),
    });
  };
  const retry = async (): Promise<void> => {
    if (!run || !name) return;
    const answer = await bridge.call('job.retry', { runId: run.id, camera: name });
    view.setState(
      answer.ok
        ? { notice: '', told: `${name} of run ${String(run.id)} is processed again.` }
        : { notice: answer.error.message },
    );
  };
  const words = expids.length === 1 ? `exposure ${expid8(expids[0] ?? 0)}` : count(expids.length, 'exposure');
  return (
    <Popover
      label="Process again"
      align="end"
      content={
        <>
          <Icon name="retry" size={14} />
          Process again
        </>
      }
    >
      {(close) => (
        <div className="process-choices">
          {expids.length === 0 ? (
            <p>Choose an exposure first</p>
          ) : (
            <>
              <p>A new run with the configuration of today; the earlier ones stay.</p>
              <Button
                small
                kind="primary"
                onClick={() => {
                  close();
                  void process();
                }}
              >
                Process {words}
              </Button>
            </>
          )}
          {run?.kind === 'qlf' && (
            <div className="process-camera">
              <label>
                <span>One camera of run {run.id}</span>
                <input
                  type="text"
                  placeholder={run.worst ?? 'r3'}
                  maxLength={2}
                  value={camera}
                  onChange={(event) => {
                    setCamera(event.target.value);
                  }}
                />
              </label>
              <Button
                small
                disabled={!name}
                onClick={() => {
                  close();
                  void retry();
                }}
              >
                Process {name ?? 'it'} again
              </Button>
            </div>
          )}
        </div>
      )}
    </Popover>
  );
}
