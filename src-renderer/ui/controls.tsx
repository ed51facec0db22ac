import { useEffect, useId, useState, type ReactNode } from 'react';

/** A button; `keys` shows the key that does the same. */
export function Button({
  children,
  onClick,
  kind = 'plain',
  small = false,
  disabled = false,
  keys,
  label,
}: {
  children: ReactNode;
  onClick: () => void;
  kind?: 'plain' | 'primary' | 'accent' | 'ghost';
  small?: boolean;
  disabled?: boolean;
  keys?: string;
  /** Accessible name where the content alone does not say it. */
  label?: string;
}) {
  return (
    <button
      type="button"
      className={`button ${kind}${small ? ' small' : ''}`}
      onClick={onClick}
      disabled={disabled}
      aria-label={label}
    >
      {children}
      {keys !== undefined && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

/** How long a button waits for its second click. */
const CONFIRM_MS = 4000;

/** A button that must be pressed twice: what it does cannot be taken back. */
export function ConfirmButton({
  children,
  question,
  onConfirm,
}: {
  children: ReactNode;
  question: string;
  onConfirm: () => void;
}) {
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!asking) return;
    const timer = setTimeout(() => {
      setAsking(false);
    }, CONFIRM_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [asking]);
  const press = (): void => {
    setAsking(!asking);
    if (asking) onConfirm();
  };
  return (
    <Button small kind={asking ? 'primary' : 'ghost'} onClick={press}>
      <span aria-live="polite">{asking ? question : children}</span>
    </Button>
  );
}

/** A few choices of which one holds, as radio buttons: arrows move, Tab leaves. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; text: ReactNode; name?: string }[];
  onChange: (value: T) => void;
}) {
  const group = useId();
  return (
    <fieldset className="segmented">
      <legend className="hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={option.value === value ? 'on' : ''}>
          <input
            type="radio"
            name={group}
            value={option.value}
            checked={option.value === value}
            aria-label={option.name}
            onChange={() => {
              onChange(option.value);
            }}
          />
          {option.text}
        </label>
      ))}
    </fieldset>
  );
}
