import { useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import type { Comment } from '#shared/domain/notes.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { utcDateTime } from '../../model/history-columns.ts';
import { useApp, useCommand, useView } from '../../store/context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { placeWords } from '../notes/comment-item.tsx';
import { FlagChip } from '../notes/flag-chip.tsx';
import { ObserverField } from '../notes/observer-field.tsx';

function DayCrew({ report }: { report: NightReport }) {
  const command = useCommand();
  const observer = useView((state) => state.observer);
  const [text, setText] = useState(report.note?.text ?? '');
  const [saved, setSaved] = useState(report.note);
  const changed = text.trim() !== (saved?.text ?? '');
  const ready = changed && observer.trim() !== '';
  const save = (): void => {
    const { night } = report;
    void command(async (bridge) => {
      const answer = await bridge.call('report.note', { night, author: observer, text });
      if (answer.ok) setSaved(answer.value);
      return answer;
    });
  };
  return (
    <form
      className="day-crew"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        aria-label="Note for the day crew"
        placeholder="Note for the day crew"
        rows={4}
        maxLength={20_000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <div>
        <small title={saved ? `${observatoryTime(saved.at)} MST` : undefined}>
          {changed ? 'not saved yet' : saved ? `${saved.author}, ${utcDateTime(saved.at)} UTC` : ''}
        </small>
        <ObserverField />
        <button type="submit" className="button small primary" disabled={!ready}>
          Save the note
        </button>
      </div>
    </form>
  );
}

/** A flag, a comment, or the word that there is neither. */
interface Item {
  flag: NightReport['flags'][number] | null;
  comment: Comment | null;
}

/** What people said of the night's exposures, and the note for those who come after. */
export function NightComments({ report }: { report: NightReport }) {
  const { view } = useApp();
  const { comments, flags } = report;
  const items: Item[] = [
    ...flags.map((flag): Item => ({ flag, comment: null })),
    ...comments.map((comment): Item => ({ flag: null, comment })),
  ];
  if (items.length === 0) items.push({ flag: null, comment: null });
  const open = (expid: number) => (): void => {
    view.setState(({ history }) => ({
      screen: 'history',
      history: { ...history, search: String(expid), filter: { expidFrom: expid, expidTo: expid } },
    }));
  };
  const exposure = (expid: number) => (
    <button type="button" className="tag" title="Find it in the history" onClick={open(expid)}>
      {expid8(expid)}
    </button>
  );
  return (
    <Panel
      title="Comments"
      note={comments.length === 0 ? '' : `${String(comments.length)}, from the exposures`}
      className="report-comments"
    >
      <VirtualList
        label="Comments and flags of the night"
        className="scrolling"
        items={items}
        keyOf={(item) => (item.flag ? `flag ${item.flag.expid}` : item.comment ? item.comment.id : 'none')}
        estimate={(item) => (item.comment ? 64 : 34)}
      >
        {({ flag, comment }) =>
          flag ? (
            <div className="report-flag">
              {flag.flag !== null && <FlagChip flag={flag.flag} />}
              {exposure(flag.expid)}
              <span>
                {flag.author}
                {flag.reason === '' ? '' : `: ${flag.reason}`}
              </span>
            </div>
          ) : comment ? (
            <article className="comment">
              <p className="comment-head">
                <b>{comment.author}</b>
                <span title={`${observatoryTime(comment.createdAt)} MST`}>
                  {utcTime(comment.createdAt).slice(0, 5)} UTC {exposure(comment.expid)}
                  {placeWords(comment) !== '' && <span className="tag">{placeWords(comment)}</span>}
                </span>
              </p>
              <p className="comment-text">{comment.text}</p>
            </article>
          ) : (
            <p className="report-none">
              Nobody commented on this night’s exposures. Comments are written beside an exposure, with Notes.
            </p>
          )
        }
      </VirtualList>
      <DayCrew report={report} />
    </Panel>
  );
}
