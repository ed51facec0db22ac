import { useState } from 'react';
import type { Json } from '#shared/domain/measurement.ts';
import { fieldText, parseField, type FormField } from '../../../model/configuration-form.ts';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';

/**
 * One value: taken on Enter and when the field is left. Says what it was, what is wrong with it, and for a program whether it
 * is its own.
 */
export function FieldControl({
  field,
  was,
  problem,
  origin,
  onChange,
  onInherit,
}: {
  field: FormField;
  /** The saved value; the same as now where nothing is edited. */
  was: Json | undefined;
  problem: string;
  /** `own` or `inherited` for a program, null for a flavor. */
  origin: 'own' | 'inherited' | null;
  onChange: (value: Json) => void;
  onInherit: () => void;
}) {
  const { label, unit, help, kind, value } = field;
  const written = fieldText(field);
  const [text, setText] = useState(written);
  const [refused, setRefused] = useState('');
  const edited = was !== undefined && JSON.stringify(was) !== JSON.stringify(value);
  const wrong = refused || problem;
  const commit = (): void => {
    if (text === written) {
      setRefused('');
      return;
    }
    const parsed = parseField(field, text);
    if ('problem' in parsed) setRefused(parsed.problem);
    else {
      setRefused('');
      onChange(parsed.value);
    }
  };
  const id = `field ${field.path.join('.')}`;
  return (
    <div className={`form-field${kind === 'numbers' || kind === 'texts' ? ' long' : ''}${edited ? ' edited' : ''}`}>
      <span className="label">
        <label htmlFor={id} title={field.path.join('.')}>
          {label}
        </label>
        {origin === 'own' && (
          <button type="button" className="inherit" aria-label={`${label}: as science`} onClick={onInherit}>
            as science
          </button>
        )}
      </span>
      {kind === 'boolean' ? (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          onChange={(event) => {
            onChange(event.target.checked);
          }}
        />
      ) : kind === 'choice' ? (
        <select
          id={id}
          value={written}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        >
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <span className={`box${wrong ? ' wrong' : ''}${origin === 'inherited' ? ' inherited' : ''}`}>
          <input
            id={id}
            type="text"
            spellCheck={false}
            value={text}
            aria-invalid={wrong !== ''}
            aria-describedby={wrong ? `${id} problem` : undefined}
            onChange={(event) => {
              setText(event.target.value);
            }}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape') {
                event.stopPropagation();
                setText(written);
                setRefused('');
              }
            }}
          />
          <i>{unit}</i>
        </span>
      )}
      {wrong ? (
        <small className="problem" id={`${id} problem`}>
          <StatusGlyph status="alarm" size={12} named /> {wrong}
        </small>
      ) : (
        (edited || help !== '') && (
          <small className={edited ? 'was' : ''}>{edited ? `was ${fieldText({ value: was })}` : help}</small>
        )
      )}
    </div>
  );
}
