import type { CanvasAxis, CanvasFigure, CanvasPanel, CanvasTheme, Path } from './canvas-figure.ts';
import { drawMarks } from './draw-marks.ts';
import { SHARED_FROM, type Scale } from './place.ts';

const FONT = "12px 'Inter', system-ui, sans-serif";
const STRONG_FONT = "600 12px 'Inter', system-ui, sans-serif";

function clip(context: CanvasRenderingContext2D, { box }: Scale): void {
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
}

function tracePath(context: CanvasRenderingContext2D, { x, y }: Path, scale: Scale): void {
  context.beginPath();
  let down = false;
  for (let i = 0; i < x.length; i++) {
    const value = y[i] ?? null;
    if (value === null) {
      down = false;
      continue;
    }
    const px = scale.x(x[i] ?? 0);
    const py = scale.y(value);
    if (down) context.lineTo(px, py);
    else context.moveTo(px, py);
    down = true;
  }
}

function drawPath(context: CanvasRenderingContext2D, path: Path, scale: Scale, theme: CanvasTheme): void {
  tracePath(context, path, scale);
  context.strokeStyle = theme.inks[path.ink];
  context.lineWidth = path.width;
  context.setLineDash(path.dashed ? [5, 4] : []);
  context.stroke();
  context.setLineDash([]);
}

/** Ticks that have room: none whose text would touch the one before. */
function roomy(
  context: CanvasRenderingContext2D,
  axis: CanvasAxis,
  place: (at: number) => number,
): CanvasAxis['ticks'] {
  let end = -Infinity;
  return axis.ticks.filter(({ at, text }) => {
    const half = context.measureText(text).width / 2;
    const x = place(at);
    if (x - half < end + 8) return false;
    end = x + half;
    return true;
  });
}

function drawAxes(
  context: CanvasRenderingContext2D,
  panel: CanvasPanel,
  scale: Scale,
  theme: CanvasTheme,
  where: { left: boolean; bottom: boolean; narrow: boolean },
): void {
  const { box } = scale;
  const bottom = box.top + box.height;
  context.font = FONT;
  context.lineWidth = 1;
  const xTicks = roomy(context, panel.x, (at) => scale.x(at));
  context.strokeStyle = theme.grid;
  context.beginPath();
  for (const { at } of panel.y.ticks) {
    const y = Math.round(scale.y(at)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(box.left + box.width, y);
  }
  for (const { at } of xTicks) {
    const x = Math.round(scale.x(at)) + 0.5;
    context.moveTo(x, box.top);
    context.lineTo(x, bottom);
  }
  context.stroke();
  context.strokeStyle = theme.frame;
  context.beginPath();
  for (const at of panel.dividers) {
    const x = Math.round(scale.x(at)) + 0.5;
    if (x <= box.left || x >= box.left + box.width) continue;
    context.moveTo(x, box.top);
    context.lineTo(x, bottom);
  }
  context.stroke();
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.fillStyle = theme.text3;
  if (where.left) {
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    for (const { at, text } of panel.y.ticks) {
      const y = scale.y(at);
      if (y >= box.top && y <= bottom) context.fillText(text, box.left - 6, y);
    }
  }
  if (where.bottom) {
    context.textAlign = 'center';
    context.textBaseline = 'top';
    for (const { at, text } of xTicks) {
      const x = scale.x(at);
      // Under narrow panels a text must not reach into the next.
      const half = where.narrow ? context.measureText(text).width / 2 : 0;
      if (x - half >= box.left && x + half <= box.left + box.width) context.fillText(text, x, bottom + 5);
    }
  }
}

function drawTitles(
  context: CanvasRenderingContext2D,
  figure: CanvasFigure,
  scales: readonly Scale[],
  theme: CanvasTheme,
): void {
  const [first] = figure.panels;
  const firstScale = scales[0];
  const last = scales[scales.length - 1];
  if (!first || !firstScale || !last) return;
  const right = Math.max(...scales.map(({ box }) => box.left + box.width));
  const bottom = last.box.top + last.box.height;
  context.fillStyle = theme.text2;
  context.font = FONT;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  if (first.x.title !== '') context.fillText(first.x.title, (firstScale.box.left + right) / 2, bottom + 21);
  const each = figure.columns === 1 ? figure.panels : [first];
  each.forEach((panel, i) => {
    const scale = scales[i];
    if (panel.y.title === '' || !scale) return;
    const middle = each.length > 1 ? scale.box.top + scale.box.height / 2 : (firstScale.box.top + bottom) / 2;
    context.save();
    context.translate(4, middle);
    context.rotate(-Math.PI / 2);
    context.fillText(panel.y.title, 0, 0);
    context.restore();
  });
}

/** The bands, and the curves that belong to no group. */
function drawGround(context: CanvasRenderingContext2D, panel: CanvasPanel, scale: Scale, theme: CanvasTheme): void {
  context.fillStyle = theme.band;
  context.globalAlpha = 0.16;
  for (const { x, low, high } of panel.areas) {
    context.beginPath();
    x.forEach((at, i) => {
      context.lineTo(scale.x(at), scale.y(high[i] ?? 0));
    });
    for (let i = x.length - 1; i >= 0; i--) context.lineTo(scale.x(x[i] ?? 0), scale.y(low[i] ?? 0));
    context.fill();
  }
  context.globalAlpha = 1;
  for (const path of panel.paths) if (path.group === undefined) drawPath(context, path, scale, theme);
}

function drawCorner(
  context: CanvasRenderingContext2D,
  { title }: CanvasPanel,
  { box }: Scale,
  theme: CanvasTheme,
): void {
  context.font = STRONG_FONT;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillStyle = theme.text1;
  context.fillText(title, box.left + 7, box.top + 6);
}

function drawPanel(context: CanvasRenderingContext2D, panel: CanvasPanel, scale: Scale, theme: CanvasTheme): void {
  context.save();
  clip(context, scale);
  drawGround(context, panel, scale, theme);
  for (const path of panel.paths) if (path.group !== undefined) drawPath(context, path, scale, theme);
  context.restore();
  for (const marks of panel.marks) drawMarks(context, marks, scale, theme, false);
  context.fillStyle = theme.text3;
  context.font = FONT;
  context.textBaseline = 'middle';
  for (const { x, y, text, align } of panel.texts) {
    context.textAlign = align;
    context.fillText(text, scale.x(x), scale.y(y));
  }
  drawCorner(context, panel, scale, theme);
}

/** Draws all of a figure; the canvas has been cleared and scaled to px before. */
export function drawFigure(
  context: CanvasRenderingContext2D,
  figure: CanvasFigure,
  scales: readonly Scale[],
  theme: CanvasTheme,
): void {
  const { panels, columns, map } = figure;
  const rows = Math.ceil(panels.length / columns);
  const shared = columns >= SHARED_FROM;
  panels.forEach((panel, i) => {
    const scale = scales[i];
    if (!scale) return;
    if (!map) {
      context.fillStyle = theme.plot;
      context.fillRect(scale.box.left, scale.box.top, scale.box.width, scale.box.height);
      const left = !shared || i % columns === 0;
      const bottom = Math.floor(i / columns) === rows - 1;
      drawAxes(context, panel, scale, theme, { left, bottom, narrow: shared });
    }
    drawPanel(context, panel, scale, theme);
  });
  if (!map) drawTitles(context, figure, scales, theme);
}

/** How strongly the others give way to a highlighted group. */
const VEIL = 0.6;

/** Over a drawn figure: the highlighted group, before the veiled others. */
export function drawHighlight(
  context: CanvasRenderingContext2D,
  figure: CanvasFigure,
  scales: readonly Scale[],
  theme: CanvasTheme,
  group: number,
): void {
  figure.panels.forEach((panel, i) => {
    const scale = scales[i];
    const marks = panel.marks.filter((own) => own.group === group);
    const paths = panel.paths.filter((own) => own.group === group);
    if (!scale || (marks.length === 0 && paths.length === 0)) return;
    context.save();
    clip(context, scale);
    context.globalAlpha = VEIL;
    context.fillStyle = theme.plot;
    context.fillRect(scale.box.left, scale.box.top, scale.box.width, scale.box.height);
    context.globalAlpha = 1;
    drawGround(context, panel, scale, theme);
    for (const path of paths) drawPath(context, { ...path, ink: 'strong', width: 2 }, scale, theme);
    context.restore();
    for (const own of marks) drawMarks(context, own, scale, theme, true);
    drawCorner(context, panel, scale, theme);
  });
}
