import { count } from '../../../model/format.ts';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import type { FitsjsVerdict } from './use-fitsjs.ts';

/** What fitsjs made of the file, next to what our own reader made of it. */
export function FitsjsNote({ verdict, ours }: { verdict: FitsjsVerdict; ours: number }) {
  return (
    <div className="fitsjs-note" role="status" data-state={verdict.state}>
      <Words verdict={verdict} ours={ours} />
    </div>
  );
}

function Words({ verdict, ours }: { verdict: FitsjsVerdict; ours: number }) {
  switch (verdict.state) {
    case 'reading':
      return <p>fitsjs reads the headers too {'\u2026'}</p>;
    case 'hung':
      return (
        <p>
          <StatusGlyph status="failed" size={14} named /> <b>fitsjs did not come to an end</b> and was stopped after 5
          s; so it does on damaged files. What is shown is read by QLF.
        </p>
      );
    case 'failed':
      return (
        <p>
          <StatusGlyph status="failed" size={14} named /> <b>fitsjs gave up:</b> {verdict.reason}. What is shown is read
          by QLF.
        </p>
      );
    case 'done': {
      const { differences, hdus } = verdict;
      if (differences.length === 0)
        return <p>fitsjs finds the same {count(ours, 'HDU')} and the same values in their headers.</p>;
      return (
        <details>
          <summary>
            <StatusGlyph status="unknown" size={14} named /> fitsjs finds {count(hdus, 'HDU')} and reads{' '}
            <b>{count(differences.length, 'thing')} otherwise</b>; QLF{'\u2019'}s reading is shown
          </summary>
          <ul>
            {differences.slice(0, 200).map(({ hdu, what, ours: own, theirs }, i) => (
              <li key={i}>
                <b>{hdu === null ? what : `${hdu} ${what}`}</b>
                <span>QLF {own}</span>
                <span>fitsjs {theirs}</span>
              </li>
            ))}
          </ul>
        </details>
      );
    }
  }
}
