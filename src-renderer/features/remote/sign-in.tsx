import { useId, useState } from 'react';
import type { RemoteLink } from '../../remote/remote-link.ts';
import './remote.css';

/** Takes a token; `done` when it holds. */
export function SignIn({ link, done }: { link: RemoteLink; done?: () => void }) {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const id = useId();
  const give = async (): Promise<void> => {
    setBusy(true);
    const words = await link.signIn(token.trim());
    setBusy(false);
    setRefusal(words);
    if (words !== '') return;
    setToken('');
    done?.();
  };
  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== '' && !busy) void give();
      }}
    >
      <label>
        Token
        <input
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          aria-describedby={id}
          value={token}
          onChange={(event) => {
            setToken(event.target.value);
          }}
        />
      </label>
      <p id={id} role={refusal === '' ? undefined : 'alert'} className={refusal === '' ? '' : 'problem'}>
        {refusal === '' ? 'Whoever looks after QLF gives it: Settings, Remote view.' : refusal}
      </p>
      <button type="submit" className="button primary" disabled={token.trim() === '' || busy}>
        Sign in
      </button>
    </form>
  );
}
