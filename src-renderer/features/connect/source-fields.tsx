import { keySecret } from '#shared/domain/connection.ts';
import type { SourceForm, SourceKind } from '../../model/source-form.ts';
import { Segmented } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';
import { OpsdbFields } from './opsdb-fields.tsx';
import { SecretField } from './secret-field.tsx';
import type { ConnectionDraft } from './use-connection.ts';
import './connect.css';

const KINDS = [
  { value: 'test', text: 'Test environment' },
  { value: 'folder', text: 'Folder here' },
  { value: 'ssh', text: 'Data host' },
  { value: 'opsdb', text: 'Operations database' },
] as const satisfies readonly { value: SourceKind; text: string }[];

type Part = Exclude<keyof SourceForm, 'kind'>;

const FIELDS: Readonly<Record<SourceKind, readonly { part: Part; label: string; hint: string }[]>> = {
  test: [],
  folder: [{ part: 'path', label: 'Raw folder', hint: 'absolute path; NIGHT/EXPID8/desi-EXPID8.fits.fz below it' }],
  ssh: [
    { part: 'host', label: 'Host', hint: 'name or address of the data host' },
    { part: 'user', label: 'User', hint: 'account there; empty: who runs QLF' },
    { part: 'port', label: 'Port', hint: '22' },
    { part: 'path', label: 'Raw folder there', hint: 'absolute path on that host' },
    { part: 'identity', label: 'Private key', hint: 'absolute path here; empty: the agent and the usual keys' },
    { part: 'knownHosts', label: 'Known hosts', hint: 'absolute path here; empty: ssh\u2019s own' },
    {
      part: 'calibration',
      label: 'Calibration there',
      hint: 'absolute path; empty: calib beside or inside the raw folder',
    },
    { part: 'nights', label: 'Nights looked at', hint: '14, the newest' },
  ],
  opsdb: [],
};

/** Which of the ways. */
export function SourceKindField({ draft: { form, setForm } }: { draft: ConnectionDraft }) {
  return (
    <div className="field">
      <span>Exposures from</span>
      <Segmented
        label="Exposures from"
        value={form.kind}
        options={KINDS}
        onChange={(kind) => {
          setForm({ ...form, kind });
        }}
      />
    </div>
  );
}

/** What the chosen way needs, secrets included. */
export function SourceFields({ draft }: { draft: ConnectionDraft }) {
  const { form, setForm, secrets, refreshSecrets } = draft;
  const key = keySecret(form.identity === '' ? null : form.identity);
  return (
    <>
      {FIELDS[form.kind].map(({ part, label, hint }) => (
        <TextField
          key={`${form.kind} ${part} ${form[part]}`}
          label={label}
          value={form[part]}
          hint={hint}
          onChange={(text) => {
            setForm({ ...form, [part]: text });
          }}
        />
      ))}
      {form.kind === 'ssh' && (
        <SecretField
          key={key}
          label="Passphrase"
          name={key}
          known={secrets?.known.includes(key) ?? false}
          hint="of that key; empty: it has none, or an agent holds it"
          onChanged={refreshSecrets}
        />
      )}
      {form.kind === 'opsdb' && <OpsdbFields draft={draft} />}
      {(form.kind === 'ssh' || form.kind === 'opsdb') && secrets && (
        <p className="explain quiet">Passwords and passphrases: {secrets.words}</p>
      )}
    </>
  );
}
