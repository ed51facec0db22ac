import { useState } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import { observatoryTime, utcTime } from '../../model/format.ts';
import { utcDateTime } from '../../model/history-columns.ts';
import { useApp, useCommand, useView } from '../../store/context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { placeWords } from '../notes/comment-item.tsx';
import { FlagChip } from '../notes/flag-chip.tsx';

function DayCrew({ report }: { report: NightReport }) {
  const { view } = useApp();
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
        <input
          type="text"
          aria-label="Your name"
          placeholder="Your name"
          maxLength={80}
          value={observer}
          onChange={(event) => {
            view.setState({ observer: event.target.value });
          }}
        />
        <button type="submit" className="button small primary" disabled={!ready}>
          Save the note
        </button>
      </div>
    </form>
  );
}

/** What people said of the night's exposures, and the note for those who come after. */
export function NightComments({ report }: { report: NightReport }) {
  const { view } = useApp();
  const { comments, flags } = report;
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
      <ScrollRegion role="region" label="Comments and flags of the night" className="scrolling">
        {flags.length > 0 && (
          <ul className="report-flags">
            {flags.map((entry) => (
              <li key={entry.expid}>
                {entry.flag !== null && <FlagChip flag={entry.flag} />}
                {exposure(entry.expid)}
                <span>
                  {entry.author}
                  {entry.reason === '' ? '' : `: ${entry.reason}`}
                </span>
              </li>
            ))}
          </ul>
        )}
        {comments.map((comment) => (
          <article key={comment.id} className="comment">
            <p className="comment-head">
              <b>{comment.author}</b>
              <span title={`${observatoryTime(comment.createdAt)} MST`}>
                {utcTime(comment.createdAt).slice(0, 5)} UTC {exposure(comment.expid)}
                {placeWords(comment) !== '' && <span className="tag">{placeWords(comment)}</span>}
              </span>
            </p>
            <p className="comment-text">{comment.text}</p>
          </article>
        ))}
        {comments.length === 0 && flags.length === 0 && (
          <p className="report-none">Nobody commented on this night’s exposures.</p>
        )}
      </ScrollRegion>
      <DayCrew report={report} />
    </Panel>
  );
}
