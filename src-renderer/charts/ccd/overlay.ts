import type { AmplifierArea, PixelArea } from '#shared/domain/image.ts';
import { fiberNumber, fiberOnCamera, fromCcd, traceAt, type Traces } from '../../model/fiber-finder.ts';
import { toImage, toScreen, type ImageShape, type ImageView, type Size } from '../../model/image-view.ts';

/** Colours of what lies over an image, CSS. */
export interface OverlayInk {
  line: string;
  strong: string;
  /** Behind lines and words, so that they are seen on any image. */
  casing: string;
  fiber: string;
}

export interface Overlay {
  view: ImageView;
  screen: Size;
  shape: ImageShape;
  amplifiers: readonly AmplifierArea[];
  showAmplifiers: boolean;
  traces: Traces | null;
  showTraces: boolean;
  /** Chosen fiber, 0 to 4999. */
  fiber: number | null;
  /** Stored pixel that the cross stands on. */
  cross: { x: number; y: number } | null;
}

/** From this magnification on each pixel has its frame, screen px. */
const GRID_FROM = 12;
/** Traces are drawn one by one where they are this far apart, screen px; else only the first of each bundle. */
const LINES_FROM = 7;
const BUNDLE = 25;
const LABEL_FONT = "600 12px 'Inter', system-ui, sans-serif";

function cased(
  context: OffscreenCanvasRenderingContext2D,
  ink: OverlayInk,
  color: string,
  width: number,
  path: () => void,
): void {
  context.lineJoin = 'round';
  context.strokeStyle = ink.casing;
  context.lineWidth = width + 2;
  context.beginPath();
  path();
  context.stroke();
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

function label(context: OffscreenCanvasRenderingContext2D, ink: OverlayInk, text: string, x: number, y: number): void {
  context.font = LABEL_FONT;
  const { width } = context.measureText(text);
  context.fillStyle = ink.casing;
  context.fillRect(x - 4, y - 12, width + 8, 16);
  context.fillStyle = ink.strong;
  context.fillText(text, x, y);
}

function drawGrid(context: OffscreenCanvasRenderingContext2D, { view, screen, shape }: Overlay, ink: OverlayInk): void {
  const step = shape.binning * view.zoom;
  if (step < GRID_FROM) return;
  const [left, top] = toImage(view, screen, 0, 0);
  const [right, bottom] = toImage(view, screen, screen.width, screen.height);
  const low = (value: number): number => Math.max(0, Math.floor(value / shape.binning));
  const x1 = Math.min(shape.nx, Math.ceil(right / shape.binning));
  const y1 = Math.min(shape.ny, Math.ceil(top / shape.binning));
  const [px0, py0] = toScreen(view, screen, low(left) * shape.binning, low(bottom) * shape.binning);
  const [px1, py1] = toScreen(view, screen, x1 * shape.binning, y1 * shape.binning);
  context.strokeStyle = ink.line;
  context.globalAlpha = 0.28;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = low(left); x <= x1; x++) {
    const px = Math.round(toScreen(view, screen, x * shape.binning, 0)[0]) + 0.5;
    context.moveTo(px, py0);
    context.lineTo(px, py1);
  }
  for (let y = low(bottom); y <= y1; y++) {
    const py = Math.round(toScreen(view, screen, 0, y * shape.binning)[1]) + 0.5;
    context.moveTo(px0, py);
    context.lineTo(px1, py);
  }
  context.stroke();
  context.globalAlpha = 1;
}

function frame(context: OffscreenCanvasRenderingContext2D, { view, screen }: Overlay, area: PixelArea): void {
  const [x0, y0] = toScreen(view, screen, area.x0, area.y0);
  const [x1, y1] = toScreen(view, screen, area.x1, area.y1);
  context.rect(Math.round(x0) + 0.5, Math.round(y1) + 0.5, Math.round(x1 - x0) - 1, Math.round(y0 - y1) - 1);
}

function drawAmplifiers(context: OffscreenCanvasRenderingContext2D, overlay: Overlay, ink: OverlayInk): void {
  const { view, screen, amplifiers } = overlay;
  cased(context, ink, ink.line, 1, () => {
    for (const { data } of amplifiers) frame(context, overlay, data);
  });
  context.setLineDash([3, 3]);
  cased(context, ink, ink.line, 1, () => {
    for (const { bias } of amplifiers) if (bias) frame(context, overlay, bias);
  });
  context.setLineDash([]);
  for (const { id, data } of amplifiers) {
    // Its name in its outer corner, or in the corner of the screen that is nearest to it.
    const [left, bottom] = toScreen(view, screen, data.x0, data.y0);
    const [right, top] = toScreen(view, screen, data.x1, data.y1);
    const x0 = Math.max(0, left);
    const x1 = Math.min(screen.width, right);
    const y0 = Math.max(0, top);
    const y1 = Math.min(screen.height, bottom);
    if (x1 - x0 < 40 || y1 - y0 < 30) continue;
    const isLeft = data.x0 === Math.min(...amplifiers.map((other) => other.data.x0));
    const isLower = data.y0 === Math.min(...amplifiers.map((other) => other.data.y0));
    label(context, ink, id, isLeft ? x0 + 10 : x1 - 18, isLower ? y1 - 9 : y0 + 19);
  }
}

function amplifierOf(
  amplifiers: readonly AmplifierArea[],
  [x, y]: readonly [number, number],
): AmplifierArea | undefined {
  return amplifiers.find(({ data }) => x >= data.x0 && x < data.x1 && y >= data.y0 && y < data.y1);
}

function tracePath(
  context: OffscreenCanvasRenderingContext2D,
  overlay: Overlay,
  traces: Traces,
  fiber: number,
  step: number,
): void {
  const { view, screen, amplifiers } = overlay;
  const last = (traces.rows - 1) * traces.rowStep;
  let drawing = false;
  let before: AmplifierArea | undefined;
  for (let y = 0; y <= last + step; y += step) {
    const row = Math.min(y, last);
    const place = fromCcd(amplifiers, traceAt(traces, fiber, row).x, Math.min(row, last));
    // Between two amplifiers a raw image has no light.
    const amplifier = place && amplifierOf(amplifiers, place);
    if (amplifier !== before) drawing = false;
    before = amplifier ?? undefined;
    if (!place) {
      drawing = false;
      continue;
    }
    const [px, py] = toScreen(view, screen, place[0], place[1]);
    if (py < -200 || py > screen.height + 200) {
      drawing = false;
      continue;
    }
    if (drawing) context.lineTo(px, py);
    else context.moveTo(px, py);
    drawing = true;
  }
}

function drawTraces(
  context: OffscreenCanvasRenderingContext2D,
  overlay: Overlay,
  ink: OverlayInk,
  traces: Traces,
): void {
  const { view, screen, fiber } = overlay;
  const middle = ((traces.rows - 1) * traces.rowStep) / 2;
  const spacing =
    traces.fibers > 1
      ? ((traceAt(traces, traces.fibers - 1, middle).x - traceAt(traces, 0, middle).x) / (traces.fibers - 1)) *
        view.zoom
      : Infinity;
  const each = spacing >= LINES_FROM ? 1 : BUNDLE;
  // Points two screen pixels apart are enough, and every sampled row is.
  const step = Math.max(traces.rowStep, Math.ceil(16 / view.zoom));
  const [left] = toImage(view, screen, -50, 0);
  const [right] = toImage(view, screen, screen.width + 50, 0);
  const isNear = (one: number): boolean => {
    const { x } = traceAt(traces, one, middle);
    const bend = 80 + 200;
    return x > left - bend && x < right + bend;
  };
  if (overlay.showTraces) {
    context.strokeStyle = ink.fiber;
    context.globalAlpha = 0.75;
    context.lineWidth = 1;
    context.beginPath();
    for (let one = 0; one < traces.fibers; one += each) if (isNear(one)) tracePath(context, overlay, traces, one, step);
    context.stroke();
    context.globalAlpha = 1;
  }
  const chosen = fiberOnCamera(traces, fiber);
  if (chosen === null) return;
  cased(context, ink, ink.strong, 1.5, () => tracePath(context, overlay, traces, chosen, step));
  const { x } = traceAt(traces, chosen, view.y);
  const place = fromCcd(overlay.amplifiers, x, middle) ?? [x, middle];
  const [px] = toScreen(view, screen, place[0], 0);
  if (px > 0 && px < screen.width - 60)
    label(context, ink, `fiber ${fiberNumber(traces, chosen)}`, px + 10, screen.height / 2);
}

function drawCross(
  context: OffscreenCanvasRenderingContext2D,
  { view, screen, shape, cross }: Overlay,
  ink: OverlayInk,
): void {
  if (!cross) return;
  const n = shape.binning;
  const [x0, y0] = toScreen(view, screen, cross.x * n, cross.y * n);
  const [x1, y1] = toScreen(view, screen, (cross.x + 1) * n, (cross.y + 1) * n);
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const gap = Math.max(6, (x1 - x0) / 2 + 3);
  context.globalAlpha = 0.55;
  cased(context, ink, ink.strong, 1, () => {
    context.moveTo(0, my);
    context.lineTo(mx - gap, my);
    context.moveTo(mx + gap, my);
    context.lineTo(screen.width, my);
    context.moveTo(mx, 0);
    context.lineTo(mx, my - gap);
    context.moveTo(mx, my + gap);
    context.lineTo(mx, screen.height);
  });
  context.globalAlpha = 1;
  if (x1 - x0 >= 4) cased(context, ink, ink.strong, 1, () => context.rect(x0, y1, x1 - x0, y0 - y1));
}

/** Draws everything that lies over the image. */
export function drawOverlay(context: OffscreenCanvasRenderingContext2D, overlay: Overlay, ink: OverlayInk): void {
  const { screen, traces, showAmplifiers } = overlay;
  context.clearRect(0, 0, screen.width, screen.height);
  drawGrid(context, overlay, ink);
  if (showAmplifiers && overlay.amplifiers.length > 0) drawAmplifiers(context, overlay, ink);
  if (traces) drawTraces(context, overlay, ink, traces);
  drawCross(context, overlay, ink);
}
