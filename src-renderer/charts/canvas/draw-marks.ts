import type { CanvasTheme, Marks, MarkShape } from './canvas-figure.ts';
import type { Scale } from './place.ts';

/** Statuses are drawn last and never smaller than this, px: they must be seen. */
const STATUS_SIZE = 5;

function trace(context: CanvasRenderingContext2D, shape: MarkShape, x: number, y: number, r: number): void {
  switch (shape) {
    case 'dot':
    case 'ring':
    case 'unknown':
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 'square':
    case 'alarm':
      context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
      break;
    case 'diamond':
      context.moveTo(x, y - r * 1.25);
      context.lineTo(x + r * 1.25, y);
      context.lineTo(x, y + r * 1.25);
      context.lineTo(x - r * 1.25, y);
      context.closePath();
      break;
    case 'triangle':
    case 'warning':
      context.moveTo(x, y - r * 1.15);
      context.lineTo(x + r * 1.1, y + r * 0.85);
      context.lineTo(x - r * 1.1, y + r * 0.85);
      context.closePath();
      break;
  }
}

/** The exclamation mark of alarms and warnings, where there is room for it. */
function exclaim(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.fillRect(x - 0.8, y - r * 0.6, 1.6, r * 0.75);
  context.fillRect(x - 0.8, y + r * 0.35, 1.6, 1.6);
}

const STATUS_SHAPES: readonly MarkShape[] = ['unknown', 'warning', 'alarm'];

/** Draws a group's points, all of one shape at a time, statuses on top. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  marks: Marks,
  scale: Scale,
  theme: CanvasTheme,
  strong: boolean,
): void {
  const { box } = scale;
  const { shape, size } = marks;
  const shapes: readonly MarkShape[] = Array.isArray(shape) ? [...new Set(shape)] : [shape];
  const ordered = [...shapes].sort((a, b) => STATUS_SHAPES.indexOf(a) - STATUS_SHAPES.indexOf(b));
  for (const own of ordered) {
    const isStatus = STATUS_SHAPES.includes(own);
    const r = isStatus ? Math.max(STATUS_SIZE, size) : size + (strong ? 0.8 : 0);
    const at: [number, number][] = [];
    context.beginPath();
    for (let i = 0; i < marks.x.length; i++) {
      if (Array.isArray(shape) && shape[i] !== own) continue;
      const value = marks.y[i] ?? null;
      if (value === null) continue;
      const x = scale.x(marks.x[i] ?? 0);
      // What is beyond the scale stands at its edge.
      const y = Math.max(box.top + 2, Math.min(box.top + box.height - 2, scale.y(value)));
      if (x < box.left - 1 || x > box.left + box.width + 1) continue;
      trace(context, own, x, y, r);
      if (isStatus) at.push([x, y]);
    }
    if (own === 'unknown' || own === 'ring') {
      context.strokeStyle = own === 'unknown' ? theme.text2 : theme.inks[marks.ink];
      context.lineWidth = 1.4;
      context.stroke();
      continue;
    }
    context.fillStyle =
      own === 'alarm' ? theme.alarm : own === 'warning' ? theme.warn : strong ? theme.text1 : theme.inks[marks.ink];
    context.fill();
    if (!isStatus) continue;
    context.fillStyle = own === 'alarm' ? theme.onAlarm : theme.onWarn;
    for (const [x, y] of at) exclaim(context, x, y, r);
  }
}
