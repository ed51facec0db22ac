import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogFileFloor, LogTarget } from '#shared/domain/log.ts';
import { count, formatBytes } from '../../model/format.ts';
import { copiedLine } from '../../model/log-view.ts';
import { useApp } from '../../store/context.tsx';
import { Segmented } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useFollow } from '../../ui/use-follow.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { copyText } from './copy-text.ts';
import { LogLines, MAX_ROWS, type Selection } from './log-lines.tsx';
import { readRows, useLogFile } from './use-log-file.ts';
import { useLogSearch } from './use-log-search.ts';

/** '1 000 000 lines', with thin spaces. */
function grouped(n: number, one: string): string {
  return (one === '' ? `${n} ` : count(n, one)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

/** Lines that are copied at once at most. */
const MAX_COPIED = 50_000;

/** One log, of any length: levels, search, the way to its first error, copying, following. */
export function LogFilePanel({
  title,
  target,
  floor,
  growing,
  nothing,
  onFloor,
}: {
  title: string;
  target: LogTarget;
  floor: LogFileFloor;
  growing: boolean;
  /** Why there may be no line. */
  nothing: string;
  onFloor: (floor: LogFileFloor) => void;
}) {
  const { bridge, view } = useApp();
  const log = useLogFile(target, floor, growing);
  const { total, warnings, errors, bytes, read, complete } = log.facts;
  const { found, go, clear } = useLogSearch(target, floor);
  const [search, setSearch] = useState('');
  const [goal, setGoal] = useState<{ row: number } | null>(null);
  const [at, setAt] = useState<{ id: string; row: number } | null>(null);
  const [selected, setSelected] = useState<{ id: string; anchor: number; row: number } | null>(null);
  const [early, setEarly] = useState<number | null>(null);
  const [copied, setCopied] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { following, follow, leave } = useFollow(scroller, `${log.id} ${total}`);
  const chosen = selected?.id === log.id ? selected : null;
  const selection: Selection | null = chosen && {
    from: Math.min(chosen.anchor, chosen.row),
    to: Math.max(chosen.anchor, chosen.row),
  };
  const standing = at?.id === log.id ? at.row : null;
  // Of more lines than fit, the last ones; or those around what was looked for.
  // A filter, or another log, may leave fewer rows than the stretch that was looked at begins with.
  const tail = Math.max(0, total - MAX_ROWS);
  const base = early === null || following ? tail : Math.min(early, tail);

  const show = useCallback(
    (row: number | null) => {
      if (row === null) return;
      leave();
      setAt({ id: log.id, row });
      if (row < base || row >= base + MAX_ROWS) setEarly(Math.max(0, row - MAX_ROWS / 2));
      setGoal({ row });
    },
    [leave, log.id, base],
  );
  const look = (text: string, direction: 'next' | 'previous', from: number): void => {
    if (text === '') clear();
    else void go({ kind: 'text', text }, from, direction).then(show);
  };
  const firstError = (): void => {
    void go({ kind: 'level', level: 'error' }, -1, 'next').then(show);
  };
  const copy = async (): Promise<void> => {
    const from = selection?.from ?? 0;
    const to = Math.min((selection?.to ?? total - 1) + 1, from + MAX_COPIED);
    const lines = await readRows(bridge, target, floor, from, to);
    const ok = copyText(lines.map(copiedLine).join('\n'));
    setCopied(ok ? `${count(lines.length, 'line')} copied` : '');
    if (!ok) view.setState({ notice: 'The lines could not be copied: the clipboard is not to be had.' });
  };
  useEffect(() => {
    if (copied === '') return;
    const timer = setTimeout(() => {
      setCopied('');
    }, 4000);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  useShortcuts({
    '/': () => {
      field.current?.focus();
    },
    e: firstError,
  });
  const progress =
    complete || bytes === 0 ? '' : `, ${Math.floor((100 * read) / bytes)}% of ${formatBytes(bytes)} read`;
  const note = `${grouped(total, 'line')}${floor === 'all' ? '' : ' shown'}, ${grouped(warnings, 'warning')}, ${grouped(errors, 'error')}${progress}`;
  return (
    <section className="panel log-file-panel" aria-label="Log">
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="note">{log.loading ? '' : note}</span>
        <span className="spring" />
        <Segmented<LogFileFloor>
          label="Level"
          value={floor}
          options={[
            { value: 'all', text: 'All' },
            { value: 'warning', text: 'Warnings' },
            { value: 'error', text: 'Errors' },
          ]}
          onChange={onFloor}
        />
      </div>
      <div className="log-tools">
        <label className="log-search">
          <span className="hidden">Search</span>
          <input
            ref={field}
            type="text"
            placeholder="Search ( / )"
            spellCheck={false}
            maxLength={200}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              look(event.target.value, 'next', (standing ?? 0) - 1);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') look(search, event.shiftKey ? 'previous' : 'next', standing ?? -1);
              else if (event.key === 'Escape') {
                setSearch('');
                clear();
                event.currentTarget.blur();
                event.stopPropagation();
              }
            }}
          />
        </label>
        <button
          type="button"
          className="icon-button"
          aria-label="Previous match"
          disabled={search === ''}
          onClick={() => {
            look(search, 'previous', standing ?? total);
          }}
        >
          <Icon name="left" size={16} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Next match"
          disabled={search === ''}
          onClick={() => {
            look(search, 'next', standing ?? -1);
          }}
        >
          <Icon name="right" size={16} />
        </button>
        <span className="found-words" role="status">
          {found.words}
        </span>
        <span className="spring" />
        <span className="found-words" role="status">
          {copied}
        </span>
        <button type="button" className="button small" disabled={errors === 0} onClick={firstError}>
          First error <kbd aria-hidden="true">E</kbd>
        </button>
        <button type="button" className="button small" disabled={total === 0} onClick={() => void copy()}>
          {selection ? `Copy ${count(selection.to - selection.from + 1, 'line')}` : 'Copy'}
        </button>
        <button
          type="button"
          className="button small"
          aria-pressed={following}
          onClick={() => {
            if (following) leave();
            else {
              setEarly(null);
              follow();
            }
          }}
        >
          {following ? (growing ? 'Following' : 'At the end') : growing ? 'Follow' : 'To the end'}
        </button>
      </div>
      {log.error !== '' ? (
        <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="This log cannot be read">
          {log.error}
        </StateNote>
      ) : total === 0 && complete ? (
        <StateNote
          glyph={<StatusGlyph status="waiting" size={16} named />}
          title={floor === 'all' ? 'Nothing written yet' : floor === 'error' ? 'No error in it' : 'No warning in it'}
        >
          {floor === 'all' ? nothing : 'Other lines are shown under All.'}
        </StateNote>
      ) : (
        <LogLines
          key={log.id}
          log={log}
          base={base}
          found={standing}
          selection={selection}
          search={search}
          goal={goal}
          scroller={scroller}
          onSelect={(row, extend) => {
            leave();
            const again = !extend && selection?.from === row && selection.to === row;
            setSelected(again ? null : { id: log.id, anchor: extend ? (chosen?.anchor ?? row) : row, row });
          }}
        />
      )}
      {total > MAX_ROWS && (
        <p className="log-window">
          <span>
            Rows {grouped(base + 1, '')}to {grouped(Math.min(total, base + MAX_ROWS), '')}of {grouped(total, '')}
          </span>
          <button
            type="button"
            className="button small"
            disabled={base === 0}
            onClick={() => {
              leave();
              setEarly(Math.max(0, base - MAX_ROWS / 2));
            }}
          >
            Earlier
          </button>
          <button
            type="button"
            className="button small"
            disabled={base + MAX_ROWS >= total}
            onClick={() => {
              leave();
              setEarly(Math.min(total - MAX_ROWS, base + MAX_ROWS / 2));
            }}
          >
            Later
          </button>
        </p>
      )}
    </section>
  );
}
