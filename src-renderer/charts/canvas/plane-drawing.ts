import type { FiberField } from '../../model/fiber-field.ts';
import type { Plane } from '../../model/fiber-plane.ts';
import { palette, STEPS, stepOf, type ColorScale } from '../../model/color-scale.ts';
import type { ChartTheme } from '../figure.ts';

/** How a plane lies on the screen: px = ox + sx·x, py = oy − sy·y. */
export interface Projection {
  ox: number;
  oy: number;
  sx: number;
  sy: number;
}

/** A closer look: magnified so many times about a place of the plane. */
export interface Zoom {
  factor: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { factor: 1, x: 0, y: 0 };

const MARGIN = 26;
/** px above and below blocks, where a note and the legend stand; focal plane and sky leave the corners free. */
const NOTE = 46;
const LEGEND = 72;

interface Box {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

function boxOf({ layout, petals, radius }: Plane): Box {
  if (layout !== 'fiber') return { x0: -radius, x1: radius, y0: -radius, y1: radius };
  const blocks = petals.flatMap(({ block }) => (block ? [block] : []));
  return {
    x0: Math.min(...blocks.map(({ x0 }) => x0)),
    x1: Math.max(...blocks.map(({ x1 }) => x1)),
    y0: Math.min(...blocks.map(({ y1 }) => y1)),
    y1: Math.max(...blocks.map(({ y0 }) => y0)),
  };
}

/** The whole plane in the middle of the screen, then magnified. Focal plane and sky keep their shape. */
export function projectionOf(plane: Plane, width: number, height: number, zoom: Zoom): Projection {
  const box = boxOf(plane);
  let sx = (width - 2 * MARGIN) / (box.x1 - box.x0);
  const [above, below] = plane.layout === 'fiber' ? [NOTE, LEGEND] : [MARGIN, MARGIN];
  let sy = Math.max(1, height - above - below) / (box.y1 - box.y0);
  if (plane.layout !== 'fiber') sx = sy = Math.min(sx, sy);
  const middle = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2] as const;
  const [cx, cy] = zoom.factor > 1 ? [zoom.x, zoom.y] : middle;
  sx *= zoom.factor;
  sy *= zoom.factor;
  const middleY = zoom.factor > 1 ? height / 2 : (height + above - below) / 2;
  return { ox: width / 2 - sx * cx, oy: middleY + sy * cy, sx, sy };
}

export function toScreen({ ox, oy, sx, sy }: Projection, x: number, y: number): [number, number] {
  return [ox + sx * x, oy - sy * y];
}

export function toPlane({ ox, oy, sx, sy }: Projection, px: number, py: number): [number, number] {
  return [(px - ox) / sx, (oy - py) / sy];
}

/** Radius of a fiber's mark, px, so that neighbours touch but rarely overlap. */
export function markRadius(plane: Plane, projection: Projection): number {
  if (plane.layout === 'fiber') return Math.min(9, Math.max(1, 0.42 * Math.min(projection.sx, projection.sy)));
  let known = 0;
  for (const value of plane.x) if (!Number.isNaN(value)) known += 1;
  const spacing = (plane.radius * projection.sx * Math.sqrt(Math.PI)) / Math.sqrt(Math.max(known, 1));
  return Math.min(9, Math.max(1.6, 0.42 * spacing));
}

/** Nearest fiber within `reach` px of a point; null where there is none. */
export function nearestFiber(
  plane: Plane,
  projection: Projection,
  px: number,
  py: number,
  reach: number,
): number | null {
  let best: number | null = null;
  let least = reach * reach;
  for (let fiber = 0; fiber < plane.x.length; fiber++) {
    const [x, y] = toScreen(projection, plane.x[fiber]!, plane.y[fiber]!);
    const distance = (x - px) ** 2 + (y - py) ** 2;
    if (distance <= least) {
      least = distance;
      best = fiber;
    }
  }
  return best;
}

function drawPetals(context: CanvasRenderingContext2D, plane: Plane, projection: Projection, theme: ChartTheme): void {
  context.strokeStyle = theme.line2;
  context.lineWidth = 1;
  context.font = '600 11px Inter, system-ui, sans-serif';
  context.fillStyle = theme.text3;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const [cx, cy] = toScreen(projection, 0, 0);
  const radius = plane.radius * projection.sx + 7;
  if (plane.layout !== 'fiber') {
    context.beginPath();
    context.arc(cx, cy, radius, 0, 2 * Math.PI);
    context.stroke();
  }
  for (const { spectrograph, angle, block } of plane.petals) {
    if (block) {
      const [x0, y0] = toScreen(projection, block.x0, block.y0);
      const [x1, y1] = toScreen(projection, block.x1, block.y1);
      context.strokeRect(x0, y0, x1 - x0, y1 - y0);
      context.textAlign = 'left';
      context.fillText(`${spectrograph}`, x0 + 1, y0 - 7);
      continue;
    }
    const edge = angle + Math.PI / 10;
    context.beginPath();
    context.moveTo(cx, cy);
    context.lineTo(cx + radius * Math.cos(edge), cy - radius * Math.sin(edge));
    context.stroke();
    const far = radius + 10;
    context.fillText(`${spectrograph}`, cx + far * Math.cos(angle), cy - far * Math.sin(angle));
  }
}

/** Colours of a scale's steps. */
export function scaleColors({ kind }: ColorScale, theme: ChartTheme): string[] {
  return palette(kind === 'diverging' ? [theme.divLow, theme.divMiddle, theme.divHigh] : theme.sequential);
}

/** A small diagonal cross: what is dead, wherever it is drawn. */
function cross(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x - r, y - r);
  context.lineTo(x + r, y + r);
  context.moveTo(x + r, y - r);
  context.lineTo(x - r, y + r);
}

/** All fibers: filled by value, crossed where they are dead, a small ring where nothing was measured. */
export function drawPlane(
  context: CanvasRenderingContext2D,
  plane: Plane,
  field: FiberField | null,
  scale: ColorScale | null,
  projection: Projection,
  theme: ChartTheme,
): void {
  drawPetals(context, plane, projection, theme);
  const r = markRadius(plane, projection);
  const steps: number[][] = Array.from({ length: STEPS }, () => []);
  const dead: number[] = [];
  const none: number[] = [];
  for (let fiber = 0; fiber < plane.x.length; fiber++) {
    if (Number.isNaN(plane.x[fiber]!)) continue;
    const state = field?.states[fiber] ?? 'none';
    if (state === 'dead') dead.push(fiber);
    else if (state === 'none' || !field || !scale) none.push(fiber);
    else steps[stepOf(scale, field.values[fiber]!)]!.push(fiber);
  }
  const place = (fiber: number): [number, number] => toScreen(projection, plane.x[fiber]!, plane.y[fiber]!);
  context.strokeStyle = theme.line3;
  context.lineWidth = 1;
  context.beginPath();
  for (const fiber of none) {
    const [x, y] = place(fiber);
    context.moveTo(x + r * 0.55, y);
    context.arc(x, y, r * 0.55, 0, 2 * Math.PI);
  }
  context.stroke();
  if (scale) {
    const colors = scaleColors(scale, theme);
    // From the middle outwards: what deviates lies on top.
    const order = [...steps.keys()].sort((a, b) =>
      scale.kind === 'diverging' ? Math.abs(a - (STEPS - 1) / 2) - Math.abs(b - (STEPS - 1) / 2) : b - a,
    );
    for (const step of order) {
      context.fillStyle = colors[step]!;
      context.beginPath();
      for (const fiber of steps[step]!) {
        const [x, y] = place(fiber);
        context.moveTo(x + r, y);
        context.arc(x, y, r, 0, 2 * Math.PI);
      }
      context.fill();
    }
  }
  context.strokeStyle = theme.fault;
  context.lineWidth = Math.max(1.5, r * 0.4);
  context.beginPath();
  for (const fiber of dead) cross(context, ...place(fiber), Math.max(2.6, r * 0.8));
  context.stroke();
}

/** What lies over the fibers: the lasso, the chosen fiber, and the one under the pointer. */
export function drawPlaneMarks(
  context: CanvasRenderingContext2D,
  plane: Plane,
  projection: Projection,
  theme: ChartTheme,
  marks: { lasso: readonly (readonly [number, number])[]; chosen: number | null; hover: number | null },
): void {
  const r = markRadius(plane, projection);
  if (marks.lasso.length > 1) {
    context.beginPath();
    marks.lasso.forEach(([x, y], i) => {
      const [px, py] = toScreen(projection, x, y);
      if (i === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    });
    context.closePath();
    context.globalAlpha = 0.1;
    context.fillStyle = theme.text1;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.text1;
    context.lineWidth = 1.2;
    context.setLineDash([4, 3]);
    context.stroke();
    context.setLineDash([]);
  }
  const ring = (fiber: number | null, width: number, color: string): void => {
    if (fiber === null) return;
    const [x, y] = toScreen(projection, plane.x[fiber] ?? NaN, plane.y[fiber] ?? NaN);
    if (Number.isNaN(x)) return;
    context.beginPath();
    context.arc(x, y, Math.max(6, r + 3), 0, 2 * Math.PI);
    context.lineWidth = width + 2;
    context.strokeStyle = theme.plot;
    context.stroke();
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  };
  ring(marks.hover, 1.4, theme.text2);
  ring(marks.chosen, 2, theme.text1);
}
