import { useState } from 'react';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { utcDate } from '../../model/format.ts';
import { useCommand, useNow, useRoom } from '../../store/context.tsx';
import { ConfirmButton } from '../../ui/controls.tsx';
import { NumberField } from '../../ui/fields.tsx';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { useAnswer } from '../camera/use-engine-data.ts';

/** Where pipelines post to, and who may besides QLF's own jobs. */
export function IngestSection({
  settings,
  change,
}: {
  settings: EngineSettings;
  change: (patch: Partial<EngineSettings>) => void;
}) {
  const command = useCommand();
  const now = useNow(60_000);
  const url = useRoom((state) => state.room?.engine.ingestUrl ?? '');
  const [revision, setRevision] = useState(0);
  const users = useAnswer('ingest.users', {}, String(revision));
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const goodUser = /^[A-Za-z0-9_.@-]{1,64}$/.test(user);
  const goodPassword = password.length >= 8;
  const known = users.state === 'ready' ? users.value : [];
  const after = (done: boolean): void => {
    if (!done) return;
    setRevision(revision + 1);
    setUser('');
    setPassword('');
  };
  return (
    <>
      <Panel title="Endpoint" note="at once">
        <div className="fields one">
          <NumberField
            key={`port ${settings.ingestPort}`}
            label="Port"
            value={settings.ingestPort}
            min={0}
            max={65_535}
            unit="of this computer alone; 0: any free one; a taken one: the next that is free"
            onChange={(ingestPort) => {
              change({ ingestPort });
            }}
          />
          <div className="field wide">
            <span>Now at</span>
            <code>{url}</code>
          </div>
        </div>
        <p className="explain">
          Jobs under way go on posting to the port that they were given; it is closed when the last of them has ended.
        </p>
      </Panel>
      <Panel title="Who may post" note="besides QLF’s own jobs, each of which has a password of its own">
        {users.state === 'error' && (
          <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The users cannot be read">
            {users.message}
          </StateNote>
        )}
        <ul className="user-list" aria-label="Ingest users">
          {known.map((item) => (
            <li key={item.user}>
              <b>{item.user}</b>
              <span>password set {utcDate(item.createdAt, now)}</span>
              <ConfirmButton
                question={`Remove ${item.user}?`}
                onConfirm={() => void command((b) => b.call('ingest.remove-user', { user: item.user })).then(after)}
              >
                Remove
              </ConfirmButton>
            </li>
          ))}
          {users.state === 'ready' && known.length === 0 && <li>Nobody yet: other pipelines cannot post.</li>}
        </ul>
        <form
          className="new-user"
          onSubmit={(event) => {
            event.preventDefault();
            if (goodUser && goodPassword)
              void command((b) => b.call('ingest.save-user', { user, password })).then(after);
          }}
        >
          <input
            type="text"
            aria-label="User"
            placeholder="user"
            autoComplete="off"
            value={user}
            onChange={(event) => {
              setUser(event.target.value);
            }}
          />
          <input
            type="password"
            aria-label="Password, at least 8 characters"
            placeholder="password, at least 8 characters"
            autoComplete="new-password"
            value={password}
            onChange={(event) => {
              setPassword(event.target.value);
            }}
          />
          <button type="submit" className="button" disabled={!goodUser || !goodPassword}>
            {known.some((item) => item.user === user) ? 'Change password' : 'Add user'}
          </button>
        </form>
        <p className="explain">Passwords are kept as digests only, and cannot be read again.</p>
      </Panel>
    </>
  );
}
