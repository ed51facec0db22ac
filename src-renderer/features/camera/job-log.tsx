import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { Job } from '#shared/domain/run.ts';
import { levelOfText } from '../../model/log-lines.ts';
import { count } from '../../model/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useFollow } from '../../ui/use-follow.ts';
import { useJobLog } from './use-engine-data.ts';

const LINE = 18;

/** The job's own log, followed to its end; the button walks through warnings and errors. */
export function JobLogPanel({ job }: { job: Job }) {
  const growing = job.state === 'running' || job.state === 'waiting';
  const { lines, error, loading } = useJobLog(job.runId, job.camera, job.attempt, growing);
  const scroller = useRef<HTMLDivElement>(null);
  const [found, setFound] = useState(-1);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 10,
  });
  const { length } = lines;
  const { leave } = useFollow(scroller, length);
  const troubles = lines.flatMap((line, i) => {
    const level = levelOfText(line);
    return level === 'warning' || level === 'error' ? [i] : [];
  });
  const next = (): void => {
    const at = troubles.find((i) => i > found) ?? troubles[0];
    if (at === undefined) return;
    leave();
    setFound(at);
    virtual.scrollToIndex(at, { align: 'center' });
  };
  const note =
    error !== ''
      ? ''
      : troubles.length > 0
        ? `${count(lines.length, 'line')}, ${count(troubles.length, 'warning')}`
        : count(lines.length, 'line');
  return (
    <Panel
      title="Log"
      note={`${job.camera}, ${note}`}
      className="job-log"
      tools={
        troubles.length > 0 && (
          <button type="button" className="button small ghost" onClick={next}>
            Next warning
          </button>
        )
      }
    >
      <ScrollRegion ref={scroller} role="log" label="Lines of the job's log" className="lines">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const text = lines[index] ?? '';
            return (
              <div
                key={index}
                className={`file-line ${levelOfText(text)}${index === found ? ' found' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                <s>{index + 1}</s>
                <span>{text}</span>
              </div>
            );
          })}
        </div>
        {error !== '' && <p className="no-lines">{error}</p>}
        {error === '' && lines.length === 0 && !loading && <p className="no-lines">Nothing written yet</p>}
      </ScrollRegion>
    </Panel>
  );
}
