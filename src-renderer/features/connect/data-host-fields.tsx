import { keySecret, type OpsdbForm } from '#shared/domain/connection.ts';
import { Button } from '../../ui/controls.tsx';
import { TextField } from '../../ui/fields.tsx';
import { SecretField } from './secret-field.tsx';

type DataHost = OpsdbForm['dataHosts'][string];

/** A machine that holds files, by the name that the database gives it. */
export function DataHostFields({
  name,
  host,
  known,
  onSecret,
  onChange,
}: {
  name: string;
  host: DataHost;
  known: ReadonlySet<string>;
  onSecret: () => void;
  /** Null: taken away. */
  onChange: (name: string, host: DataHost | null) => void;
}) {
  const change = (patch: Partial<DataHost>): void => {
    onChange(name, { ...host, ...patch });
  };
  const secret = keySecret(host.identityFile);
  return (
    <fieldset className="data-host">
      <legend className="hidden">Data host {name}</legend>
      <div className="data-host-row">
        <TextField
          label="Name"
          value={name}
          hint="as in the database"
          onChange={(next) => {
            if (next !== '') onChange(next, host);
          }}
        />
        <Button
          small
          kind="ghost"
          label={`Take away: ${name}`}
          onClick={() => {
            onChange(name, null);
          }}
        >
          Take away
        </Button>
      </div>
      <div className="data-host-grid">
        <TextField
          key={`host ${host.host}`}
          label="Host"
          value={host.host}
          hint="name or address"
          onChange={(next) => {
            change({ host: next });
          }}
        />
        <TextField
          key={`port ${host.port}`}
          label="Port"
          value={String(host.port)}
          hint="22"
          onChange={(next) => {
            const port = next === '' ? 22 : Number(next);
            if (Number.isInteger(port) && port > 0 && port < 65_536) change({ port });
          }}
        />
        <TextField
          key={`user ${host.user}`}
          label="User"
          value={host.user}
          hint="account there"
          onChange={(user) => {
            change({ user });
          }}
        />
        <TextField
          key={`key ${host.identityFile ?? ''}`}
          label="Private key"
          value={host.identityFile ?? ''}
          hint="path; empty: agent, usual keys"
          onChange={(path) => {
            change({ identityFile: path === '' ? null : path });
          }}
        />
      </div>
      <SecretField
        key={secret}
        label="Passphrase"
        name={secret}
        known={known.has(secret)}
        hint="of that key; empty: it has none, or an agent"
        onChanged={onSecret}
      />
    </fieldset>
  );
}
