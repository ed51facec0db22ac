import type { CanvasFigure, Picked } from './canvas-figure.ts';
import type { Scale } from './place.ts';

/** Farthest that a point may be from the pointer, px. */
const REACH = 18;

/** The point nearest to a place on the canvas (px), if one is within reach. */
export function pick(figure: CanvasFigure, scales: readonly Scale[], px: number, py: number): Picked | null {
  let best: Picked | null = null;
  let distance = REACH * REACH;
  figure.panels.forEach((panel, p) => {
    const scale = scales[p];
    if (!scale) return;
    const { left, top, width, height } = scale.box;
    if (px < left - REACH || px > left + width + REACH || py < top - REACH || py > top + height + REACH) return;
    for (const { group, x, y } of panel.marks)
      for (let index = 0; index < x.length; index++) {
        const value = y[index] ?? null;
        if (value === null) continue;
        const dx = scale.x(x[index] ?? 0) - px;
        if (dx > REACH || dx < -REACH) continue;
        const dy = Math.max(top, Math.min(top + height, scale.y(value))) - py;
        const own = dx * dx + dy * dy;
        if (own < distance) {
          distance = own;
          best = { panel: p, group, index };
        }
      }
  });
  return best;
}

/** The point after (or before) another along its group, for the keyboard; the first of all without one. */
export function stepPick(figure: CanvasFigure, from: Picked | null, by: 1 | -1): Picked | null {
  const marksAt = (panel: number, group: number) => figure.panels[panel]?.marks.find((own) => own.group === group);
  if (!from) {
    const panel = figure.panels.findIndex(({ marks }) => marks.some(({ x }) => x.length > 0));
    const first = figure.panels[panel]?.marks.find(({ x }) => x.length > 0);
    return first ? { panel, group: first.group, index: by > 0 ? 0 : first.x.length - 1 } : null;
  }
  const marks = marksAt(from.panel, from.group);
  if (!marks) return stepPick(figure, null, by);
  let index = from.index + by;
  while (index >= 0 && index < marks.x.length && (marks.y[index] ?? null) === null) index += by;
  return index >= 0 && index < marks.x.length ? { ...from, index } : from;
}

/** The next group (line) that has points, keeping about the place along x. */
export function stepGroup(figure: CanvasFigure, from: Picked | null, by: 1 | -1): Picked | null {
  const all = figure.panels.flatMap((panel, p) =>
    panel.marks.filter(({ x }) => x.length > 0).map((marks) => ({ panel: p, marks })),
  );
  const at = from ? all.findIndex(({ panel, marks }) => panel === from.panel && marks.group === from.group) : -1;
  if (!from || at < 0) return stepPick(figure, null, by);
  const next = all[at + by];
  if (!next) return from;
  const wanted = all[at]?.marks.x[from.index] ?? 0;
  let index = 0;
  next.marks.x.forEach((x, i) => {
    if (Math.abs(x - wanted) < Math.abs((next.marks.x[index] ?? 0) - wanted)) index = i;
  });
  return { panel: next.panel, group: next.marks.group, index };
}
