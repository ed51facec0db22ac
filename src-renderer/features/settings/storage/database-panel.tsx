import { useState } from 'react';
import { formatBytes, utcDate } from '../../../model/format.ts';
import { useNow } from '../../../store/context.tsx';
import { Button, ConfirmButton } from '../../../ui/controls.tsx';
import { CheckField, NumberField, TextField } from '../../../ui/fields.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { StorageAnswer, StorageHandle } from './use-storage.ts';

/** Copies of the database, and the way back to one. */
export function DatabasePanel({ storage, answer }: { storage: StorageHandle; answer: StorageAnswer }) {
  const now = useNow(60_000);
  const [restored, setRestored] = useState('');
  const { settings, backups, backupFolder } = answer;
  const restore = (backup: string | null): void => {
    setRestored('');
    storage.order('storage.restore', { backup }, ({ replaced }) => {
      if (replaced !== null) setRestored(`Restored. The database that was in use lies in ${replaced}.`);
    });
  };
  return (
    <Panel title="Database" note="copies are proven whole before they count">
      <div className="storage-choices" role="group" aria-label="Daily copy">
        <CheckField
          label="copy once a day, while QLF works"
          checked={settings.backupDaily}
          onChange={(backupDaily) => {
            storage.save({ backupDaily });
          }}
        />
      </div>
      <div className="fields one">
        <NumberField
          key={`keep ${settings.backupKeep}`}
          label="Keep"
          value={settings.backupKeep}
          min={1}
          max={365}
          unit="daily copies"
          onChange={(backupKeep) => {
            storage.save({ backupKeep });
          }}
        />
        <TextField
          key={`folder ${settings.backupFolder ?? ''}`}
          label="Folder"
          value={settings.backupFolder ?? ''}
          hint="empty: in the data folder; another disk is safer"
          onChange={(path) => {
            storage.save({ backupFolder: path === '' ? null : path });
          }}
        />
      </div>
      <ul className="storage-list" aria-label="Copies">
        {backups.map(({ name, bytes, at }) => (
          <li key={name}>
            <span>
              {utcDate(at, now)}, {name}, {formatBytes(bytes)}
            </span>
            {!storage.busy && (
              <ConfirmButton
                question="Exchange the database?"
                onConfirm={() => {
                  restore(name);
                }}
              >
                Restore
              </ConfirmButton>
            )}
          </li>
        ))}
        {backups.length === 0 && <li>No daily copy yet; it will lie in {backupFolder}.</li>}
      </ul>
      {restored !== '' && <p className="explain">{restored}</p>}
      <div className="take-over">
        <Button
          disabled={storage.busy}
          onClick={() => {
            storage.order('storage.backup', {});
          }}
        >
          Copy now
        </Button>
        <Button
          disabled={storage.busy}
          onClick={() => {
            restore(null);
          }}
        >
          Restore a file
        </Button>
      </div>
    </Panel>
  );
}
