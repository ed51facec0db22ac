import { useApp } from '../../store/context.tsx';
import { count } from '../../model/format.ts';
import type { HistoryLook } from '../../model/history-look.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';

/** The table as it is filtered and sorted, all of it, as a file. */
export function ExportButton({ look, total }: { look: HistoryLook; total: number }) {
  const { bridge, view } = useApp();
  const save = async (format: 'csv' | 'json'): Promise<void> => {
    const { view: rows, filter, sort } = look;
    const answer = await bridge.call('history.export', { view: rows, filter, sort, format });
    if (!answer.ok) view.setState({ notice: answer.error.message });
    else if (answer.value.file !== null)
      view.setState({ notice: '', told: `${count(answer.value.rows, 'row')} saved as ${answer.value.file}` });
  };
  return (
    <Popover
      label="Save the table"
      align="end"
      content={
        <>
          <Icon name="save" size={14} />
          Save
        </>
      }
    >
      {(close) => (
        <div className="export-choices">
          <p>{count(total, 'row')} with every column, as filtered and sorted</p>
          {(['csv', 'json'] as const).map((format) => (
            <Button
              key={format}
              small
              disabled={total === 0}
              onClick={() => {
                close();
                void save(format);
              }}
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      )}
    </Popover>
  );
}
