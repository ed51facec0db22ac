import { useCallback, useMemo, useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { HistoryRow, SortColumn } from '#shared/domain/history.ts';
import { nightOf } from '#shared/domain/night.ts';
import { COLUMNS } from '../../model/history-columns.ts';
import { count } from '../../model/format.ts';
import { showsGaps, type HistoryLook } from '../../model/history-look.ts';
import { useApp, useView } from '../../store/context.tsx';
import { useOpenEvidence } from '../../store/open-evidence.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import { NotesPanel } from '../notes/notes-panel.tsx';
import { useShortcuts } from '../shell/shortcuts.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { ComparePanel } from './compare-panel.tsx';
import { ExportButton } from './export-button.tsx';
import { FilterBar } from './filter-bar.tsx';
import type { RowActions } from './history-cells.tsx';
import { HistoryTable, rowId } from './history-table.tsx';
import { NightCalendar } from './night-calendar.tsx';
import { NightSummaryPanel } from './night-summary-panel.tsx';
import { ProcessAgain } from './process-again.tsx';
import { pageOf, useHistoryRevision, useHistoryRows } from './use-history-rows.ts';
import './history.css';

/** The two chosen rows that can be compared: both have a run. */
function pairOf(chosen: ReadonlyMap<string, HistoryRow>): [HistoryRow, HistoryRow] | null {
  const [a, b, ...others] = [...chosen.values()].filter(({ run }) => run !== null);
  return a && b && others.length === 0 ? [a, b] : null;
}

function Empty({ look, onChange }: { look: HistoryLook; onChange: (change: Partial<HistoryLook>) => void }) {
  const filtered = Object.keys(look.filter).length > 0;
  return (
    <StateNote
      glyph={<StatusGlyph status="waiting" size={16} named />}
      title={filtered ? 'No exposure is like that' : 'No exposure yet'}
      action={
        filtered && (
          <Button
            small
            onClick={() => {
              onChange({ filter: {}, search: '' });
            }}
          >
            Show all
          </Button>
        )
      }
    >
      {filtered
        ? 'Everything is filtered away: widen the nights or drop a condition.'
        : 'Every exposure that the DOS tells about stands here, whatever its flavor, from its first moment.'}
    </StateNote>
  );
}

/** All exposures and runs: calendar of nights, table, and what people say of them. */
export function HistoryScreen() {
  const { view } = useApp();
  const look = useView((state) => state.history);
  const openEvidence = useOpenEvidence();
  const revision = useHistoryRevision();
  const choices = useAnswer('history.choices', {}, revision);
  const known = choices.state === 'ready' ? choices.value : null;
  const [pages, setPages] = useState<[number, number]>([0, 0]);
  const rows = useHistoryRows({ view: look.view, filter: look.filter, sort: look.sort }, revision, pages[0], pages[1]);
  const [current, setCurrent] = useState(0);
  const [chosen, setChosen] = useState<ReadonlyMap<string, HistoryRow>>(new Map());
  const [comparing, setComparing] = useState<[HistoryRow, HistoryRow] | null>(null);
  const [tonight] = useState(() => nightOf(Date.now()));
  const [calendarEnd, setCalendarEnd] = useState<string | null>(null);

  const change = useCallback(
    (part: Partial<HistoryLook>) => {
      view.setState(({ history }) => ({ history: { ...history, ...part } }));
      if (part.filter !== undefined || part.view !== undefined || part.sort !== undefined) setCurrent(0);
    },
    [view],
  );
  // Whole pages: scrolling inside of one renders the table alone.
  const onRange = useCallback((first: number, last: number) => {
    const pages: [number, number] = [pageOf(first), pageOf(last)];
    setPages((before) => (before[0] === pages[0] && before[1] === pages[1] ? before : pages));
  }, []);
  const onChoose = useCallback((row: HistoryRow, on: boolean) => {
    setChosen((before) => {
      const next = new Map(before);
      if (on) next.set(rowId(row), row);
      else next.delete(rowId(row));
      return next;
    });
  }, []);
  const onSort = (column: SortColumn): void => {
    const { sort } = look;
    change({ sort: { column, descending: sort.column === column ? !sort.descending : true } });
  };

  const row = rows.row(current);
  const newest = known?.lastNight ?? tonight;
  const { from, to } = look.filter;
  const night = from !== undefined && from === to ? from : null;
  const pair = pairOf(chosen);
  // The same ones at each rendering, as the columns are: a row is drawn again only when it is another one.
  const actions = useMemo<RowActions>(
    () => ({
      open: ({ run, expid }) => {
        if (run) void openEvidence({ screen: 'monitor', runId: run.id });
        else view.setState({ notice: `Exposure ${expid8(expid)} has no run to show; process it first.` });
      },
      openCamera: ({ run }, camera) => {
        if (run) void openEvidence({ screen: 'camera', runId: run.id, camera });
      },
      openLogs: ({ run }) => {
        if (run) void openEvidence({ screen: 'logs', runId: run.id, camera: run.worst ?? 'b0' });
      },
    }),
    [openEvidence, view],
  );
  const columns = useMemo(() => COLUMNS.filter(({ id }) => look.columns.includes(id)), [look.columns]);
  useShortcuts({
    v: () => {
      if (pair) setComparing(pair);
    },
  });

  if (comparing)
    return (
      <ComparePanel
        pair={comparing}
        onClose={() => {
          setComparing(null);
        }}
      />
    );
  return (
    <div className="history">
      <h1 className="hidden">History</h1>
      <NightCalendar
        last={calendarEnd ?? newest}
        newest={newest}
        chosen={night}
        revision={revision}
        onLast={setCalendarEnd}
        onChoose={(next) => {
          const { from: _from, to: _to, ...rest } = look.filter;
          change({ filter: next === null ? rest : { ...rest, from: next, to: next } });
        }}
      />
      <NightSummaryPanel night={night ?? newest} revision={revision} />
      <section className="panel history-panel" aria-label="Table">
        <div className="panel-head history-tools">
          <Segmented
            label="Rows"
            value={look.view}
            options={[
              { value: 'exposures', text: 'Exposures' },
              { value: 'runs', text: 'Runs' },
            ]}
            onChange={(next) => {
              change({ view: next });
              setChosen(new Map());
            }}
          />
          <FilterBar look={look} choices={known} onChange={change} />
        </div>
        <div className="panel-head history-tools second">
          <span className="note" role="status">
            {rows.total === null ? '' : count(rows.total, look.view === 'runs' ? 'run' : 'exposure')}
            {chosen.size > 0 && `, ${chosen.size} chosen`}
          </span>
          <span className="spring" />
          {chosen.size > 0 && (
            <Button
              small
              kind="ghost"
              onClick={() => {
                setChosen(new Map());
              }}
            >
              Choose none
            </Button>
          )}
          <Button
            small
            disabled={pair === null}
            keys="V"
            onClick={() => {
              if (pair) setComparing(pair);
            }}
          >
            Compare two
          </Button>
          <ProcessAgain rows={chosen.size > 0 ? [...chosen.values()] : row ? [row] : []} />
          <ColumnChooser
            columns={look.columns}
            onChange={(columns) => {
              change({ columns });
            }}
          />
          <ExportButton look={look} total={rows.total ?? 0} />
        </div>
        {rows.error !== '' && (
          <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The history cannot be read">
            {rows.error}
          </StateNote>
        )}
        {rows.total === 0 && rows.error === '' ? (
          <Empty look={look} onChange={change} />
        ) : (
          <HistoryTable
            rows={rows}
            columns={columns}
            sort={look.sort}
            gaps={showsGaps(look)}
            current={current}
            chosen={chosen}
            actions={actions}
            onSort={onSort}
            onCurrent={setCurrent}
            onChoose={onChoose}
            onRange={onRange}
          />
        )}
      </section>
      <Panel title="Notes" note={row ? expid8(row.expid) : ''} className="history-notes">
        {row ? (
          <NotesPanel expid={row.expid} camera={null} />
        ) : (
          <StateNote glyph={<StatusGlyph status="not-expected" size={16} named />} title="No exposure is chosen">
            Comments and the quality flag of the exposure that is chosen in the table stand here.
          </StateNote>
        )}
      </Panel>
    </div>
  );
}
