import type { ReactNode } from 'react';
import './code-editor.css';

const PIECES =
  /(#.*$)|^(\s*(?:- )?)([^\s:#'"[{][^:#]*?)(:)(?=\s|$)|('[^']*'|"[^"]*")|(-?\b\d[\d.eE+-]*\b|\btrue\b|\bfalse\b|\bnull\b)/g;

/** A line of YAML with its keys, values and comments told apart. */
function YamlLine({ text }: { text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    const [whole, comment, indent, key, colon, quoted] = match;
    parts.push(text.slice(at, match.index));
    const place = match.index;
    if (comment !== undefined) parts.push(<i key={place}>{comment}</i>);
    else if (key !== undefined) parts.push(indent, <b key={place}>{key}</b>, colon);
    else parts.push(<s key={place}>{quoted ?? whole}</s>);
    at = place + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** YAML as text with line numbers; lines in `marks` are marked as wrong and say why. */
export function CodeEditor({
  label,
  text,
  marks,
  placeholder = '',
  onChange,
}: {
  label: string;
  text: string;
  /** Line, from 1 → what is wrong with it. */
  marks: ReadonlyMap<number, string>;
  placeholder?: string;
  /** Absent: it can be read only. */
  onChange?: (text: string) => void;
}) {
  const lines = text.split('\n');
  const widest = Math.max(24, ...lines.map((line) => line.length + 2));
  return (
    <div className="code scrolling" data-scrolls>
      <div className="code-page" style={{ minWidth: `calc(${widest}ch + 44px)` }}>
        <ol className="code-lines" aria-hidden="true">
          {lines.map((line, i) => (
            <li key={i} className={marks.has(i + 1) ? 'wrong' : ''} title={marks.get(i + 1)}>
              <span>
                <YamlLine text={line} />
                {'\u200b'}
              </span>
            </li>
          ))}
        </ol>
        <textarea
          aria-label={label}
          aria-invalid={marks.size > 0}
          spellCheck={false}
          autoComplete="off"
          wrap="off"
          rows={lines.length}
          placeholder={placeholder}
          readOnly={onChange === undefined}
          value={text}
          onChange={(event) => {
            onChange?.(event.target.value);
          }}
        />
      </div>
    </div>
  );
}
