import { useState } from 'react';
import { formatValue } from '../../model/format.ts';

/** A number of any kind; written on Enter and when the field is left, put back when it is none. */
export function ValueField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const commit = (): void => {
    const next = text === null || text.trim() === '' ? NaN : Number(text.trim().replace('\u2212', '-'));
    setText(null);
    if (Number.isFinite(next) && next !== value) onChange(next);
  };
  return (
    <label className="value-field">
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        spellCheck={false}
        value={text ?? formatValue(value)}
        onFocus={(event) => {
          setText(String(Number(value.toPrecision(9))));
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
