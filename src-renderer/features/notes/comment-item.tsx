import { useState } from 'react';
import type { Comment } from '#shared/domain/notes.ts';
import { utcDateTime } from '../../model/history-columns.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { useCommand } from '../../store/context.tsx';
import { Button, ConfirmButton } from '../../ui/controls.tsx';

/** 'r3', 'fiber 3294', or empty for the exposure as a whole. */
export function placeWords({ camera, fiber }: Pick<Comment, 'camera' | 'fiber'>): string {
  if (fiber !== null) return `fiber ${String(fiber)}`;
  return camera ?? '';
}

function Versions({ comment }: { comment: Comment }) {
  return (
    <ol className="comment-versions">
      {comment.versions.map(({ text, author, until }) => (
        <li key={until}>
          <small>
            {author}, until {utcDateTime(until)} UTC
          </small>
          {text}
        </li>
      ))}
    </ol>
  );
}

/** One comment: who, when, on what, and the ways to change it. A deleted one says so and keeps its text. */
export function CommentItem({ comment, observer }: { comment: Comment; observer: string }) {
  const command = useCommand();
  const [text, setText] = useState<string | null>(null);
  const [older, setOlder] = useState(false);
  const { id, author, createdAt, editedAt, editedBy, deletedAt, deletedBy } = comment;
  const place = placeWords(comment);
  const local = `${utcDateTime(createdAt)} UTC, ${observatoryTime(createdAt)} MST`;
  const save = (): void => {
    if (text === null) return;
    void command((bridge) => bridge.call('comment.edit', { id, author: observer, text })).then((done) => {
      if (done) setText(null);
    });
  };
  return (
    <li className={`comment${deletedAt === null ? '' : ' deleted'}`} data-comment={id}>
      <p className="comment-head">
        <b>{author}</b>
        <span title={local}>
          {utcTime(createdAt).slice(0, 5)} UTC
          {place !== '' && <span className="tag">{place}</span>}
        </span>
      </p>
      {text === null ? (
        <p className="comment-text">{comment.text}</p>
      ) : (
        <textarea
          aria-label="Text of the comment"
          rows={3}
          maxLength={10_000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      )}
      {editedAt !== null && (
        <p className="comment-more">
          changed by {editedBy} {utcDateTime(editedAt)} UTC
          <Button
            small
            kind="ghost"
            onClick={() => {
              setOlder(!older);
            }}
          >
            {older ? 'Hide' : `Show ${comment.versions.length === 1 ? 'the text before' : 'the texts before'}`}
          </Button>
        </p>
      )}
      {older && <Versions comment={comment} />}
      {deletedAt !== null && (
        <p className="comment-more">
          deleted by {deletedBy} {utcDateTime(deletedAt)} UTC
        </p>
      )}
      {deletedAt === null && (
        <div className={`comment-acts${text === null ? '' : ' editing'}`}>
          {text === null ? (
            <>
              <Button
                small
                kind="ghost"
                disabled={observer === ''}
                onClick={() => {
                  setText(comment.text);
                }}
              >
                Edit
              </Button>
              <ConfirmButton
                question="Really delete?"
                onConfirm={() =>
                  void command((bridge) => bridge.call('comment.delete', { id, author: observer || author }))
                }
              >
                Delete
              </ConfirmButton>
            </>
          ) : (
            <>
              <Button small kind="primary" disabled={text.trim() === ''} onClick={save}>
                Save
              </Button>
              <Button
                small
                kind="ghost"
                onClick={() => {
                  setText(null);
                }}
              >
                Leave as it was
              </Button>
            </>
          )}
        </div>
      )}
    </li>
  );
}
