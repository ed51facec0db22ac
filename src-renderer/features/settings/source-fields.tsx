import type { SourceForm, SourceKind } from '../../model/source-form.ts';
import { Segmented } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';

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
  opsdb: [{ part: 'file', label: 'Configuration', hint: 'absolute path of a JSON file: host, tables, data hosts' }],
};

/** Where exposures come from, with what each way needs. */
export function SourceFields({ form, onChange }: { form: SourceForm; onChange: (form: SourceForm) => void }) {
  return (
    <>
      <div className="field">
        <span>Exposures from</span>
        <Segmented
          label="Exposures from"
          value={form.kind}
          options={KINDS}
          onChange={(kind) => {
            onChange({ ...form, kind });
          }}
        />
      </div>
      {FIELDS[form.kind].map(({ part, label, hint }) => (
        <TextField
          key={`${form.kind} ${part} ${form[part]}`}
          label={label}
          value={form[part]}
          hint={hint}
          onChange={(text) => {
            onChange({ ...form, [part]: text });
          }}
        />
      ))}
    </>
  );
}
