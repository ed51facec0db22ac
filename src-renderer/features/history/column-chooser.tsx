import { COLUMNS, FIRST_COLUMNS, type ColumnId } from '../../model/history-columns.ts';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Popover } from '../../ui/popover.tsx';

/** Which columns the table has. */
export function ColumnChooser({
  columns,
  onChange,
}: {
  columns: readonly ColumnId[];
  onChange: (columns: readonly ColumnId[]) => void;
}) {
  return (
    <Popover
      label="Columns"
      align="end"
      content={
        <>
          <Icon name="columns" size={14} />
          Columns
        </>
      }
    >
      {(close) => (
        <>
          <div className="choices-list two">
            {COLUMNS.map(({ id, title, more }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={columns.includes(id)}
                  disabled={id === 'expid'}
                  onChange={(event) => {
                    const { checked } = event.target;
                    onChange(
                      COLUMNS.map((column) => column.id).filter((other) =>
                        other === id ? checked : columns.includes(other),
                      ),
                    );
                  }}
                />
                {title}
                {more !== '' && <small>{more}</small>}
              </label>
            ))}
          </div>
          <div className="popover-foot">
            <Button
              small
              onClick={() => {
                onChange(FIRST_COLUMNS);
                close();
              }}
            >
              As at first
            </Button>
          </div>
        </>
      )}
    </Popover>
  );
}
