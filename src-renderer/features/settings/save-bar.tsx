import type { ReactNode } from 'react';
import { useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { ObserverField } from '../notes/observer-field.tsx';

/** What an edit needs to become a version: no error, a reason, a name; and when it will hold. */
export function SaveBar({
  errors,
  edited,
  about,
  reason,
  onReason,
  save,
  onSave,
  onDiscard,
}: {
  /** How many things are wrong. */
  errors: number;
  edited: boolean;
  /** What is edited, in words. */
  about: ReactNode;
  reason: string;
  onReason: (reason: string) => void;
  /** 'Save as v3' */
  save: string;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const observer = useView((state) => state.observer);
  const why =
    errors > 0
      ? 'mend the errors first'
      : reason.trim() === ''
        ? 'say why'
        : observer.trim() === ''
          ? 'give your name'
          : '';
  return (
    <div className="panel save-bar" role="group" aria-label="Save">
      {errors > 0 ? (
        <strong className="errors">
          <StatusGlyph status="alarm" size={14} named />
          {errors === 1 ? '1 error to mend' : `${errors} errors to mend`}
        </strong>
      ) : (
        <span className="about">{edited ? about : 'Nothing is edited.'}</span>
      )}
      <input
        type="text"
        className="plain"
        aria-label="Reason for the change"
        placeholder="Reason for the change, kept with the version"
        maxLength={2000}
        disabled={!edited}
        value={reason}
        onChange={(event) => {
          onReason(event.target.value);
        }}
      />
      <span className="author">
        <ObserverField />
      </span>
      <span className="when">Used from the next exposure</span>
      <Button disabled={!edited} onClick={onDiscard}>
        Discard
      </Button>
      <span title={edited ? why : ''}>
        <Button kind="primary" disabled={!edited || why !== ''} onClick={onSave}>
          {save}
        </Button>
      </span>
    </div>
  );
}
