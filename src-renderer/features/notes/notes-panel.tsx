import { useId, useState } from 'react';
import { CAMERAS, parseCamera, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { FLAGS, type Flag, type FlagEntry } from '#shared/domain/notes.ts';
import { utcDateTime } from '../../model/history-columns.ts';
import { useCommand, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { CommentItem } from './comment-item.tsx';
import { FlagChip } from './flag-chip.tsx';
import { useNotes } from './use-notes.ts';
import './notes.css';
import { ObserverField } from './observer-field.tsx';

function FlagForm({ expid, current }: { expid: number; current: FlagEntry | undefined }) {
  const command = useCommand();
  const observer = useView((view) => view.observer);
  const [wanted, setWanted] = useState<Flag | null | undefined>(undefined);
  const [reason, setReason] = useState('');
  const give = (flag: Flag | null): void => {
    void command((bridge) => bridge.call('flag.set', { expid, flag, author: observer, reason })).then((done) => {
      if (!done) return;
      setWanted(undefined);
      setReason('');
    });
  };
  const held = current?.flag ?? null;
  return (
    <div className="flag-form">
      <div className="flag-now">
        {current && held !== null ? (
          <>
            <FlagChip flag={held} />
            <span title={`${utcDateTime(current.at)} UTC`}>
              {current.author}
              {current.reason === '' ? '' : `: ${current.reason}`}
            </span>
          </>
        ) : (
          <span>Not flagged{observer === '' ? '; give your name below to flag it' : ''}</span>
        )}
      </div>
      <div className="flag-choices" role="group" aria-label={`Flag exposure ${expid8(expid)}`}>
        {FLAGS.map((flag) => (
          <Button
            key={flag}
            small
            kind={wanted === flag ? 'primary' : 'plain'}
            disabled={observer === '' || flag === held}
            onClick={() => {
              setWanted(wanted === flag ? undefined : flag);
            }}
          >
            {flag.charAt(0).toUpperCase() + flag.slice(1)}
          </Button>
        ))}
        {held !== null && (
          <Button
            small
            kind="ghost"
            disabled={observer === ''}
            onClick={() => {
              give(null);
            }}
          >
            Take back
          </Button>
        )}
      </div>
      {wanted !== undefined && (
        <form
          className="flag-why"
          onSubmit={(event) => {
            event.preventDefault();
            give(wanted);
          }}
        >
          <input
            type="text"
            aria-label="Why"
            placeholder={`Why ${wanted ?? ''}`}
            maxLength={2000}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
          <button type="submit" className="button small primary">
            Flag
          </button>
        </form>
      )}
    </div>
  );
}

/** What a comment is about, as typed: '', 'r3' or a fiber's number; undefined where it is none of these. */
function parsePlace(text: string): { camera: CameraName | null; fiber: number | null } | undefined {
  const words = text.trim().toLowerCase();
  if (words === '') return { camera: null, fiber: null };
  const camera = parseCamera(words);
  if (camera) return { camera, fiber: null };
  const fiber = /^(?:fiber\s*)?(\d{1,4})$/.exec(words);
  return fiber && Number(fiber[1]) < 5000 ? { camera: null, fiber: Number(fiber[1]) } : undefined;
}

function AddComment({ expid, camera }: { expid: number; camera: CameraName | null }) {
  const command = useCommand();
  const observer = useView((state) => state.observer);
  const [text, setText] = useState('');
  const [place, setPlace] = useState(camera ?? '');
  const cameras = useId();
  const about = parsePlace(place);
  const ready = about !== undefined && text.trim() !== '' && observer.trim() !== '';
  const add = (): void => {
    if (!ready) return;
    void command((bridge) => bridge.call('comment.add', { expid, ...about, author: observer, text })).then((done) => {
      if (done) setText('');
    });
  };
  return (
    <form
      className="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <textarea
        aria-label={`Comment on exposure ${expid8(expid)}`}
        placeholder="Comment on this exposure"
        rows={2}
        maxLength={10_000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add();
        }}
      />
      <div className="comment-line">
        <ObserverField />
        <input
          type="text"
          className="place-field"
          aria-label="Camera or fiber; empty for the whole exposure"
          aria-invalid={about === undefined}
          placeholder="camera, fiber"
          title="r3, or fiber 3294; empty for the whole exposure"
          maxLength={12}
          list={cameras}
          value={place}
          onChange={(event) => {
            setPlace(event.target.value);
          }}
        />
        <datalist id={cameras}>
          {CAMERAS.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" className="button small primary" disabled={!ready}>
          Add
        </button>
      </div>
    </form>
  );
}

/** What people say of an exposure: its flag, the comments on it, its cameras and fibers, and a place to say more. */
export function NotesPanel({ expid, camera }: { expid: number; camera: CameraName | null }) {
  const notes = useNotes(expid);
  const observer = useView((view) => view.observer);
  const [deleted, setDeleted] = useState(false);
  const all = notes.state === 'ready' ? notes.value : null;
  const comments = (all?.comments ?? []).filter(({ deletedAt }) => deleted || deletedAt === null);
  const gone = (all?.comments ?? []).filter(({ deletedAt }) => deletedAt !== null).length;
  return (
    <div className="notes" aria-busy={notes.state === 'loading'}>
      {notes.state === 'error' && (
        <p className="notes-error" role="alert">
          <StatusGlyph status="failed" size={14} named />
          {notes.message}
        </p>
      )}
      <FlagForm key={`flag ${expid}`} expid={expid} current={all?.flags[0]} />
      <ul className="comments scrolling" aria-label="Comments">
        {comments.map((comment) => (
          <CommentItem key={comment.id} comment={comment} observer={observer} />
        ))}
        {all && comments.length === 0 && (
          <li className="comments-empty">No comments yet. What an observer would want to know tomorrow goes here.</li>
        )}
        {gone > 0 && (
          <li className="comments-gone">
            <Button
              small
              kind="ghost"
              onClick={() => {
                setDeleted(!deleted);
              }}
            >
              {deleted ? 'Hide deleted' : `${gone} deleted, show`}
            </Button>
          </li>
        )}
      </ul>
      <AddComment key={`add ${expid} ${camera ?? ''}`} expid={expid} camera={camera} />
    </div>
  );
}
