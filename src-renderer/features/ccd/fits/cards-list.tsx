import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import type { FitsCard, FitsHdu } from '#shared/domain/image.ts';
import type { Disagreement } from '../../../model/fits-check.ts';
import { useApp } from '../../../store/context.tsx';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { usePages } from './use-pages.ts';

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
  const scroller = useRef<HTMLDivElement>(null);
  const fetchPage = useCallback(
    async (offset: number, limit: number) => {
      const answer = await bridge.call('fits.cards', { file, hdu: hdu.index, offset, limit });
      return answer.ok ? { rows: answer.value.cards } : { error: answer.error.message };
    },
    [bridge, file, hdu.index],
  );
  const { row, error, want } = usePages(`${file} ${hdu.index}`, PAGE, fetchPage);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: hdu.cards,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    want(first, last);
  }, [want, first, last]);
  return (
    <ScrollRegion ref={scroller} role="table" label="Header" className="fits-cards">
      {error !== '' && <p className="no-lines">{error}</p>}
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
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
