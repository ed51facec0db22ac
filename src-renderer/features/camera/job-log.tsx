import { useRef, useState } from 'react';
import type { LogTarget } from '#shared/domain/log.ts';
import type { Job } from '#shared/domain/run.ts';
import { count } from '../../model/format.ts';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Panel } from '../../ui/panel.tsx';
import { useFollow } from '../../ui/use-follow.ts';
import { LogLines, MAX_ROWS } from '../logs/log-lines.tsx';
import { useLogFile } from '../logs/use-log-file.ts';
import { useLogSearch } from '../logs/use-log-search.ts';

/** The job's own log, followed to its end; a button walks through warnings and errors, another leads to all of it. */
export function JobLogPanel({ job }: { job: Job }) {
  const growing = job.state === 'running' || job.state === 'waiting';
  const { runId, camera } = job;
  const target: LogTarget = { kind: 'job', runId, camera };
  const log = useLogFile(target, 'all', growing);
  const { total, warnings, errors, complete } = log.facts;
  const { go } = useLogSearch(target, 'all');
  const open = useOpenEvidence();
  const scroller = useRef<HTMLDivElement>(null);
  const [goal, setGoal] = useState<{ row: number } | null>(null);
  const { leave } = useFollow(scroller, total);
  const next = async (): Promise<void> => {
    const row = await go({ kind: 'level', level: 'warning' }, goal?.row ?? -1, 'next');
    if (row === null) return;
    leave();
    setGoal({ row });
  };
  const tail = Math.max(0, total - MAX_ROWS);
  const troubles = warnings + errors;
  const lines = count(total, 'line');
  const note = log.error !== '' ? '' : troubles > 0 ? `${lines}, ${count(troubles, 'warning')}` : lines;
  return (
    <Panel
      title="Log"
      note={`${camera}, ${note}`}
      className="job-log"
      tools={
        <>
          {troubles > 0 && (
            <button type="button" className="button small ghost" onClick={() => void next()}>
              Next warning
            </button>
          )}
          <button
            type="button"
            className="button small ghost"
            onClick={() => {
              void open({ screen: 'logs', camera });
            }}
          >
            All of it
          </button>
        </>
      }
    >
      <LogLines
        log={log}
        base={goal && goal.row < tail ? Math.max(0, goal.row - MAX_ROWS / 2) : tail}
        found={goal?.row ?? null}
        selection={null}
        search=""
        goal={goal}
        scroller={scroller}
        label="Lines of the job's log"
      />
      {log.error !== '' && <p className="no-lines">{log.error}</p>}
      {log.error === '' && total === 0 && complete && <p className="no-lines">Nothing written yet</p>}
    </Panel>
  );
}
