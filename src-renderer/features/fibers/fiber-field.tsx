import type { Fibermap } from '#shared/domain/fiber.ts';
import { fiberBeside, fiberNamed } from '../../model/fiber-view.ts';
import { useApp } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { Icon } from '../../ui/icon.tsx';
import { TypedText } from '../../ui/typed-text.tsx';
import { NOT_THERE } from './use-fibers.ts';

/** The chosen fiber's number, to be changed by typing a number or a target, or one by one. */
export function FiberField({ map, fiber }: { map: Fibermap | null; fiber: number }) {
  const { view } = useApp();
  const choose = useChooseFiber();
  const commit = (text: string): void => {
    const found = fiberNamed(text, map);
    view.setState({ notice: found === null ? `No fiber or target is called ${text}. Fibers are 0 to 4999.` : '' });
    if (found !== null) choose(found);
  };
  const beside = (by: 1 | -1) => (): void => {
    choose(fiberBeside(map, NOT_THERE, fiber, by));
  };
  return (
    <div className="fiber-title">
      <div className="fiber-number">
        <span>Fiber</span>
        <TypedText
          label="Fiber or target number"
          title="Type a fiber or target number"
          numeric="numeric"
          value={String(fiber)}
          onChange={commit}
        />
      </div>
      <span className="spring" />
      <button
        type="button"
        className="icon-button"
        aria-label="Previous fiber"
        title="Previous fiber (←)"
        onClick={beside(-1)}
      >
        <Icon name="left" size={18} />
      </button>
      <button type="button" className="icon-button" aria-label="Next fiber" title="Next fiber (→)" onClick={beside(1)}>
        <Icon name="right" size={18} />
      </button>
    </div>
  );
}
