import { useId, type ReactNode } from 'react';

/** A panel with a heading line. */
export function Panel({
  title,
  note,
  tools,
  className = '',
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  tools?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className="note">{note}</span>}
        <span className="spring" />
        {tools}
      </div>
      {children}
    </section>
  );
}

/** An empty, loading or error state: what, why, and one action. */
export function StateNote({
  glyph,
  title,
  children,
  action,
}: {
  glyph: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="state-note">
      {glyph}
      <div>
        <strong>{title}</strong>
        {children !== undefined && <p>{children}</p>}
      </div>
      {action}
    </div>
  );
}
