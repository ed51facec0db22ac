import { useState } from 'react';
import type { Json } from '#shared/domain/measurement.ts';
import {
  configurationForm,
  isOwn,
  pipelineWith,
  valueAt,
  type FormField,
  type FormGroup,
  type FormStep,
} from '../../../model/configuration-form.ts';
import { Panel, StateNote } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';
import type { Checked } from './use-configuration.ts';
import { FieldControl } from './form-field.tsx';

const STEP_WORDS: Readonly<Record<FormStep['step'], string>> = {
  initialize: 'file check',
  preproc: 'overscan, gain, cosmics',
  flexure: 'trace shifts from sky lines',
  extract: 'spectra from the image',
  fiberflat: 'fiber to fiber differences',
  sky: 'sky subtraction, S/N',
  fluxcal: 'flux calibration',
  resolution: 'line widths from arcs',
  'fiberflat-compute': 'flat field from this exposure',
};

type SetValue = (path: readonly string[], value: Json) => void;

function StepRow({ item, steps, setValue }: { item: FormStep; steps: readonly FormStep[]; setValue: SetValue }) {
  const { step, algorithm, algorithms } = item;
  const choose = (next: string | null): void => {
    setValue(['Pipeline'], pipelineWith(steps, step, next));
  };
  return (
    <li className={algorithm === null ? 'off' : ''}>
      <label>
        <input
          type="checkbox"
          checked={algorithm !== null}
          onChange={(event) => {
            choose(event.target.checked ? (algorithms[0] ?? null) : null);
          }}
        />
        <b>{step}</b>
      </label>
      <span>{STEP_WORDS[step]}</span>
      {algorithms.length > 1 ? (
        <select
          aria-label={`Algorithm of ${step}`}
          value={algorithm ?? ''}
          disabled={algorithm === null}
          onChange={(event) => {
            choose(event.target.value);
          }}
        >
          {algorithm === null && <option value="">left out</option>}
          {algorithms.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        <i>{algorithm ?? 'left out'}</i>
      )}
    </li>
  );
}

/** Groups that a search finds, with the fields in them that it finds. */
function searched(groups: readonly FormGroup[], search: string): FormGroup[] {
  const wanted = search.trim().toLowerCase();
  return groups.flatMap((group): FormGroup[] => {
    if (group.fields.length === 0) return [];
    if (wanted === '' || group.title.toLowerCase().includes(wanted)) return [group];
    const fields = group.fields.filter(({ label, path }) =>
      `${label} ${path.join(' ')}`.toLowerCase().includes(wanted),
    );
    return fields.length > 0 ? [{ ...group, fields }] : [];
  });
}

/** The configuration as a form: steps, then every value of the steps that run. */
export function ConfigurationFormPanel({
  checked,
  before,
  program,
  setValue,
}: {
  checked: Checked | null;
  /** The same as saved, to say what a value was. */
  before: Json | null;
  program: boolean;
  setValue: SetValue;
}) {
  const [search, setSearch] = useState('');
  const form = checked === null ? null : configurationForm(checked.resolved);
  const problemOf = ({ path }: FormField): string =>
    checked?.problems.find(
      (problem) =>
        problem.elsewhere === null && path.every((key, i) => problem.path[i] === key) && problem.path.length > 0,
    )?.message ?? '';
  const own = checked?.own ?? null;
  return (
    <Panel
      title="Form"
      note="from the schema, checked as you type"
      className="configuration-form"
      tools={
        <input
          type="search"
          placeholder="Find a value"
          aria-label="Find a value of the configuration"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
        />
      }
    >
      {form === null ? (
        checked !== null && (
          <StateNote
            glyph={<StatusGlyph status="unknown" size={16} named />}
            title="The text cannot be shown as a form"
          >
            It lacks what every configuration has, or is no YAML. Mend it beside, or discard the edit.
          </StateNote>
        )
      ) : (
        <div className="scrolling" data-scrolls>
          {search === '' && (
            <section>
              <h3>
                Steps <span>in the order in which they run</span>
              </h3>
              <ul className="pipeline-steps">
                {form.steps.map((item) => (
                  <StepRow key={item.step} item={item} steps={form.steps} setValue={setValue} />
                ))}
              </ul>
            </section>
          )}
          {searched(form.groups, search).map((group) => (
            <section key={group.id}>
              <h3>
                {group.title} <span>{group.note}</span>
              </h3>
              <div className="form-fields">
                {group.fields.map((field) => (
                  <FieldControl
                    key={`${field.path.join('.')} ${JSON.stringify(field.value)}`}
                    field={field}
                    was={before === null ? undefined : valueAt(before, field.path)}
                    problem={problemOf(field)}
                    origin={program ? (isOwn(own, field.path) ? 'own' : 'inherited') : null}
                    onChange={(value) => {
                      setValue(field.path, value);
                    }}
                    onInherit={() => {
                      setValue(field.path, null);
                    }}
                  />
                ))}
              </div>
            </section>
          ))}
        </div>
      )}
    </Panel>
  );
}
