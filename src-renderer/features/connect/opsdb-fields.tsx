import { databaseSecret, type OpsdbForm } from '#shared/domain/connection.ts';
import { Button, Segmented } from '../../ui/controls.tsx';
import { NumberField, TextField } from '../../ui/fields.tsx';
import { DataHostFields } from './data-host-fields.tsx';
import { SecretField } from './secret-field.tsx';
import type { ConnectionDraft } from './use-connection.ts';

const TLS = [
  { value: 'verify-full', text: 'Verified' },
  { value: 'require', text: 'Encrypted only' },
  { value: 'off', text: 'Off' },
] as const satisfies readonly { value: OpsdbForm['tls']['mode']; text: string }[];

/** A name for a data host that is not there yet. */
function newName(hosts: OpsdbForm['dataHosts']): string {
  for (let n = 1; ; n++) {
    const name = `data${n}`;
    if (!Object.hasOwn(hosts, name)) return name;
  }
}

/** How an operations database is reached, and the hosts on which its files lie. */
export function OpsdbFields({ draft }: { draft: ConnectionDraft }) {
  const { opsdb, setOpsdb, secrets, refreshSecrets, form: source, setForm, problem } = draft;
  const place = (
    <TextField
      key={`file ${source.file}`}
      label="Configuration"
      value={source.file}
      hint={opsdb ? `${opsdb.file}; or the absolute path of another JSON file` : 'absolute path of a JSON file'}
      onChange={(file) => {
        setForm({ ...source, file });
      }}
    />
  );
  if (!opsdb)
    return (
      <>
        {place}
        {problem !== '' && <p className="explain problem">{problem}</p>}
      </>
    );
  const { form } = opsdb;
  const change = (patch: Partial<OpsdbForm>): void => {
    setOpsdb({ ...form, ...patch });
  };
  const known = new Set(secrets?.known);
  const hosts = Object.entries(form.dataHosts);
  return (
    <>
      <TextField
        key={`host ${form.host}`}
        label="Database host"
        value={form.host}
        hint="name or address of the PostgreSQL server"
        onChange={(host) => {
          change({ host });
        }}
      />
      <div className="field-pair">
        <TextField
          key={`database ${form.database}`}
          label="Database"
          value={form.database}
          hint="desi"
          onChange={(database) => {
            change({ database: database || 'desi' });
          }}
        />
        <NumberField
          key={`port ${form.port}`}
          label="Port"
          value={form.port}
          min={1}
          max={65_535}
          unit=""
          onChange={(port) => {
            change({ port });
          }}
        />
      </div>
      <TextField
        key={`user ${form.user}`}
        label="User"
        value={form.user}
        hint="a role that may only read"
        onChange={(user) => {
          change({ user: user || 'qlf_reader' });
        }}
      />
      {form.host !== '' && (
        <SecretField
          key={databaseSecret(form)}
          label="Password"
          name={databaseSecret(form)}
          known={known.has(databaseSecret(form))}
          hint="empty: the password file of PostgreSQL"
          onChanged={refreshSecrets}
        />
      )}
      <div className="field">
        <span>Encryption</span>
        <Segmented
          label="Encryption"
          value={form.tls.mode}
          options={TLS}
          onChange={(mode) => {
            change({ tls: { mode, ca: mode === 'verify-full' ? form.tls.ca : null } });
          }}
        />
      </div>
      {form.tls.mode === 'verify-full' && (
        <TextField
          key={`ca ${form.tls.ca ?? ''}`}
          label="Authority"
          value={form.tls.ca ?? ''}
          hint="absolute path of its certificate (PEM); empty: the system’s authorities"
          onChange={(ca) => {
            change({ tls: { ...form.tls, ca: ca === '' ? null : ca } });
          }}
        />
      )}
      <div className="field wide">
        <span>Data hosts</span>
        <span className="explain">
          {hosts.length === 0 ? 'none: the files are on this computer. ' : ''}
          <Button
            small
            onClick={() => {
              const empty = { host: '', port: 22, user: '', identityFile: null, knownHostsFile: null };
              change({ dataHosts: { ...form.dataHosts, [newName(form.dataHosts)]: empty } });
            }}
          >
            Add a data host
          </Button>
        </span>
      </div>
      {hosts.map(([name, host]) => (
        <DataHostFields
          key={name}
          name={name}
          host={host}
          known={known}
          onSecret={refreshSecrets}
          onChange={(next, host) => {
            const entries = hosts.flatMap(([other, value]) =>
              other === name ? (host === null ? [] : [[next, host] as const]) : [[other, value] as const],
            );
            change({ dataHosts: Object.fromEntries(entries) });
          }}
        />
      ))}
      {place}
      <p className="explain">
        {opsdb.mapped
          ? 'Tables and columns are mapped in that file; what is filled in here leaves them as they are.'
          : 'Tables and columns are those of resources/opsdb.sql; others are mapped in that file.'}
        {problem !== '' && <span className="problem"> {problem}</span>}
      </p>
    </>
  );
}
