import type { FitsHdu } from '#shared/domain/image.ts';
import { hduKind, type Disagreement } from '../../../model/fits-check.ts';
import { formatBytes } from '../../../model/format.ts';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';

/** '4204 × 4096 × 3' of an image, '12 columns, 5000 rows' of a table. */
function shapeWords(hdu: FitsHdu): string {
  if (hdu.compressed || hdu.kind === 'image') return hdu.axes.join(' \u00d7 ');
  const [columns = 0, rows = 0] = hdu.axes;
  return hdu.kind === 'other' ? '' : `${columns} columns, ${rows} rows`;
}

/** The HDUs of a file; arrows move, and the chosen one is shown. */
export function HduTree({
  hdus,
  current,
  differences,
  onSelect,
}: {
  hdus: readonly FitsHdu[];
  current: number;
  differences: readonly Disagreement[];
  onSelect: (index: number) => void;
}) {
  return (
    <ScrollRegion role="region" label="HDUs" className="hdu-list">
      <ul>
        {hdus.map((hdu) => {
          const other = differences.filter(({ hdu: at }) => at === hdu.index).length;
          return (
            <li key={hdu.index}>
              <button
                type="button"
                className={`hdu${hdu.index === current ? ' on' : ''}${hdu.fault === '' ? '' : ' broken'}`}
                aria-current={hdu.index === current ? 'true' : undefined}
                onClick={() => {
                  onSelect(hdu.index);
                }}
              >
                <i>{hdu.index}</i>
                <span>
                  <b>{hdu.name === '' ? (hdu.index === 0 ? 'Primary' : 'without a name') : hdu.name}</b>
                  <small>
                    {hduKind(hdu)}
                    {hdu.axes.length > 0 ? `, ${shapeWords(hdu)}` : ''}
                  </small>
                  {hdu.fault !== '' && (
                    <small className="fault">
                      <StatusGlyph status="failed" size={12} named /> {hdu.fault}
                    </small>
                  )}
                  {other > 0 && <small className="other">fitsjs reads {other} otherwise</small>}
                </span>
                <em>{formatBytes(hdu.dataBytes)}</em>
              </button>
            </li>
          );
        })}
      </ul>
    </ScrollRegion>
  );
}
