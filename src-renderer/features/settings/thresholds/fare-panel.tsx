import { expid8 } from '#shared/domain/exposure.ts';
import { formatValue } from '../../../model/format.ts';
import { COUNTED, type Fare, type Judged } from '../../../model/limit-preview.ts';
import { Panel } from '../../../ui/panel.tsx';
import { StatusGlyph } from '../../../ui/status-glyph.tsx';

/** Rows of the list; the rest is counted. */
const SHOWN = 200;
const WORDS = { alarm: 'Alarms', warning: 'Warnings', normal: 'Normal', unknown: 'Unknown' } as const;

/**
 * How many past values are normal, a warning, an alarm, by the new limits and by those saved; and by camera. `silent`: no value
 * lies outside the limits, so they never spoke.
 */
export function FarePanel({ fare, silent }: { fare: Fare | null; silent: boolean }) {
  return (
    <Panel title="How the past would have fared" className="fare">
      <dl>
        {COUNTED.map((status) => (
          <div key={status} data-status={status}>
            <dt>
              <StatusGlyph status={status} size={13} named /> {WORDS[status]}
            </dt>
            <dd>
              <b>{fare ? fare.after[status] : ''}</b>
              {fare && fare.before[status] !== fare.after[status] && <i> from {fare.before[status]}</i>}
            </dd>
          </div>
        ))}
      </dl>
      <ul className="fare-cameras scrolling" aria-label="Cameras whose counts change" data-scrolls>
        {fare?.cameras.map(({ camera, before, after }) => (
          <li key={camera}>
            <b>{camera}</b>
            {(['alarm', 'warning'] as const).map((status) => (
              <span key={status} data-status={status}>
                <StatusGlyph status={status} size={11} /> {after[status]}
                {before[status] !== after[status] && <i> from {before[status]}</i>}
              </span>
            ))}
          </li>
        ))}
        {silent && (
          <li className="none">
            <StatusGlyph status="warning" size={12} named /> These limits never spoke: every past value lies inside.
          </li>
        )}
        {!silent && fare?.cameras.length === 0 && <li className="none">No past value would change.</li>}
      </ul>
    </Panel>
  );
}

/** Past values that the new limits would judge otherwise. */
export function ChangesTable({ changes, onOpen }: { changes: readonly Judged[]; onOpen: (judged: Judged) => void }) {
  return (
    <Panel
      title="Would change"
      note={changes.length === 0 ? 'none' : `${changes.length}${changes.length > SHOWN ? `, the newest ${SHOWN}` : ''}`}
      className="changes"
    >
      <div className="scrolling" data-scrolls>
        <table>
          <thead>
            <tr>
              <th>Exposure</th>
              <th>Camera</th>
              <th>Saved</th>
              <th>New</th>
              <th className="number">Value</th>
              <th>Observer’s flag</th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, SHOWN).map((judged) => {
              const { sample, exposure, before, after } = judged;
              return (
                <tr key={`${exposure.expid} ${sample.camera} ${sample.element}`}>
                  <td>
                    <button
                      type="button"
                      className="link"
                      onClick={() => {
                        onOpen(judged);
                      }}
                    >
                      {expid8(exposure.expid)}
                    </button>
                  </td>
                  <td>
                    {sample.camera} {sample.element}
                  </td>
                  <td>
                    <StatusGlyph status={before} size={13} />
                  </td>
                  <td>
                    <StatusGlyph status={after} size={13} />
                  </td>
                  <td className="number">{formatValue(sample.value)}</td>
                  <td>{exposure.flag ?? 'none'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
