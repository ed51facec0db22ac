import type { Flag } from '#shared/domain/notes.ts';
import { Icon } from '../../ui/icon.tsx';
import './notes.css';

/** A person's judgement of an exposure: a flag with its word. */
export function FlagChip({ flag, title = '' }: { flag: Flag; title?: string }) {
  return (
    <span className={`flag-chip ${flag}`} title={title === '' ? undefined : title}>
      <Icon name={flag === 'good' ? 'tick' : 'flag'} size={12} />
      {flag}
    </span>
  );
}
