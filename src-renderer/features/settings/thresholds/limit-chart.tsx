import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { expid8 } from '#shared/domain/exposure.ts';
import { CanvasLayer, useSize } from '../../../charts/canvas/canvas-layer.tsx';
import { canvasTheme } from '../../../charts/canvas/canvas-theme.ts';
import { drawFigure } from '../../../charts/canvas/draw-figure.ts';
import { pick } from '../../../charts/canvas/pick.ts';
import { scaleOf } from '../../../charts/canvas/place.ts';
import { limitFigure, type PreviewPoint } from '../../../charts/figures/limit-preview.ts';
import { formatValue } from '../../../model/format.ts';
import type { LimitLines } from '../../../model/limit-preview.ts';
import { STATUS_WORDS } from '../../../model/status.ts';
import { useView } from '../../../store/context.tsx';

const MARGIN = { left: 56, right: 70, top: 10, bottom: 26 } as const;
const NAMES = ['Lower alarm limit', 'Lower warning limit', 'Upper warning limit', 'Upper alarm limit'] as const;
const KINDS = ['alarm', 'warning', 'warning', 'alarm'] as const;
/** Share of the scale that an arrow key moves a limit. */
const STEP = 0.01;

/** px between the middles of two handles. */
const HANDLE = 21;

/** Places of handles (from the lowest limit, so from the bottom) moved apart as little as it takes, inside the chart. */
function apart(places: readonly number[], top: number, bottom: number): number[] {
  const moved: number[] = [];
  places.forEach((place, i) => {
    const below = moved[i - 1];
    const highest = top + HANDLE * (places.length - 1 - i);
    const wished = Math.max(highest, Math.min(bottom, place));
    moved.push(below === undefined ? wished : Math.min(wished, below - HANDLE));
  });
  return moved;
}

/**
 * Past numbers with the limits as lines: each is dragged, or moved by arrow keys. Dotted lines are the saved limits where they
 * differ.
 */
export function LimitChart({
  points,
  lines,
  saved,
  title,
  onMove,
  onOpen,
}: {
  points: readonly PreviewPoint[];
  lines: LimitLines | null;
  saved: LimitLines | null;
  title: string;
  onMove: (index: number, value: number) => void;
  onOpen: (point: PreviewPoint) => void;
}) {
  const theme = useView((view) => view.theme);
  const [setFrame, size] = useSize();
  const [hovered, setHovered] = useState<PreviewPoint | null>(null);
  const dragging = useRef<number | null>(null);
  /** The scale must not run away under a line that is dragged. */
  const [held, setHeld] = useState<LimitLines | null>(null);
  const figure = useMemo(() => limitFigure(points, held ?? lines, saved, title), [points, held, lines, saved, title]);
  const panel = figure.panels[0];
  const scale = useMemo(() => {
    if (!panel) return null;
    const width = Math.max(10, size.width - MARGIN.left - MARGIN.right);
    const height = Math.max(10, size.height - MARGIN.top - MARGIN.bottom);
    return scaleOf(panel, { left: MARGIN.left, top: MARGIN.top, width, height }, false);
  }, [panel, size]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (scale) drawFigure(context, figure, [scale], canvasTheme(theme));
    },
    [figure, scale, theme],
  );
  if (!panel || !scale) return null;
  const [low, high] = panel.y.range;

  const move = (event: PointerEvent<HTMLElement>): void => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    if (dragging.current !== null) {
      const value = scale.fromY(event.clientY - top);
      onMove(dragging.current, Number(value.toPrecision(3)));
      return;
    }
    const found = pick(figure, [scale], event.clientX - left, event.clientY - top);
    setHovered(found ? (points[found.index] ?? null) : null);
  };
  const nudge =
    (index: number, value: number) =>
    (event: KeyboardEvent): void => {
      const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (sign === undefined) return;
      event.preventDefault();
      const step = (high - low) * STEP * (event.shiftKey ? 10 : 1);
      onMove(index, Number((value + sign * step).toPrecision(4)));
    };
  const handles = apart(lines?.map((value) => scale.y(value)) ?? [], MARGIN.top, MARGIN.top + scale.box.height);
  const y = (value: number): number => Math.max(MARGIN.top, Math.min(MARGIN.top + scale.box.height, scale.y(value)));
  const label = hovered && (
    <div
      className="chart-tip"
      style={{
        left: Math.min(scale.x(hovered.x) + 10, size.width - 240),
        top: Math.max(4, y(hovered.y ?? low) - 46),
      }}
    >
      <b>
        {expid8(hovered.judged.exposure.expid)} {hovered.judged.sample.camera} {hovered.judged.sample.element}
      </b>
      <br />
      {formatValue(hovered.judged.sample.value)}, {STATUS_WORDS[hovered.judged.before]}
      {hovered.judged.after !== hovered.judged.before && ` \u2192 ${STATUS_WORDS[hovered.judged.after]}`}
    </div>
  );
  return (
    // What a click opens stands in the list of changes too; the limits are sliders of their own.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <div
      className="limit-chart"
      ref={setFrame}
      role="group"
      aria-label={title}
      onPointerMove={move}
      onPointerLeave={() => {
        setHovered(null);
      }}
      onPointerUp={() => {
        dragging.current = null;
        setHeld(null);
      }}
      onClick={() => {
        if (hovered && dragging.current === null) onOpen(hovered);
      }}
    >
      <CanvasLayer width={size.width} height={size.height} draw={draw} />
      <svg width={size.width} height={size.height} aria-hidden="true">
        {lines?.map((value, i) => {
          const old = saved?.[i];
          return (
            <g key={i} className={KINDS[i]}>
              {old !== undefined && old !== value && (
                <>
                  <line className="saved" x1={MARGIN.left} x2={size.width - MARGIN.right} y1={y(old)} y2={y(old)} />
                  <text
                    x={KINDS[i] === 'alarm' ? size.width - MARGIN.right - 8 : MARGIN.left + 8}
                    textAnchor={KINDS[i] === 'alarm' ? 'end' : 'start'}
                    y={i < 2 ? y(old) + 13 : y(old) - 5}
                  >
                    saved {KINDS[i]} {formatValue(old)}
                  </text>
                </>
              )}
              <line x1={MARGIN.left} x2={size.width - MARGIN.right} y1={y(value)} y2={y(value)} />
            </g>
          );
        })}
      </svg>
      {lines?.map((value, i) => (
        <div
          key={i}
          className={`limit-handle ${KINDS[i] ?? ''}`}
          role="slider"
          tabIndex={0}
          aria-label={NAMES[i]}
          aria-orientation="vertical"
          aria-valuemin={low}
          aria-valuemax={high}
          aria-valuenow={value}
          style={{ left: size.width - MARGIN.right, width: MARGIN.right - 4, top: handles[i] ?? 0 }}
          onKeyDown={nudge(i, value)}
          onPointerDown={(event) => {
            dragging.current = i;
            setHeld(lines);
            event.currentTarget.parentElement?.setPointerCapture(event.pointerId);
          }}
        >
          {formatValue(value)}
        </div>
      ))}
      {label}
    </div>
  );
}
