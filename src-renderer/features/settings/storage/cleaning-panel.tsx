import { useState } from 'react';
import { STORAGE_KINDS, type CleaningPlan, type StorageKind } from '#shared/domain/storage.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import { count, formatBytes, utcDate } from '../../../model/format.ts';
import { daysOf, KIND_WORDS } from '../../../model/storage.ts';
import { useNow, useView } from '../../../store/context.tsx';
import { Button, ConfirmButton } from '../../../ui/controls.tsx';
import { CheckField, NumberField } from '../../../ui/fields.tsx';
import { Panel } from '../../../ui/panel.tsx';
import type { StorageAnswer, StorageHandle } from './use-storage.ts';

function DaysField({
  kind,
  value,
  onChange,
}: {
  kind: StorageKind;
  value: number | null;
  onChange: (days: number | null) => void;
}) {
  const [text, setText] = useState(value === null ? '' : String(value));
  const commit = (): void => {
    const days = daysOf(text);
    if (days === undefined) setText(value === null ? '' : String(value));
    else if (days !== value) onChange(days);
  };
  return (
    <input
      type="text"
      inputMode="numeric"
      className="plain"
      aria-label={`${KIND_WORDS[kind].title}: days`}
      placeholder="for ever"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

/** What would go and what would stay, in numbers. */
function PlanView({ plan }: { plan: CleaningPlan }) {
  return (
    <div className="storage-plan" aria-label="Preview">
      <p>
        <b>
          {plan.files === 0
            ? 'Nothing is old enough to go.'
            : `Would free ${formatBytes(plan.bytes)}: ${count(plan.files, 'file')} of ${count(plan.exposures, 'exposure')}.`}
        </b>
      </p>
      <ul>
        {plan.kinds.map(({ kind, files, bytes }) => (
          <li key={kind}>
            {KIND_WORDS[kind].title}: {formatBytes(bytes)}, {count(files, 'file')}
          </li>
        ))}
        {plan.kept.map(({ reason, exposures, bytes }) => (
          <li key={reason} className="kept">
            stays, {reason}: {count(exposures, 'exposure')}, {formatBytes(bytes)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How long what is kept, when it is cleaned, and what a cleaning would do. */
export function CleaningPanel({ storage, answer }: { storage: StorageHandle; answer: StorageAnswer }) {
  const now = useNow(60_000);
  const observer = useView((state) => state.observer);
  const [plan, setPlan] = useState<CleaningPlan | null>(null);
  const { settings, cleaned } = answer;
  const { save, order, busy } = storage;
  const preview = (): void => {
    setPlan(null);
    order('storage.preview', {}, setPlan);
  };
  return (
    <Panel title="Cleaning" note="at once">
      <p className="explain">
        Days after an exposure was last processed. What is unprocessed, running, to be caught up, commented, flagged or
        has an active alarm stays. Measurements, comments and all else in the database stay for ever.
      </p>
      <table className="storage-table" aria-label="How long files are kept">
        <tbody>
          {STORAGE_KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{KIND_WORDS[kind].title}</th>
              <td>
                <DaysField
                  key={String(settings.keepDays[kind])}
                  kind={kind}
                  value={settings.keepDays[kind]}
                  onChange={(days) => {
                    save({ keepDays: { ...settings.keepDays, [kind]: days } });
                  }}
                />
                {settings.keepDays[kind] !== null && <span>days</span>}
              </td>
              <td className="cost">{KIND_WORDS[kind].cost}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="storage-choices" role="group" aria-label="When">
        <CheckField
          label="once a day"
          checked={settings.daily}
          onChange={(daily) => {
            save({ daily });
          }}
        />
        <CheckField
          label="when the disk passes its warning, the oldest first until it is below, younger ones too"
          checked={settings.whenFull}
          onChange={(whenFull) => {
            save({ whenFull });
          }}
        />
      </div>
      <div className="fields one">
        <NumberField
          key={`least ${settings.leastDays}`}
          label="Never before"
          value={settings.leastDays}
          min={1}
          max={365}
          unit="days, however full the disk is"
          onChange={(leastDays) => {
            save({ leastDays });
          }}
        />
      </div>
      {plan && <PlanView plan={plan} />}
      <div className="take-over">
        <Button disabled={busy} onClick={preview}>
          What would go now
        </Button>
        {!busy && (
          <ConfirmButton
            question="Delete now?"
            onConfirm={() => {
              setPlan(null);
              order('storage.clean', { by: observer.trim() === '' ? 'observer' : observer.trim() });
            }}
          >
            Clean now
          </ConfirmButton>
        )}
      </div>
      {cleaned.length > 0 && (
        <ul className="storage-list" aria-label="Deleted lately">
          {cleaned.map((entry, i) => (
            <li key={i}>
              {utcDate(entry.at, now)} {entry.expid === null ? '' : expid8(entry.expid)} {KIND_WORDS[entry.kind].title},{' '}
              {count(entry.files, 'file')}, {formatBytes(entry.bytes)} ({entry.why}
              {entry.by === '' ? '' : `, ${entry.by}`})
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
