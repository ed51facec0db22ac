import { useState } from 'react';
import { REMOTE_ROLES, type RemoteRole, type RemoteToken } from '#shared/domain/remote.ts';
import { utcDate } from '../../../model/format.ts';
import { useApp, useCommand } from '../../../store/context.tsx';
import { Button, ConfirmButton, Segmented } from '../../../ui/controls.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { copyText } from '../../logs/copy-text.ts';

const DAYS = [
  { value: '1', text: 'a day' },
  { value: '30', text: '30 days' },
  { value: '365', text: 'a year' },
  { value: '', text: 'until revoked' },
] as const;

function standing({ revokedAt, expiresAt, lastUsedAt }: RemoteToken, now: number): string {
  if (revokedAt !== null) return `revoked ${utcDate(revokedAt, now)}`;
  if (expiresAt !== null && expiresAt <= now) return `expired ${utcDate(expiresAt, now)}`;
  const until = expiresAt === null ? 'until revoked' : `until ${utcDate(expiresAt, now)}`;
  return `${until}, ${lastUsedAt === null ? 'never used' : `last used ${utcDate(lastUsedAt, now)}`}`;
}

const holds = ({ revokedAt, expiresAt }: RemoteToken, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

/** A token is to be seen once, here. */
function NewToken({ token, name, done }: { token: string; name: string; done: () => void }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="new-token" role="status">
      <p>
        The token of {name}. It is shown this once: give it to them on a way that nobody else reads.
        {copied && ' It is copied.'}
      </p>
      <code>{token}</code>
      <div>
        <Button
          small
          onClick={() => {
            setCopied(copyText(token));
          }}
        >
          Copy
        </Button>
        <Button small kind="ghost" onClick={done}>
          Done
        </Button>
      </div>
    </div>
  );
}

/** Who may do more than look. */
export function TokensPanel({
  tokens,
  now,
  changed,
}: {
  tokens: readonly RemoteToken[];
  now: number;
  changed: () => void;
}) {
  const { bridge, view } = useApp();
  const command = useCommand();
  const [name, setName] = useState('');
  const [role, setRole] = useState<RemoteRole>('observer');
  const [days, setDays] = useState<(typeof DAYS)[number]['value']>('30');
  const [made, setMade] = useState<{ token: string; name: string } | null>(null);
  const add = async (): Promise<void> => {
    const wish = { name: name.trim(), role, days: days === '' ? null : Number(days) };
    const answer = await bridge.call('remote.add-token', wish);
    view.setState({ notice: answer.ok ? '' : answer.error.message });
    if (!answer.ok) return;
    setMade({ token: answer.value.token, name: wish.name });
    setName('');
    changed();
  };
  return (
    <Panel title="Tokens" note="a viewer looks, an observer runs the night, an engineer changes settings">
      {made && (
        <NewToken
          {...made}
          done={() => {
            setMade(null);
          }}
        />
      )}
      <ul className="user-list scrolling remote-tokens" aria-label="Tokens">
        {tokens.map((token) => (
          <li key={token.id} className={holds(token, now) ? '' : 'over'}>
            <b>{token.name}</b>
            <span>
              {token.role}, {standing(token, now)}
            </span>
            {holds(token, now) && (
              <ConfirmButton
                question={`Revoke ${token.name}'s?`}
                onConfirm={() => void command((b) => b.call('remote.revoke', { id: token.id })).then(changed)}
              >
                Revoke
              </ConfirmButton>
            )}
          </li>
        ))}
        {tokens.length === 0 && <li>None: from elsewhere QLF can only be looked at.</li>}
      </ul>
      <form
        className="new-token-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void add();
        }}
      >
        <div className="new-user">
          <input
            type="text"
            aria-label="Whom the token is for"
            placeholder="whom it is for"
            maxLength={80}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
          <button type="submit" className="button" disabled={name.trim() === ''}>
            Make a token
          </button>
        </div>
        <div className="new-user">
          <Segmented
            label="Role"
            value={role}
            options={REMOTE_ROLES.map((value) => ({ value, text: value }))}
            onChange={setRole}
          />
          <Segmented label="Holds for" value={days} options={DAYS} onChange={setDays} />
        </div>
      </form>
    </Panel>
  );
}
