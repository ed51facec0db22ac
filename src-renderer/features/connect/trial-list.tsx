import { useState } from 'react';
import type { HostKeyQuestion } from '#shared/domain/connection.ts';
import { keyOf, PART_WORDS, statusOf, titleOf, trialsWords, type Trial } from '../../model/trials.ts';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { HostKeyDialog } from './host-key-dialog.tsx';
import type { Trials } from './use-trials.ts';

function TrialRow({ trial, trials, onKey }: { trial: Trial; trials: Trials; onKey: (key: HostKeyQuestion) => void }) {
  const { check, state } = trial;
  const result = typeof state === 'object' ? state : null;
  const hostKey = result?.hostKey ?? null;
  return (
    <li className={typeof state === 'object' ? state.outcome : state}>
      <StatusGlyph status={statusOf(trial)} size={15} named />
      <b>{titleOf(check)}</b>
      <span>{result?.found ?? (state === 'running' ? 'Trying \u2026' : PART_WORDS[check.part].asks)}</span>
      <span className="trial-actions">
        {hostKey && (
          <Button
            small
            kind={hostKey.verdict === 'unknown' ? 'primary' : 'plain'}
            onClick={() => {
              onKey(hostKey);
            }}
          >
            {hostKey.verdict === 'unknown' ? 'Compare the key' : 'What this means'}
          </Button>
        )}
        <Button
          small
          label={`Test: ${titleOf(check)}`}
          disabled={trials.busy}
          onClick={() => {
            void trials.tryOne(check);
          }}
        >
          Test
        </Button>
      </span>
      {result && result.advice !== '' && <p>{result.advice}</p>}
    </li>
  );
}

/** Every part of a connection with its own test, and what each has shown. */
export function TrialList({ trials, ready }: { trials: Trials; ready: boolean }) {
  const [key, setKey] = useState<HostKeyQuestion | null>(null);
  const { status, text } = trialsWords(trials.list);
  return (
    <section className="panel trials" aria-label="Tests of the connection">
      <div className="panel-head">
        <h2>Test</h2>
        <span className="trials-sum" role="status">
          <StatusGlyph status={status} size={13} />
          {text}
        </span>
        <span className="spring" />
        {trials.busy ? (
          <Button small onClick={trials.cancel}>
            Stop
          </Button>
        ) : (
          <Button
            small
            kind="accent"
            disabled={!ready}
            onClick={() => {
              void trials.tryAll();
            }}
          >
            Test everything
          </Button>
        )}
      </div>
      <ul className="scrolling" data-scrolls>
        {trials.list.map((trial) => (
          <TrialRow key={keyOf(trial.check)} trial={trial} trials={trials} onKey={setKey} />
        ))}
        {trials.list.length === 0 && (
          <li className="nothing">
            <span>
              {ready
                ? 'Each part is tried by itself, and says what it found and what to do. Nothing is changed by it.'
                : 'Fill in what is missing first.'}
            </span>
          </li>
        )}
      </ul>
      {key && (
        <HostKeyDialog
          question={key}
          onClose={(accepted) => {
            setKey(null);
            if (accepted) void trials.tryAll();
          }}
        />
      )}
    </section>
  );
}
