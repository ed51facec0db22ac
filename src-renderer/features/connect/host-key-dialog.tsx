import { useEffect, useId, useRef } from 'react';
import type { HostKeyQuestion } from '#shared/domain/connection.ts';
import { useApp, useCommand, useView } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import './connect.css';

/** In groups that the eye can follow while the other side reads aloud. */
function Fingerprint({ text }: { text: string }) {
  const [algorithm = '', sum = ''] = text.split(/:(.*)/);
  const groups = sum.match(/.{1,4}/g) ?? [];
  return (
    <p className="fingerprint" aria-label={`Fingerprint ${text}`}>
      <small>{algorithm}</small>
      {groups.map((group, i) => (
        <span key={`${i} ${group}`}>{group}</span>
      ))}
    </p>
  );
}

const WORDS = {
  unknown: {
    title: 'Is this the right host?',
    text: 'QLF has not met it before. Anybody in between would present a key of their own, so the fingerprint must be compared once.',
  },
  changed: {
    title: 'The key of this host has changed',
    text: 'Another key is on record for it. Either somebody is in between and pretends to be this host, or it was installed anew. QLF does not talk to it.',
  },
  revoked: {
    title: 'The key of this host was revoked',
    text: 'It is marked as one that must not be trusted any more. QLF does not talk to this host.',
  },
} as const;

/** The key of a host as a person compares it; only one that nobody knows yet can be accepted. */
export function HostKeyDialog({
  question,
  onClose,
}: {
  question: HostKeyQuestion;
  onClose: (accepted: boolean) => void;
}) {
  const { view } = useApp();
  const command = useCommand();
  const observer = useView((state) => state.observer).trim();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const { host, port, type, fingerprint, verdict } = question;
  const { title, text } = WORDS[verdict];
  const unknown = verdict === 'unknown';
  const shown = { host, port, fingerprint, by: observer };
  const answer = async (accepted: boolean): Promise<void> => {
    const done = await command((bridge) => bridge.call(accepted ? 'host-key.accept' : 'host-key.refuse', shown));
    onClose(done && accepted);
  };
  return (
    <dialog
      ref={dialog}
      className={`ask-sheet ${verdict}`}
      aria-labelledby={id}
      onClose={() => {
        onClose(false);
      }}
    >
      <header>
        <StatusGlyph status={unknown ? 'warning' : 'failed'} size={30} />
        <h1 id={id}>{title}</h1>
      </header>
      <p>{text}</p>
      <dl className="ask-facts">
        <dt>Host</dt>
        <dd>
          <b>{host}</b>, port {port}
        </dd>
        <dt>Key</dt>
        <dd>{type}</dd>
      </dl>
      <Fingerprint text={fingerprint} />
      {unknown ? (
        <p>
          Ask the administrator of {host}, on the telephone or in the night{'\u2019'}s notes, not over this connection.
          There it is shown by{' '}
          <code>ssh-keygen -lf /etc/ssh/ssh_host_{type.replace(/^ssh-|-sha2-.*$/g, '')}_key.pub</code>. Every letter
          must be the same.
        </p>
      ) : (
        <ol>
          <li>Do not remove anything before you know why it changed.</li>
          <li>
            Ask the administrator of {host}, on the telephone: was it installed anew, or was its key replaced? Compare
            the fingerprint above.
          </li>
          <li>
            If it is right, somebody with access to this computer removes the old line of {host} from the file of known
            hosts (QLF{'\u2019'}s own is <code>~/.config/qlf/known_hosts</code>, ssh{'\u2019'}s is{' '}
            <code>~/.ssh/known_hosts</code>). Then QLF asks for the new key as for that of a new host.
          </li>
        </ol>
      )}
      {observer === '' && (
        <label className="ask-name">
          Your name, kept with the answer
          <input
            type="text"
            maxLength={80}
            onBlur={(event) => {
              view.setState({ observer: event.target.value });
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') view.setState({ observer: event.currentTarget.value });
            }}
          />
        </label>
      )}
      <footer>
        <Button
          kind="ghost"
          onClick={() => {
            dialog.current?.close();
          }}
        >
          {unknown ? 'Not now' : 'Close'}
        </Button>
        <span className="spring" />
        <Button disabled={observer === ''} onClick={() => void answer(false)}>
          {unknown ? 'Refuse' : 'Put aside: refused'}
        </Button>
        {unknown && (
          <Button kind="primary" disabled={observer === ''} onClick={() => void answer(true)}>
            It is the same: accept
          </Button>
        )}
      </footer>
    </dialog>
  );
}
