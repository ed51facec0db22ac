import { useState } from 'react';
import type { Fibermap } from '#shared/domain/fiber.ts';
import { fiberBeside, fiberNamed } from '../../model/fiber-view.ts';
import { useApp } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { Icon } from '../../ui/icon.tsx';
import { NOT_THERE } from './use-fibers.ts';

/** The chosen fiber's number, to be changed by typing a number or a target, or one by one. */
export function FiberField({ map, fiber }: { map: Fibermap | null; fiber: number }) {
  const { view } = useApp();
  const choose = useChooseFiber();
  const [text, setText] = useState<string | null>(null);
  const commit = (): void => {
    if (text !== null && text.trim() !== '' && text.trim() !== String(fiber)) {
      const found = fiberNamed(text, map);
      if (found === null)
        view.setState({ notice: `No fiber or target is called ${text.trim()}. Fibers are 0 to 4999.` });
      else {
        view.setState({ notice: '' });
        choose(found);
      }
    }
    setText(null);
  };
  const beside = (by: 1 | -1) => (): void => {
    choose(fiberBeside(map, NOT_THERE, fiber, by));
  };
  return (
    <div className="fiber-title">
      <label>
        <span>Fiber</span>
        <input
          type="text"
          inputMode="numeric"
          aria-label="Fiber or target number"
          title="Type a fiber or target number"
          value={text ?? String(fiber)}
          onFocus={(event) => {
            setText(String(fiber));
            event.target.select();
          }}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key === 'Escape') {
              setText(null);
              event.stopPropagation();
            }
          }}
        />
      </label>
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
