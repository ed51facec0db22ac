import type { ReactNode } from 'react';
import type { Status } from '../model/status.ts';
import { StatusGlyph } from './status-glyph.tsx';

/** What a whole screen says in the place of its contents: what is the matter, why, and what to do. */
export function ScreenMessage({ status, title, children }: { status: Status; title: string; children: ReactNode }) {
  return (
    <div className="screen-message">
      <StatusGlyph status={status} size={48} />
      <div>
        <h1>{title}</h1>
        {children}
      </div>
    </div>
  );
}
