import { useCallback, useState } from 'react';
import type { FitsHdu, FitsTablePage } from '#shared/domain/image.ts';
import { MAX_TABLE_COLUMNS } from '#shared/ipc/image-contract.ts';
import { useApp } from '../../../store/context.tsx';
import { Picker } from '../../../ui/picker.tsx';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { useVirtualPages } from './use-virtual-pages.ts';

const ROW = 24;
const PAGE = 100;
const COLUMN = 132;

/** The rows of a table, as our own reader reads them; many columns come in groups. */
export function TableView({ file, hdu }: { file: string; hdu: FitsHdu }) {
  const { bridge } = useApp();
  const [allColumns = 0, rows = 0] = hdu.axes;
  const [firstColumn, setFirstColumn] = useState(0);
  const [columns, setColumns] = useState<{ key: string; columns: FitsTablePage['columns'] }>({ key: '', columns: [] });
  const key = `${file} ${hdu.index} ${firstColumn}`;
  const fetchPage = useCallback(
    async (offset: number, limit: number) => {
      const answer = await bridge.call('fits.table', {
        file,
        hdu: hdu.index,
        offset,
        limit,
        firstColumn,
        columns: MAX_TABLE_COLUMNS,
      });
      if (!answer.ok) return { error: answer.error.message };
      setColumns({ key, columns: answer.value.columns });
      return { rows: answer.value.cells };
    },
    [bridge, file, hdu.index, firstColumn, key],
  );
  const { scroller, row, error, items, height } = useVirtualPages(key, { rows, rowHeight: ROW, page: PAGE }, fetchPage);
  const shown = columns.key === key ? columns.columns : [];
  const template = { gridTemplateColumns: `72px repeat(${shown.length}, ${COLUMN}px)` };
  const groups = Array.from({ length: Math.ceil(allColumns / MAX_TABLE_COLUMNS) }, (_, i) => i * MAX_TABLE_COLUMNS);
  return (
    <>
      {groups.length > 1 && (
        <div className="panel-row table-groups">
          <Picker
            label="Columns"
            value={String(firstColumn)}
            options={groups.map((from) => ({
              value: String(from),
              text: `Columns ${from + 1} to ${Math.min(from + MAX_TABLE_COLUMNS, allColumns)} of ${allColumns}`,
            }))}
            onChange={(from) => {
              setFirstColumn(Number(from));
            }}
          />
        </div>
      )}
      <ScrollRegion ref={scroller} role="table" label="Rows" className="fits-table">
        {error !== '' && <p className="no-lines">{error}</p>}
        <div role="rowgroup" className="fits-table-head">
          <div role="row" style={template}>
            <span role="columnheader">row</span>
            {shown.map(({ name, form, unit }, i) => (
              <span role="columnheader" key={i} title={`${name} ${form} ${unit}`}>
                {name}
                <small>{unit === '' ? form : `${form} ${unit}`}</small>
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height, position: 'relative' }}>
          {items.map(({ index, start }) => (
            <div
              role="row"
              key={index}
              className="fits-row"
              style={{ ...template, transform: `translateY(${start}px)` }}
            >
              <span role="rowheader">{index}</span>
              {(row(index) ?? []).map((cell, i) => (
                <span role="cell" key={i} title={cell}>
                  {cell}
                </span>
              ))}
            </div>
          ))}
        </div>
      </ScrollRegion>
    </>
  );
}
