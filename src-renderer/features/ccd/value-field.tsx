import { useState } from 'react';

/** Digits that a field shows: more than the eye can tell apart in an image. */
const DIGITS = 7;

/** A number of any kind; written on Enter and when the field is left, put back when it is none. */
export function ValueField({
  label,
  value,
  onChange,
}: {
  label: string;
  /** Null: there is nothing to change. */
  value: number | null;
  onChange: (value: number) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const commit = (): void => {
    const next = text === null || text.trim() === '' ? NaN : Number(text.trim());
    setText(null);
    if (Number.isFinite(next)) onChange(next);
  };
  return (
    <label className="value-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        spellCheck={false}
        disabled={value === null}
        value={text ?? (value === null ? '' : String(Number(value.toPrecision(DIGITS))))}
        onFocus={(event) => {
          event.target.select();
        }}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
