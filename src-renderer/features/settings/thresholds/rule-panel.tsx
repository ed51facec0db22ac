import { useState } from 'react';
import { ARMS, armOf, CAMERAS, type Arm, type CameraName } from '#shared/domain/camera.ts';
import { checkRule, scopeWords, type LimitRule } from '#shared/domain/limits.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import { formatValue, unitText } from '../../../model/format.ts';
import { parseRange, rangeText } from '../../../model/limit-preview.ts';
import { elementsOf, type ThresholdPlace } from '../../../model/threshold-place.ts';
import { Button, Segmented } from '../../../ui/controls.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Picker } from '../../../ui/picker.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';

function LimitField({
  label,
  text,
  unit,
  edited,
  placeholder,
  parse,
  onChange,
}: {
  label: string;
  text: string;
  unit: string;
  edited: boolean;
  placeholder: string;
  /** False where the text says nothing that can be taken. */
  parse: (text: string) => boolean;
  onChange: (text: string) => void;
}) {
  const [written, setWritten] = useState(text);
  const [wrong, setWrong] = useState(false);
  const commit = (): void => {
    const good = parse(written);
    setWrong(!good);
    if (good && written !== text) onChange(written);
  };
  return (
    <label className={`limit-field${edited ? ' edited' : ''}`}>
      <span>{label}</span>
      <span className={`box${wrong ? ' wrong' : ''}`}>
        <input
          type="text"
          inputMode="decimal"
          value={written}
          placeholder={placeholder}
          aria-invalid={wrong}
          onChange={(event) => {
            setWritten(event.target.value);
          }}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
        <i>{unit}</i>
      </span>
    </label>
  );
}

const toNumber = (text: string): number => Number(text.replaceAll('\u2212', '-'));

/** Whom a limit is for, and its numbers. */
export function RulePanel({
  place,
  rule,
  own,
  source,
  postedReference,
  spread,
  onPlace,
  onRule,
  onRemove,
}: {
  place: ThresholdPlace;
  /** What judges there: its own limit, a wider one, or what is posted; null where nothing is known. */
  rule: Pick<LimitRule, 'reference' | 'normal' | 'warn'> | null;
  own: boolean;
  /** Where the numbers come from, in words. */
  source: string;
  postedReference: number | null;
  spread: { median: number; sigma: number; count: number } | null;
  onPlace: (change: Partial<ThresholdPlace>) => void;
  onRule: (rule: LimitRule) => void;
  onRemove: () => void;
}) {
  const definition = findKey(place.key);
  const elements = elementsOf(place.key, place.program);
  const unit = unitText(definition?.unit ?? '');
  const numbers = rule ?? { reference: null, normal: [0, 0], warn: [0, 0] };
  const set = (change: Partial<LimitRule>): void => {
    onRule({
      ...place,
      reference: numbers.reference,
      normal: numbers.normal,
      warn: numbers.warn,
      ...change,
    });
  };
  const problems = own && rule ? checkRule({ ...place, ...rule }) : [];
  const level = place.camera === null ? 'all' : place.camera.length === 1 ? 'arm' : 'camera';
  const arm: Arm = place.camera === null ? 'r' : armOf(place.camera as CameraName);
  const camera = place.camera !== null && place.camera.length === 2 ? place.camera : `${arm}3`;
  const suggest = (): void => {
    if (!spread) return;
    const round = (value: number): number => Number(value.toPrecision(2));
    const [near, far] = [round(5 * spread.sigma), round(10 * spread.sigma)];
    set({ reference: Number(spread.median.toPrecision(4)), normal: [-near, near], warn: [-far, far] });
  };
  return (
    <Panel
      title={definition?.label ?? place.key}
      note={`${place.key}${unit ? `, ${unit}` : ''}`}
      className="limit-rule"
      tools={
        <>
          <Segmented
            label="Cameras"
            value={level}
            options={[
              { value: 'all', text: 'All cameras' },
              { value: 'arm', text: `Arm ${arm}` },
              { value: 'camera', text: 'Camera' },
            ]}
            onChange={(next) => {
              onPlace({ camera: next === 'all' ? null : next === 'arm' ? arm : (camera as CameraName) });
            }}
          />
          {level === 'arm' && (
            <Picker
              label="Arm"
              value={arm}
              options={ARMS.map((value) => ({ value, text: value }))}
              onChange={(next) => {
                onPlace({ camera: next });
              }}
            />
          )}
          {level === 'camera' && (
            <Picker
              label="Camera"
              value={camera as CameraName}
              options={CAMERAS.map((value) => ({ value, text: value }))}
              onChange={(next) => {
                onPlace({ camera: next });
              }}
            />
          )}
          {elements.length > 0 && (
            <Segmented
              label="Element"
              value={place.element ?? 'all'}
              options={['all', ...elements].map((value) => ({ value, text: value === 'all' ? 'All' : value }))}
              onChange={(next) => {
                onPlace({ element: next === 'all' ? null : next });
              }}
            />
          )}
        </>
      }
    >
      <div className="limit-fields">
        <LimitField
          key={`reference ${numbers.reference ?? ''}`}
          label="Reference"
          unit={unit}
          edited={own && numbers.reference !== null}
          text={numbers.reference === null ? '' : String(numbers.reference)}
          placeholder={postedReference === null ? 'as posted' : `${formatValue(postedReference)}, as posted`}
          parse={(text) => text.trim() === '' || Number.isFinite(toNumber(text))}
          onChange={(text) => {
            set({ reference: text.trim() === '' ? null : toNumber(text) });
          }}
        />
        <LimitField
          key={`normal ${numbers.normal.join(' ')}`}
          label="Warning outside ±"
          unit={unit}
          edited={own}
          text={rule ? rangeText(numbers.normal) : ''}
          placeholder="0.5 or −0.5, 0.8"
          parse={(text) => parseRange(text) !== undefined}
          onChange={(text) => {
            const normal = parseRange(text);
            if (normal) set({ normal, ...(rule ? {} : { warn: [2 * normal[0], 2 * normal[1]] }) });
          }}
        />
        <LimitField
          key={`warn ${numbers.warn.join(' ')}`}
          label="Alarm outside ±"
          unit={unit}
          edited={own}
          text={rule ? rangeText(numbers.warn) : ''}
          placeholder="1 or −1, 1.2"
          parse={(text) => parseRange(text) !== undefined}
          onChange={(text) => {
            const warn = parseRange(text);
            if (warn) set({ warn, ...(rule ? {} : { normal: [warn[0] / 2, warn[1] / 2] }) });
          }}
        />
        <div className="limit-history">
          {spread ? (
            <>
              median {formatValue(spread.median)}, robust σ {formatValue(spread.sigma)}
              <br />5 σ is {formatValue(5 * spread.sigma)}, 10 σ is {formatValue(10 * spread.sigma)}
            </>
          ) : (
            'Too few past values for a median and its spread.'
          )}
        </div>
        <Button small disabled={!spread || spread.sigma === 0} onClick={suggest}>
          Suggest from history
        </Button>
      </div>
      <p className="limit-source">
        {problems.length > 0 ? (
          <span className="problem">
            <StatusGlyph status="alarm" size={12} named /> {problems.join('; ')}
          </span>
        ) : (
          <>
            For {scopeWords(place)}: {source}
          </>
        )}
        {own && (
          <Button small kind="ghost" onClick={onRemove}>
            Take this limit away
          </Button>
        )}
      </p>
    </Panel>
  );
}
