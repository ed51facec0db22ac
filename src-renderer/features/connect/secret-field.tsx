import { useState } from 'react';
import { useCommand } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** A password or passphrase: it can be given and removed, never read. */
export function SecretField({
  label,
  name,
  known,
  hint,
  onChanged,
}: {
  label: string;
  /** As `databaseSecret` and `keySecret` make it. */
  name: string;
  known: boolean;
  /** While none is known. */
  hint: string;
  onChanged: () => void;
}) {
  const command = useCommand();
  const [text, setText] = useState('');
  const give = (): void => {
    if (text === '') return;
    const secret = text;
    setText('');
    void command((bridge) => bridge.call('secret.set', { name, secret })).then(onChanged);
  };
  return (
    <div className="field secret">
      <span>{label}</span>
      <input
        type="password"
        aria-label={label}
        autoComplete="off"
        placeholder={known ? 'given; type to replace it' : hint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            give();
          }
        }}
      />
      {text !== '' ? (
        <Button small kind="primary" label={`Keep: ${label}`} onClick={give}>
          Keep
        </Button>
      ) : known ? (
        <>
          <em>
            <StatusGlyph status="normal" size={12} /> given
          </em>
          <Button
            small
            kind="ghost"
            label={`Forget: ${label}`}
            onClick={() => {
              void command((bridge) => bridge.call('secret.remove', { name })).then(onChanged);
            }}
          >
            Forget
          </Button>
        </>
      ) : (
        <em>not given</em>
      )}
    </div>
  );
}
