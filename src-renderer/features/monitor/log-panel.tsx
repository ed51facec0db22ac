import { memo, useMemo, useRef } from 'react';
import type { LogLine } from '#shared/state/control-room.ts';
import { utcTimeMs } from '../../model/format.ts';
import { filterLog, lineTone, type LogFloor, type LogSource } from '../../model/log-lines.ts';
import type { LogView } from '../../model/log-view.ts';
import { useApp, useRoom, useView } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useFollow } from '../../ui/use-follow.ts';

const NO_LINES: readonly LogLine[] = [];

/** The file that has all lines of a source: QLF's own, or the camera's. */
function fileOf(source: LogSource): Partial<LogView> {
  return source === 'all' || source === 'engine'
    ? { source: 'all', file: null }
    : { source: 'camera', runId: null, floor: 'all' };
}

const Line = memo(function Line({ line }: { line: LogLine }) {
  const { tone, word } = lineTone(line);
  return (
    <div className={`line ${tone}`}>
      <s>{utcTimeMs(line.at)}</s>
      <s className="level">{word}</s>
      <s>{line.camera ?? (line.source === 'pipeline' ? '' : line.source === 'monitor' ? 'dos' : 'qlf')}</s>
      <span>{line.text}</span>
    </div>
  );
});

/** The newest log lines of engine, DOS monitor and pipelines. */
export function LogPanel({ large, onLarge }: { large: boolean; onLarge: () => void }) {
  const lines = useRoom((state) => state.room?.log ?? NO_LINES);
  const camera = useView((state) => state.camera);
  const { view } = useApp();
  const source = useView((state) => state.logSource);
  const floor = useView((state) => state.logFloor);
  const shownSource = source === 'all' || source === 'pipeline' || source === 'engine' ? source : camera;
  const shown = useMemo(() => filterLog(lines, shownSource, floor), [lines, shownSource, floor]);
  const failures = useMemo(() => filterLog(lines, 'all', 'error').length, [lines]);
  const list = useRef<HTMLDivElement>(null);
  const { following, follow } = useFollow(list, shown[shown.length - 1]?.id);
  return (
    <section className="panel log" aria-label="Log">
      <div className="panel-head">
        <Segmented<LogSource>
          label="Source"
          value={shownSource}
          options={[
            { value: 'all', text: 'All' },
            { value: 'pipeline', text: 'Pipeline' },
            { value: 'engine', text: 'Engine' },
            { value: camera, text: camera },
          ]}
          onChange={(logSource) => {
            view.setState({ logSource });
          }}
        />
        <span className="spring" />
        {following ? (
          <span className="note">following</span>
        ) : (
          <button type="button" className="button small" onClick={follow}>
            Follow
          </button>
        )}
        <Segmented<LogFloor>
          label="Level"
          value={floor}
          options={[
            { value: 'all', text: 'All' },
            { value: 'warning', text: 'Warnings' },
            { value: 'error', text: failures > 0 ? `Failures ${failures}` : 'Failures' },
          ]}
          onChange={(logFloor) => {
            view.setState({ logFloor });
          }}
        />
        <button
          type="button"
          className="icon-button"
          aria-label="All of the log"
          title="All of the log (G)"
          onClick={() => {
            view.setState(({ logs }) => ({ screen: 'logs', logs: { ...logs, ...fileOf(shownSource) } }));
          }}
        >
          <Icon name="logs" size={16} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={large ? 'Smaller log' : 'Larger log'}
          aria-pressed={large}
          title="Larger log (L)"
          onClick={onLarge}
        >
          <Icon name="expand" size={16} />
        </button>
      </div>
      <ScrollRegion ref={list} role="log" label="Log lines" className="lines">
        {shown.map((line) => (
          <Line key={line.id} line={line} />
        ))}
        {shown.length === 0 && <p className="no-lines">No such line yet</p>}
      </ScrollRegion>
    </section>
  );
}
