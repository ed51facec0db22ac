import { useMemo } from 'react';
import type { Fibermap } from '#shared/domain/fiber.ts';
import { chartTheme } from '../../charts/chart-theme.ts';
import { planeOf } from '../../model/fiber-plane.ts';
import { useView } from '../../store/context.tsx';
import { useChooseFiber } from '../../store/fiber-choice.ts';
import { Panel } from '../../ui/panel.tsx';
import { PlaneCanvas } from '../fibers/plane-canvas.tsx';
import { NOT_THERE, useFiberField } from '../fibers/use-fibers.ts';

const NO_OUTLINE: readonly (readonly [number, number])[] = [];

/** The focal plane in small: a click chooses the fiber whose spectrum is shown. */
export function FiberPicker({ runId, map, fiber }: { runId: number; map: Fibermap | null; fiber: number }) {
  const themeName = useView((view) => view.theme);
  const theme = useMemo(() => chartTheme(themeName), [themeName]);
  const choose = useChooseFiber();
  const { field } = useFiberField(runId, map);
  const plane = useMemo(() => planeOf('focal', map, NOT_THERE), [map]);
  const what = field ? `${field.metric.title}, ${field.choice}` : '';
  return (
    <Panel title={plane.layout === 'fiber' ? 'By fiber' : 'Focal plane'} note={what} className="fiber-picker">
      <PlaneCanvas
        key={plane.layout}
        plane={plane}
        field={field}
        scale={field?.scale ?? null}
        map={map}
        chosen={fiber}
        lasso={NO_OUTLINE}
        theme={theme}
        label={`Focal plane, ${what}: a click chooses a fiber`}
        onChoose={choose}
        onLasso={() => undefined}
      />
    </Panel>
  );
}
