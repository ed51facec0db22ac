import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import './popover.css';

/**
 * A button that opens a small panel below it; Escape, a click elsewhere, or leaving it by Tab closes it. `children` gets the
 * way to close it.
 */
export function Popover({
  label,
  content,
  align = 'start',
  active = false,
  className = 'button small',
  title,
  children,
}: {
  /** Accessible name of the panel. */
  label: string;
  /** What stands in the button. */
  content: ReactNode;
  align?: 'start' | 'end';
  /** It holds a choice that differs from none. */
  active?: boolean;
  /** Of the button. */
  className?: string;
  title?: string;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const buttonId = useId();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const pointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      document.getElementById(buttonId)?.focus();
    };
    window.addEventListener('pointerdown', pointer, true);
    window.addEventListener('keydown', key, true);
    return () => {
      window.removeEventListener('pointerdown', pointer, true);
      window.removeEventListener('keydown', key, true);
    };
  }, [open, buttonId]);
  const close = (): void => {
    setOpen(false);
    document.getElementById(buttonId)?.focus();
  };
  return (
    <div
      ref={root}
      className="popover-root"
      role="presentation"
      onBlur={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !root.current?.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        id={buttonId}
        type="button"
        className={`${className}${active ? ' active' : ''}`}
        title={title}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setOpen(!open);
        }}
      >
        {content}
      </button>
      {open && (
        <div id={id} className={`popover ${align}`} role="dialog" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
