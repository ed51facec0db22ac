import type { CameraName } from '#shared/domain/camera.ts';
import type { HistoryRow } from '#shared/domain/history.ts';
import { METRIC_GROUPS } from '#shared/qa/catalogue.ts';
import { groupWord } from '../../model/camera-model.ts';
import { outcomeWord, type Column } from '../../model/history-columns.ts';
import { STATUS_WORDS } from '../../model/status.ts';
import { Icon } from '../../ui/icon.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { FlagChip } from '../notes/flag-chip.tsx';

/** Where a click in a row leads. */
export interface RowActions {
  open: (row: HistoryRow) => void;
  openCamera: (row: HistoryRow, camera: CameraName) => void;
  openLogs: (row: HistoryRow) => void;
}

function Groups({ row, actions }: { row: HistoryRow; actions: RowActions }) {
  const { run } = row;
  if (!run) return null;
  return (
    <span className="history-groups">
      {METRIC_GROUPS.map((group) => {
        const { status, camera } = run[group];
        const name = `${groupWord(group)} ${STATUS_WORDS[status]}${camera === null ? '' : `, ${camera}`}`;
        if (camera === null || status === 'not-expected')
          return (
            <span key={group} title={name}>
              <StatusGlyph status={status} size={13} />
            </span>
          );
        return (
          <button
            type="button"
            key={group}
            tabIndex={-1}
            title={`${name}: open it`}
            aria-label={name}
            onClick={(event) => {
              event.stopPropagation();
              actions.openCamera(row, camera);
            }}
          >
            <StatusGlyph status={status} size={13} named />
          </button>
        );
      })}
    </span>
  );
}

function ViewButtons({ row, actions }: { row: HistoryRow; actions: RowActions }) {
  const { run } = row;
  if (!run) return null;
  const camera = run.worst ?? run.ccd.camera ?? 'b0';
  return (
    <span className="history-view">
      <button
        type="button"
        className="icon-button"
        tabIndex={-1}
        aria-label="Open on the monitor"
        title="Open on the monitor (Enter)"
        onClick={(event) => {
          event.stopPropagation();
          actions.open(row);
        }}
      >
        <Icon name="monitor" size={15} />
      </button>
      <button
        type="button"
        className="icon-button"
        tabIndex={-1}
        aria-label={`Open camera ${camera}`}
        title={`Open camera ${camera}`}
        onClick={(event) => {
          event.stopPropagation();
          actions.openCamera(row, camera);
        }}
      >
        <Icon name="camera" size={15} />
      </button>
    </span>
  );
}

/** What stands in a cell of the table. */
export function HistoryCell({ column, row, actions }: { column: Column; row: HistoryRow; actions: RowActions }) {
  switch (column.id) {
    case 'status':
      return (
        <span className="history-status">
          <StatusGlyph status={row.status} size={14} named />
          {outcomeWord(row.status)}
        </span>
      );
    case 'expid':
      return row.run ? (
        <button
          type="button"
          className="history-expid"
          tabIndex={-1}
          title="Open on the monitor (Enter)"
          onClick={(event) => {
            event.stopPropagation();
            actions.open(row);
          }}
        >
          {column.text(row)}
        </button>
      ) : (
        <b>{column.text(row)}</b>
      );
    case 'groups':
      return <Groups row={row} actions={actions} />;
    case 'flag':
      return row.flag?.flag ? <FlagChip flag={row.flag.flag} title={row.flag.reason} /> : null;
    case 'logs':
      return row.run ? (
        <button
          type="button"
          className="icon-button"
          tabIndex={-1}
          aria-label="Open the logs"
          title="Open the logs"
          onClick={(event) => {
            event.stopPropagation();
            actions.openLogs(row);
          }}
        >
          <Icon name="logs" size={15} />
        </button>
      ) : null;
    case 'view':
      return <ViewButtons row={row} actions={actions} />;
    default: {
      const text = column.text(row);
      return column.grows ? <span title={text}>{text}</span> : text;
    }
  }
}
