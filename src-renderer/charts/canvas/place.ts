import type { CanvasFigure, CanvasPanel } from './canvas-figure.ts';

/** Where a panel's data lie on the canvas, px. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** From data to px and back. */
export interface Scale {
  box: Box;
  x(value: number): number;
  y(value: number): number;
  fromX(px: number): number;
  fromY(px: number): number;
}

const MARGIN = { left: 52, right: 10, top: 8, bottom: 38 } as const;
/** Between panels of several rows or columns. */
const GAP = { x: 14, y: 24 } as const;
/** From so many columns on, panels share their axes: numbers only at the left and at the bottom. */
export const SHARED_FROM = 4;

/** Boxes of all panels in a canvas of a size, px. */
export function placePanels(figure: CanvasFigure, width: number, height: number): Box[] {
  const { panels, columns } = figure;
  const rows = Math.max(1, Math.ceil(panels.length / columns));
  if (figure.map) return [{ left: 4, top: 4, width: Math.max(10, width - 8), height: Math.max(10, height - 8) }];
  const shared = columns >= SHARED_FROM;
  const gapX = shared ? 6 : columns > 1 ? MARGIN.left : GAP.x;
  const gapY = shared ? 6 : rows > 1 ? GAP.y : 0;
  const w = (width - MARGIN.left - MARGIN.right - gapX * (columns - 1)) / columns;
  const h = (height - MARGIN.top - MARGIN.bottom - gapY * (rows - 1)) / rows;
  return panels.map((_, i) => ({
    left: MARGIN.left + (i % columns) * (w + gapX),
    top: MARGIN.top + Math.floor(i / columns) * (h + gapY),
    width: Math.max(10, w),
    height: Math.max(10, h),
  }));
}

export function scaleOf(panel: CanvasPanel, box: Box, map: boolean): Scale {
  const [x0, x1] = panel.x.range;
  const [y0, y1] = panel.y.range;
  let kx = box.width / (x1 - x0 || 1);
  let ky = box.height / (y1 - y0 || 1);
  let { left, top } = box;
  if (map) {
    const k = Math.min(Math.abs(kx), Math.abs(ky));
    left += (box.width - k * Math.abs(x1 - x0)) / 2;
    top += (box.height - k * Math.abs(y1 - y0)) / 2;
    kx = Math.sign(kx) * k;
    ky = k;
  }
  return {
    box,
    x: (value) => left + (value - x0) * kx,
    y: (value) => top + (y1 - value) * ky,
    fromX: (px) => x0 + (px - left) / kx,
    fromY: (px) => y1 - (px - top) / ky,
  };
}
