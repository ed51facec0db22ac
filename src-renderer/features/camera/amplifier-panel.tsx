import type { JudgedElement } from '#shared/domain/measurement.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import type { CameraModel } from '../../model/camera-model.ts';
import { fixed, formatLimit, formatValue, unitText } from '../../model/format.ts';
import { STATUS_WORDS } from '../../model/status.ts';
import { Panel, StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

/** As the amplifiers lie on the CCD. */
const PLACES = ['C', 'D', 'A', 'B'] as const;

function deviationOf({ value, reference }: JudgedElement): number | null {
  return value === null || reference === null ? null : value - reference;
}

/** The four amplifiers of one key: the chosen one when it has amplifiers, else the read noise. */
export function AmplifierPanel({ model, keyName }: { model: CameraModel; keyName: string }) {
  const isAmplifier = findKey(keyName)?.elements === 'amplifier';
  const wanted = isAmplifier ? keyName : 'NOISE_AMP';
  const key = model.measurements.flatMap(({ keys }) => keys).find((item) => item.key === wanted);
  const definition = findKey(wanted);
  const unit = unitText(definition?.unit ?? '');
  const references = [...new Set(key?.elements.map(({ reference }) => reference) ?? [])];
  const [reference] = references;
  const note = [
    unit,
    references.length === 1 && reference !== null && reference !== undefined ? `ref ${formatLimit(reference)}` : '',
  ].filter((text) => text !== '');
  return (
    <Panel title={definition?.label ?? wanted} note={note.join(', ')} className="amplifiers">
      {key ? (
        <ul>
          {PLACES.map((place) => {
            const element = key.elements.find(({ label }) => label === place);
            const status = element?.status ?? 'unknown';
            const off = element ? deviationOf(element) : null;
            return (
              <li key={place} className={status}>
                <span>
                  <b>{place}</b>
                  <StatusGlyph status={status} size={12} named />
                  <i>{STATUS_WORDS[status]}</i>
                </span>
                <strong>{formatValue(element?.value ?? null)}</strong>
                <small>
                  {off === null ? 'no reference' : `${off >= 0 ? '+' : ''}${fixed(off, Math.abs(off) >= 10 ? 0 : 2)}`}
                </small>
              </li>
            );
          })}
        </ul>
      ) : (
        <StateNote glyph={<StatusGlyph status="waiting" size={16} named />} title="Not posted" />
      )}
    </Panel>
  );
}
