import { useMemo, useState } from 'react';
import { diffParts, lineDiff, type DiffLine } from '../../../model/line-diff.ts';
import { Button } from '../../../ui/controls.tsx';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';

const CONTEXT = 3;
const SIGNS = { same: '', added: '+', removed: '\u2212' } as const;
const SPOKEN = { same: '', added: 'added', removed: 'removed' } as const;

function Line({ line }: { line: DiffLine }) {
  return (
    <li className={line.kind}>
      <i>{line.after ?? line.before}</i>
      <b>
        <span aria-hidden="true">{SIGNS[line.kind]}</span>
        <span className="hidden">{SPOKEN[line.kind]}</span>
      </b>
      <span>{line.text}</span>
    </li>
  );
}

/** How one text became another, line by line; what is the same is folded away until it is wanted. */
export function DiffView({ before, after, name }: { before: string; after: string; name: string }) {
  const parts = useMemo(() => diffParts(lineDiff(before, after), CONTEXT), [before, after]);
  const [open, setOpen] = useState<readonly number[]>([]);
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  return (
    <ScrollRegion className="diff scrolling" role="region" label={name}>
      <ol>
        {parts.map((part) => {
          if (part.kind === 'lines')
            return part.lines.map((line) => (
              <Line key={`${line.kind} ${line.before ?? ''} ${line.after ?? ''}`} line={line} />
            ));
          if (open.includes(part.at))
            return lines
              .slice(part.at, part.at + part.count)
              .map((line) => <Line key={`same ${line.before ?? ''} ${line.after ?? ''}`} line={line} />);
          return (
            <li key={`gap ${part.at}`} className="gap">
              <Button
                small
                kind="ghost"
                onClick={() => {
                  setOpen([...open, part.at]);
                }}
              >
                {part.count === 1 ? '1 line the same' : `${part.count} lines the same`}
              </Button>
            </li>
          );
        })}
      </ol>
    </ScrollRegion>
  );
}
