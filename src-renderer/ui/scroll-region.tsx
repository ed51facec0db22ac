import type { ReactNode, Ref } from 'react';

/** A region that scrolls, with a name and in the order of Tab so that the keyboard can scroll it. */
export function ScrollRegion({
  label,
  role,
  className,
  ref,
  children,
}: {
  label: string;
  role: 'region' | 'log' | 'table';
  className: string;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}) {
  return (
    <div
      ref={ref}
      role={role}
      aria-label={label}
      aria-live={role === 'log' ? 'off' : undefined}
      className={className}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-scrolls=""
    >
      {children}
    </div>
  );
}
