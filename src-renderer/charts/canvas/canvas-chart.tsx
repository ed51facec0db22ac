import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { CanvasFigure, CanvasTheme, Picked } from './canvas-figure.ts';
import { drawFigure, drawHighlight } from './draw-figure.ts';
import { pick, stepGroup, stepPick } from './pick.ts';
import { placePanels, scaleOf, type Scale } from './place.ts';
import './canvas-chart.css';

/** A part of the axes, in their units. */
export interface Zoom {
  x: [number, number];
  y: [number, number];
}

/** A shorter drag is a click, px. */
const DRAG = 6;

interface Size {
  width: number;
  height: number;
}

function useSize(element: HTMLElement | null): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}

/** A canvas of the size in real pixels, cleared, drawing in CSS pixels. */
function prepare(canvas: HTMLCanvasElement | null, { width, height }: Size): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return null;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

interface Drag {
  x: number;
  y: number;
  toX: number;
  toY: number;
}

function hasPoint(figure: CanvasFigure, { panel, group, index }: Picked): boolean {
  const marks = figure.panels[panel]?.marks.find((own) => own.group === group);
  return (marks?.y[index] ?? null) !== null;
}

/** The ring around the point that is pointed at. */
function ring(
  context: CanvasRenderingContext2D,
  figure: CanvasFigure,
  scales: readonly Scale[],
  at: Picked,
  ink: string,
) {
  const marks = figure.panels[at.panel]?.marks.find(({ group }) => group === at.group);
  const scale = scales[at.panel];
  const value = marks?.y[at.index] ?? null;
  if (!marks || !scale || value === null) return null;
  const x = scale.x(marks.x[at.index] ?? 0);
  const { top, height } = scale.box;
  const y = Math.max(top + 2, Math.min(top + height - 2, scale.y(value)));
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
  return { x, y };
}

/**
 * Draws a figure of thousands of points and lets them be pointed at: by the mouse, or by arrows (along a line, to the next
 * line) and Enter. Dragging chooses a part of the axes; a double click goes back.
 */
export function CanvasChart({
  figure,
  theme,
  highlight,
  describe,
  onOpen,
  onZoom,
  onHighlight,
}: {
  figure: CanvasFigure;
  theme: CanvasTheme;
  /** A group chosen elsewhere; null: none. */
  highlight: number | null;
  /** What is said beside a point. */
  describe: (at: Picked) => ReactNode;
  onOpen: (at: Picked) => void;
  /** Null: back to the whole. */
  onZoom: (zoom: Zoom | null) => void;
  onHighlight?: (group: number | null) => void;
}) {
  const [frame, setFrame] = useState<HTMLDivElement | null>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const [at, setAt] = useState<{ title: string; picked: Picked } | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const scales = useMemo(() => {
    const boxes = placePanels(figure, size.width, size.height);
    return figure.panels.flatMap((panel, i) => {
      const box = boxes[i];
      return box ? [scaleOf(panel, box, figure.map)] : [];
    });
  }, [figure, size]);
  // A point of another figure, or one that is no more, cannot be pointed at.
  const picked = at?.title === figure.title && hasPoint(figure, at.picked) ? at.picked : null;
  const group = picked?.group ?? highlight;

  useEffect(() => {
    if (size.width === 0) return;
    const context = prepare(base.current, size);
    if (context) drawFigure(context, figure, scales, theme);
  }, [figure, scales, size, theme]);

  const [tip, setTip] = useState<{ x: number; y: number } | null>(null);
  useEffect(() => {
    if (size.width === 0) return;
    const context = prepare(over.current, size);
    if (!context) return;
    if (group !== null && !figure.map) drawHighlight(context, figure, scales, theme, group);
    setTip(picked ? ring(context, figure, scales, picked, theme.text1) : null);
    if (!drag) return;
    context.fillStyle = theme.band;
    context.globalAlpha = 0.35;
    const scale = scales.find(({ box }) => drag.x >= box.left && drag.x <= box.left + box.width);
    const top = figure.map ? Math.min(drag.y, drag.toY) : (scale?.box.top ?? 0);
    const height = figure.map ? Math.abs(drag.toY - drag.y) : size.height - 46;
    context.fillRect(Math.min(drag.x, drag.toX), top, Math.abs(drag.toX - drag.x), height);
    context.globalAlpha = 1;
  }, [drag, figure, group, picked, scales, size, theme]);

  const choose = (next: Picked | null): void => {
    setAt(next && { title: figure.title, picked: next });
    if (next?.group !== picked?.group) onHighlight?.(next?.group ?? null);
  };
  const place = (event: PointerEvent | MouseEvent): { x: number; y: number } => {
    const box = frame?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const move = (event: PointerEvent): void => {
    const { x, y } = place(event);
    if (drag) setDrag({ ...drag, toX: x, toY: y });
    else choose(pick(figure, scales, x, y));
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    setDrag({ x, y, toX: x, toY: y });
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const up = (event: PointerEvent): void => {
    if (!drag) return;
    setDrag(null);
    const { x, y } = place(event);
    if (Math.abs(x - drag.x) < DRAG && Math.abs(y - drag.y) < DRAG) {
      const here = pick(figure, scales, x, y);
      if (here) onOpen(here);
      return;
    }
    const scale =
      scales.find(
        ({ box }) => drag.x >= box.left && drag.x <= box.left + box.width && drag.y <= box.top + box.height,
      ) ?? scales[0];
    if (!scale) return;
    const xs = [scale.fromX(drag.x), scale.fromX(x)].sort((a, b) => a - b);
    const ys = [scale.fromY(drag.y), scale.fromY(y)].sort((a, b) => a - b);
    onZoom({ x: [xs[0] ?? 0, xs[1] ?? 1], y: [ys[0] ?? 0, ys[1] ?? 1] });
  };
  const key = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => Picked | null>> = {
      ArrowLeft: () => stepPick(figure, picked, -1),
      ArrowRight: () => stepPick(figure, picked, 1),
      ArrowUp: () => stepGroup(figure, picked, -1),
      ArrowDown: () => stepGroup(figure, picked, 1),
    };
    const next = moves[event.key];
    if (next) choose(next());
    else if (event.key === 'Enter' && picked) onOpen(picked);
    else if (event.key === '0') onZoom(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = tip !== null && tip.x > size.width / 2;
  return (
    // A plot is worked with by pointer and keys; its role says so.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={setFrame}
      className="canvas-chart"
      role="application"
      aria-label={figure.title}
      aria-roledescription="plot"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerLeave={() => {
        if (!drag) choose(null);
      }}
      onDoubleClick={() => {
        onZoom(null);
      }}
      onKeyDown={key}
    >
      <canvas ref={base} aria-hidden="true" />
      <canvas ref={over} aria-hidden="true" />
      <div
        className="chart-tip"
        role="status"
        hidden={!picked || tip === null}
        style={
          tip === null
            ? {}
            : {
                top: Math.min(tip.y, size.height - 96),
                ...(left ? { right: size.width - tip.x + 14 } : { left: tip.x + 14 }),
              }
        }
      >
        {picked && describe(picked)}
      </div>
    </div>
  );
}
