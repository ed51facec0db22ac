import { useCallback, useMemo, useRef, useState, type PointerEvent } from 'react';
import type { Fibermap } from '#shared/domain/fiber.ts';
import { CanvasLayer, useSize, type Draw } from '../../charts/canvas/canvas-layer.tsx';
import {
  drawPlane,
  drawPlaneMarks,
  nearestFiber,
  projectionOf,
  toPlane,
  toScreen,
  WHOLE,
  type Zoom,
} from '../../charts/canvas/plane-drawing.ts';
import type { ChartTheme } from '../../charts/figure.ts';
import type { ColorScale } from '../../model/color-scale.ts';
import type { FiberField } from '../../model/fiber-field.ts';
import { fibersInside, type Plane } from '../../model/fiber-plane.ts';
import { fiberLines } from './fiber-words.ts';

type Point = readonly [number, number];

/** A pointer that moves less than this has clicked. */
const CLICK_PX = 5;
const REACH_PX = 14;
const MOST_ZOOM = 24;

const local = (event: PointerEvent<HTMLElement>): Point => {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

/** The fibers in their places: a click chooses one, a drag draws a lasso, the wheel looks closer, Shift and drag moves. */
export function PlaneCanvas({
  plane,
  field,
  scale,
  map,
  chosen,
  lasso,
  theme,
  label,
  onChoose,
  onLasso,
}: {
  plane: Plane;
  field: FiberField | null;
  scale: ColorScale | null;
  map: Fibermap | null;
  chosen: number;
  /** In the plane's coordinates. */
  lasso: readonly Point[];
  theme: ChartTheme;
  label: string;
  onChoose: (fiber: number) => void;
  onLasso: (outline: readonly Point[], fibers: readonly number[]) => void;
}) {
  const [measure, { width, height }] = useSize();
  const [zoom, setZoom] = useState<Zoom>(WHOLE);
  const [hover, setHover] = useState<number | null>(null);
  const [drawing, setDrawing] = useState<readonly Point[]>([]);
  const drag = useRef<{ start: Point; at: Point; moves: boolean } | null>(null);
  const projection = useMemo(() => projectionOf(plane, width, height, zoom), [plane, width, height, zoom]);

  const drawFibers = useCallback<Draw>(
    (context) => {
      drawPlane(context, plane, field, scale, projection, theme);
    },
    [plane, field, scale, projection, theme],
  );
  const outline = drawing.length > 0 ? drawing : lasso;
  const drawMarks = useCallback<Draw>(
    (context) => {
      drawPlaneMarks(context, plane, projection, theme, { lasso: outline, chosen, hover });
    },
    [plane, projection, theme, outline, chosen, hover],
  );

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button > 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = local(event);
    drag.current = { start: at, at, moves: event.shiftKey || event.button === 1 };
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const at = local(event);
    const { current } = drag;
    if (!current) {
      setHover(nearestFiber(plane, projection, ...at, REACH_PX));
      return;
    }
    if (current.moves) {
      const before = toPlane(projection, ...current.at);
      const now = toPlane(projection, ...at);
      setZoom((old) =>
        old.factor > 1 ? { ...old, x: old.x + before[0] - now[0], y: old.y + before[1] - now[1] } : old,
      );
    } else if (Math.hypot(at[0] - current.start[0], at[1] - current.start[1]) > CLICK_PX || drawing.length > 0) {
      setHover(null);
      setDrawing((points) => [
        ...(points.length > 0 ? points : [toPlane(projection, ...current.start)]),
        toPlane(projection, ...at),
      ]);
    }
    current.at = at;
  };
  const up = (event: PointerEvent<HTMLDivElement>): void => {
    const { current } = drag;
    drag.current = null;
    if (!current) return;
    if (drawing.length > 2) onLasso(drawing, fibersInside(plane, drawing));
    else if (!current.moves) {
      const fiber = nearestFiber(plane, projection, ...local(event), REACH_PX);
      if (fiber !== null) onChoose(fiber);
      else onLasso([], []);
    }
    setDrawing([]);
  };
  const wheel = (px: number, py: number, delta: number): void => {
    setZoom((old) => {
      const factor = Math.min(MOST_ZOOM, Math.max(1, old.factor * Math.exp(-delta * 0.0016)));
      if (factor === 1) return WHOLE;
      // What is under the pointer stays there.
      const [x, y] = toPlane(projection, px, py);
      const ratio = old.factor / factor;
      const [cx, cy] = toPlane(projection, width / 2, height / 2);
      return { factor, x: x + (cx - x) * ratio, y: y + (cy - y) * ratio };
    });
  };
  const lines = hover === null ? [] : fiberLines(field, map, hover);
  const [hx, hy] = hover === null ? [0, 0] : toScreen(projection, plane.x[hover] ?? 0, plane.y[hover] ?? 0);
  return (
    <div ref={measure} className="plane">
      {/* Arrows, the field for numbers and the list do by keyboard what the pointer does here. */}
      <div
        role="img"
        aria-label={label}
        className="surface"
        data-chosen={chosen}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => {
          setHover(null);
        }}
        onWheel={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          wheel(event.clientX - box.left, event.clientY - box.top, event.deltaY);
        }}
      >
        <CanvasLayer width={width} height={height} draw={drawFibers} />
        <CanvasLayer width={width} height={height} draw={drawMarks} />
      </div>
      {zoom.factor > 1 && (
        <button
          type="button"
          className="button small whole"
          onClick={() => {
            setZoom(WHOLE);
          }}
        >
          Whole
        </button>
      )}
      {hover !== null && (
        <div
          className="hover-card"
          style={{
            left: Math.min(Math.max(hx + 14, 4), Math.max(4, width - 190)),
            top: hy > height - 110 ? hy - 14 - 20 * lines.length : hy + 14,
          }}
        >
          {lines.map((line, i) => (i === 0 ? <b key={line}>{line}</b> : <span key={line}>{line}</span>))}
        </div>
      )}
    </div>
  );
}
