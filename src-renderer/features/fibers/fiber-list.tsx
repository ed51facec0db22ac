import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { ARMS } from '#shared/domain/camera.ts';
import type { Fibermap } from '#shared/domain/fiber.ts';
import type { FiberField } from '../../model/fiber-field.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { BANDS, classOf, magnitudeText, quantityText } from './fiber-words.ts';

const ROW = 26;

/** Fibers with class, value and magnitude, a line each; a click or Enter chooses one. */
export function FiberList({
  field,
  map,
  fibers,
  chosen,
  onChoose,
}: {
  field: FiberField;
  map: Fibermap | null;
  fibers: readonly number[];
  chosen: number;
  onChoose: (fiber: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  // The React compiler, which the rule is about, is not in use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: fibers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const at = fibers.indexOf(chosen);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
    // Other fibers are listed: their worst stand first.
    else virtual.scrollToOffset(0);
    // A chosen fiber comes into sight when it is chosen, not whenever the list is drawn.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at, fibers.length]);
  const band = field.choice === 'worst' ? 'r' : field.choice;
  return (
    <>
      <div className="fiber-head" aria-hidden="true">
        <span />
        <span>Fiber</span>
        <span>Class</span>
        <span>{field.metric.title}</span>
        <span>mag {BANDS[band]}</span>
      </div>
      <ScrollRegion ref={scroller} role="region" label="Fibers" className="fiber-list">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const fiber = fibers[index] ?? 0;
            const dead = field.states[fiber] === 'dead';
            const raw = field.raw[fiber] ?? NaN;
            const arm = field.choice === 'worst' ? field.arms[fiber] : null;
            return (
              <button
                key={fiber}
                type="button"
                className={`fiber-row${fiber === chosen ? ' on' : ''}`}
                aria-current={fiber === chosen ? 'true' : undefined}
                style={{ transform: `translateY(${start}px)` }}
                data-fiber={fiber}
                onClick={() => {
                  onChoose(fiber);
                }}
              >
                {dead ? <StatusGlyph status="failed" size={11} /> : <span />}
                <b>{fiber}</b>
                <span>{classOf(map, fiber)}</span>
                <span>
                  {arm && <small>{arm} </small>}
                  {dead && Number.isNaN(raw) ? 'dead' : quantityText(field.metric, raw)}
                </span>
                <span>{magnitudeText(map, ARMS.find((one) => one === band) ?? 'r', fiber)}</span>
              </button>
            );
          })}
        </div>
      </ScrollRegion>
    </>
  );
}
