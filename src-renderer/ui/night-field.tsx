import { useState } from 'react';
import { nightStart } from '#shared/domain/night.ts';

const complete = (text: string): boolean => /^\d{8}$/.test(text) && !Number.isNaN(nightStart(text));

/** A night as it is written in folder names, YYYYMMDD; taken as soon as it is a date, empty for none. */
export function NightField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (night: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? value ?? '';
  return (
    <input
      type="text"
      className="night-field"
      aria-label={label}
      title={`${label}, YYYYMMDD`}
      aria-invalid={text !== '' && text.length === 8 && !complete(text)}
      placeholder="YYYYMMDD"
      inputMode="numeric"
      maxLength={8}
      value={text}
      onChange={(event) => {
        const next = event.target.value.replace(/\D/g, '');
        setTyped(next);
        if (complete(next)) onChange(next);
        else if (next === '') onChange(undefined);
      }}
      onBlur={() => {
        setTyped(null);
      }}
    />
  );
}
