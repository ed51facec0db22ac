import { useState } from 'react';

/**
 * A short text that is changed by typing: the whole is selected when it is entered, taken on Enter and when it is left, and put
 * back on Escape.
 */
export function TypedText({
  label,
  value,
  numeric,
  className,
  title,
  onChange,
}: {
  label: string;
  value: string;
  numeric: 'decimal' | 'numeric';
  className?: string;
  title?: string;
  /** Not called for an empty text, nor for the one that was there. */
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const commit = (): void => {
    const next = (text ?? '').trim();
    if (next !== '' && next !== value) onChange(next);
    setText(null);
  };
  return (
    <input
      type="text"
      inputMode={numeric}
      className={className}
      aria-label={label}
      title={title ?? label}
      value={text ?? value}
      onFocus={(event) => {
        setText(value);
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
  );
}
