import { useState } from 'react';
import './fields.css';

/** A number from `min` to `max` in steps (1: whole); written on Enter and when the field is left, put back when it is none. */
export function NumberField({
  label,
  value,
  min,
  max = Infinity,
  step = 1,
  unit,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max?: number;
  step?: number;
  unit: string;
  onChange: (value: number) => void;
}) {
  const [text, setText] = useState(String(value));
  const commit = (): void => {
    const next = Number(text);
    const fits = text.trim() !== '' && Number.isInteger(next / step) && next >= min && next <= max;
    if (fits && next !== value) onChange(next);
    else setText(String(value));
  };
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="number"
        min={min}
        max={Number.isFinite(max) ? max : undefined}
        step={step}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      <small>{unit}</small>
    </label>
  );
}

/** A line of text; written on Enter and when the field is left. */
export function TextField({
  label,
  value,
  hint,
  onChange,
}: {
  label: string;
  value: string;
  hint: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  const commit = (): void => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <label className="field wide">
      <span>{label}</span>
      <input
        type="text"
        spellCheck={false}
        placeholder={hint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
    </label>
  );
}

/** A choice that is on or off, with its words beside it. */
export function CheckField({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="check-field">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      {label}
    </label>
  );
}
