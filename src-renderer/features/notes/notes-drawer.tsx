import { useEffect, useRef } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import { useApp, useView } from '../../store/context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useShownExposure } from '../monitor/use-verdict.ts';
import { NotesPanel } from './notes-panel.tsx';
import { useNotes } from './use-notes.ts';

/** Opens and closes the notes of the exposure on screen; says how many there are and its flag. */
export function NotesButton() {
  const { view } = useApp();
  const open = useView((state) => state.notes);
  const exposure = useShownExposure();
  const notes = useNotes(exposure?.expid ?? null);
  if (!exposure) return null;
  const known = notes.state === 'ready' ? notes.value : null;
  const comments = (known?.comments ?? []).filter(({ deletedAt }) => deletedAt === null).length;
  const flag = known?.flags[0]?.flag ?? null;
  return (
    <button
      type="button"
      className={`button small notes-button${flag === null ? '' : ` ${flag}`}`}
      aria-pressed={open}
      title="Comments and flag of this exposure (I)"
      onClick={() => {
        view.setState({ notes: !open });
      }}
    >
      <Icon name={flag === null || flag === 'good' ? 'comment' : 'flag'} size={13} />
      {flag ?? 'Notes'}
      {comments > 0 && <b>{comments}</b>}
    </button>
  );
}

/** The notes of the exposure on screen, in a drawer beside whatever is looked at. */
export function NotesDrawer() {
  const { view } = useApp();
  const open = useView((state) => state.notes);
  const screen = useView((state) => state.screen);
  const camera = useView((state) => state.camera);
  const exposure = useShownExposure();
  const drawer = useRef<HTMLElement>(null);
  const shown = open && exposure !== undefined && (screen === 'monitor' || screen === 'camera');
  const close = (): void => {
    view.setState({ notes: false });
  };
  useEffect(() => {
    if (shown) drawer.current?.querySelector('textarea')?.focus();
  }, [shown]);
  if (!shown) return null;
  return (
    // Escape inside the drawer closes it; the fields in it take all other keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      ref={drawer}
      className="notes-drawer panel"
      aria-label={`Notes of exposure ${expid8(exposure.expid)}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <div className="panel-head">
        <h2>Notes</h2>
        <span className="note">{expid8(exposure.expid)}</span>
        <span className="spring" />
        <button type="button" className="icon-button" aria-label="Close the notes" onClick={close}>
          <Icon name="close" size={15} />
        </button>
      </div>
      <NotesPanel expid={exposure.expid} camera={screen === 'camera' ? camera : null} />
    </aside>
  );
}
