import { useState } from 'react';

const NIGHT = /^[0-9]{8}$/;

/** A night as YYYYMMDD; empty: any. */
export function NightField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (night: string | null) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const wrong = text !== '' && !NIGHT.test(text);
  return (
    <label className={`limit-night${wrong ? ' wrong' : ''}`}>
      <span>{label}</span>
      <input
        type="text"
        inputMode="numeric"
        placeholder="any"
        maxLength={8}
        size={8}
        value={text}
        aria-invalid={wrong}
        title="YYYYMMDD; empty: any night"
        onChange={(event) => {
          const next = event.target.value.trim();
          setText(next);
          if (next === '') onChange(null);
          else if (NIGHT.test(next)) onChange(next);
        }}
      />
    </label>
  );
}
