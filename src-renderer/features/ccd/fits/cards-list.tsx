import { useCallback } from 'react';
import type { FitsCard, FitsHdu } from '#shared/domain/image.ts';
import type { Disagreement } from '../../../model/fits-check.ts';
import { useApp } from '../../../store/context.tsx';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { useVirtualPages } from './use-virtual-pages.ts';

const ROW = 22;
const PAGE = 500;

function CardRow({ card, other }: { card: FitsCard | undefined; other: Disagreement | undefined }) {
  if (!card) return null;
  if (card.type === 'commentary') {
    return (
      <>
        <b role="cell">{card.keyword}</b>
        <span role="cell" className="commentary">
          {card.value}
        </span>
      </>
    );
  }
  return (
    <>
      <b role="cell">{card.keyword}</b>
      <span role="cell" className={`card-value ${card.type}`} title={card.value}>
        {card.type === 'undefined' ? 'undefined' : card.value}
      </span>
      <span role="cell" className="card-comment" title={card.comment}>
        {other ? <em>fitsjs reads {other.theirs}</em> : card.comment}
      </span>
    </>
  );
}

/** All cards of an HDU's header, as our own reader reads them. */
export function CardsList({
  file,
  hdu,
  differences,
}: {
  file: string;
  hdu: FitsHdu;
  differences: readonly Disagreement[];
}) {
  const { bridge } = useApp();
  const fetchPage = useCallback(
    async (offset: number, limit: number) => {
      const answer = await bridge.call('fits.cards', { file, hdu: hdu.index, offset, limit });
      return answer.ok ? { rows: answer.value.cards } : { error: answer.error.message };
    },
    [bridge, file, hdu.index],
  );
  const { scroller, row, error, items, height } = useVirtualPages(
    `${file} ${hdu.index}`,
    { rows: hdu.cards, rowHeight: ROW, page: PAGE },
    fetchPage,
  );
  return (
    <ScrollRegion ref={scroller} role="table" label="Header" className="fits-cards">
      {error !== '' && <p className="no-lines">{error}</p>}
      <div role="rowgroup" style={{ height, position: 'relative' }}>
        {items.map(({ index, start }) => {
          const card = row(index);
          return (
            <div role="row" key={index} className="fits-card" style={{ transform: `translateY(${start}px)` }}>
              <CardRow
                card={card}
                other={differences.find(({ hdu: at, what }) => at === hdu.index && what === card?.keyword)}
              />
            </div>
          );
        })}
      </div>
    </ScrollRegion>
  );
}
