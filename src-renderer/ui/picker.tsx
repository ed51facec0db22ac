import './picker.css';

/** One of a list, as the system's own drop-down. */
export function Picker<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; text: string; disabled?: boolean }[];
  onChange: (value: T) => void;
}) {
  return (
    <select
      className="picker"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const found = options.find((option) => option.value === event.target.value);
        if (found) onChange(found.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
          {option.text}
        </option>
      ))}
    </select>
  );
}

/** A choice that is on or off, as a button that stays pressed. */
export function Toggle({
  text,
  on,
  title,
  onChange,
}: {
  text: string;
  on: boolean;
  title?: string;
  onChange: (on: boolean) => void;
}) {
  return (
    <button
      type="button"
      className={`button small toggle${on ? ' on' : ''}`}
      aria-pressed={on}
      title={title}
      onClick={() => {
        onChange(!on);
      }}
    >
      {text}
    </button>
  );
}
