import type { ImageInfo } from '#shared/domain/image.ts';
import type { Traces } from '../../model/fiber-finder.ts';
import { maskWords, pixelFacts, pixelValue } from '../../model/pixel-words.ts';
import { Panel } from '../../ui/panel.tsx';
import type { Place, Probe } from './use-pixel.ts';

const DASH = '\u2013';

/** Everything about the pixel that is pointed at; the panel keeps its shape when nothing is. */
export function PixelPanel({
  info,
  place,
  probe,
  traces,
  isMask,
}: {
  info: ImageInfo | null;
  place: Place | null;
  probe: Probe | null;
  traces: Traces | null;
  isMask: boolean;
}) {
  const facts = info && place ? pixelFacts(info, traces, place.x, place.y) : null;
  const here = probe && place && probe.x === place.x && probe.y === place.y ? probe : null;
  const value = here && info ? pixelValue(here.value, info.pixelType) : DASH;
  const rows: [string, string][] = [
    ['x, y', facts ? `${facts.x}, ${facts.y}` : DASH],
    ['on the CCD', facts?.ccd ? facts.ccd : DASH],
    ['Amplifier', facts?.amplifier ? facts.amplifier : DASH],
    ['Fiber', facts?.fiber === null || !facts ? DASH : String(facts.fiber)],
    ['Wavelength', facts?.wave === null || !facts ? DASH : `${facts.wave.toFixed(2)} \u212b`],
  ];
  return (
    <Panel title="Pixel" note="counted from 0" className="pixel-panel">
      <div className="pixel-value" data-value={here ? String(here.value) : ''}>
        <strong>{value}</strong>
        <span>{isMask && typeof here?.value === 'number' ? maskWords(here.value) : here ? info?.unit : ''}</span>
      </div>
      <dl className="pixel-facts">
        {rows.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
