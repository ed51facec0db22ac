import { useEffect, useId, useRef, useState } from 'react';
import type { SecretQuestion } from '#shared/domain/connection.ts';
import { useCommand } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';
import './connect.css';

/** Takes a password or passphrase that a connection has asked for. */
export function SecretDialog({ question, onClose }: { question: SecretQuestion; onClose: (given: boolean) => void }) {
  const command = useCommand();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const state = useAnswer('secret.state', { names: [question.name] }, question.name);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const give = async (): Promise<void> => {
    onClose(await command((bridge) => bridge.call('secret.set', { name: question.name, secret: text })));
  };
  return (
    <dialog
      ref={dialog}
      className="ask-sheet"
      aria-labelledby={id}
      onClose={() => {
        onClose(false);
      }}
    >
      <header>
        <h1 id={id}>A connection needs {question.words}</h1>
      </header>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text !== '') void give();
        }}
      >
        <label className="ask-name">
          {question.name.startsWith('database') ? 'Password' : 'Passphrase'}
          <input
            type="password"
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </label>
        <p>{state.state === 'ready' ? state.value.words : ''}</p>
        <footer>
          <Button
            kind="ghost"
            onClick={() => {
              dialog.current?.close();
            }}
          >
            Not now
          </Button>
          <span className="spring" />
          <button type="submit" className="button primary" disabled={text === ''}>
            Give it
          </button>
        </footer>
      </form>
    </dialog>
  );
}
