import { useEffect, useRef } from 'react';
import { useApp, useView } from '../../store/context.tsx';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { SHORTCUTS } from './shortcuts.ts';

const LEGEND: readonly (readonly [Status, string])[] = [
  ['alarm', 'judged: outside the warning band'],
  ['acknowledged', 'an alarm that somebody has seen'],
  ['shelved', 'an alarm put aside until a time'],
  ['warning', 'judged: outside the normal band'],
  ['normal', 'judged: inside the normal band'],
  ['unknown', 'posted without a valid reference, or not posted'],
  ['running', 'a step is working'],
  ['waiting', 'queued, or not yet posted'],
  ['failed', 'the job ended badly'],
  ['missing', 'expected, not in the file'],
  ['cancelled', 'ended by an observer'],
  ['not-expected', 'not part of this exposure'],
  ['superseded', 'passed over for a newer one'],
  ['stale', 'older than its promise'],
  ['lost', 'no contact'],
];

/** The sheet of all keys and of the status grammar. */
export function HelpSheet() {
  const { view } = useApp();
  const open = useView((state) => state.help);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => {
    view.setState({ help: false });
  };
  return (
    <dialog ref={dialog} className="help-sheet" aria-labelledby="help-title" onClose={close}>
      <header>
        <h1 id="help-title">Keys and shapes</h1>
        <Button small onClick={close} keys="Esc">
          Close
        </Button>
      </header>
      <div className="help-columns">
        {SHORTCUTS.map(({ place, keys }) => (
          <section key={place}>
            <h2>{place}</h2>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section className="legend">
          <h2>Status</h2>
          <ul>
            {LEGEND.map(([status, meaning]) => (
              <li key={status}>
                <StatusGlyph status={status} size={16} named />
                <b>{STATUS_WORDS[status]}</b>
                <span>{meaning}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </dialog>
  );
}
