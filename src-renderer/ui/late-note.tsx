import { useEffect, useState } from 'react';
import { StateNote } from './panel.tsx';
import { StatusGlyph } from './status-glyph.tsx';

/** What comes sooner is not announced, ms. */
const PATIENCE_MS = 400;

/** Says what is waited for, once it takes longer than one notices; blank until then. */
export function LateNote({ title }: { title: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return late && <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title={title} />;
}
