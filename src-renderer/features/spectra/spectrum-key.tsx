import type { SpectrumLayer } from '../../charts/canvas/spectrum-drawing.ts';
import type { ShownSpectra } from './use-spectra.ts';

function Stroke({ style }: { style: SpectrumLayer['style'] }) {
  if (style === 'arms') {
    return (
      <svg width="30" height="8" aria-hidden="true">
        <path d="M0 4h10" stroke="var(--arm-b)" strokeWidth="2" />
        <path d="M10 4h10" stroke="var(--arm-r)" strokeWidth="2" />
        <path d="M20 4h10" stroke="var(--arm-z)" strokeWidth="2" />
      </svg>
    );
  }
  const other = style === 'other';
  return (
    <svg width="30" height="8" aria-hidden="true">
      <path d="M0 4h30" stroke={other ? 'var(--text-1)' : 'var(--d2)'} strokeWidth={other ? '1.2' : '2.4'} />
    </svg>
  );
}

/** Which line is what, and what could not be shown. */
export function SpectrumKey({ spectra: { layers, notes, ratio, unit } }: { spectra: ShownSpectra }) {
  return (
    <ul className="spectrum-key">
      {layers.map(({ name, style, curves }) => (
        <li key={name} data-layer={style}>
          <Stroke style={style} />
          {ratio ? unit : style === 'arms' ? `fiber ${name}` : name}
          <small>{curves.map(({ arm }) => arm).join(' ')}</small>
        </li>
      ))}
      {notes.map((note) => (
        <li key={note} className="note">
          {note}
        </li>
      ))}
    </ul>
  );
}
