import { ARMS, armOf } from '#shared/domain/camera.ts';
import type { RegressionAnswer } from '#shared/domain/trend.ts';
import type { CanvasFigure, Marks, MarkShape } from '../canvas/canvas-figure.ts';
import { numberTicks, paddedRange } from '../canvas/ticks.ts';

/** Arms by colour and by shape. */
export const ARM_SHAPES = { b: 'dot', r: 'square', z: 'triangle' } as const satisfies Record<string, MarkShape>;

/** Places in the answer of each group of marks: arms b, r, z, then what belongs to no camera. */
export function regressionGroups({ camera }: RegressionAnswer): number[][] {
  const places = camera.map((_, i) => i);
  return [
    ...ARMS.map((arm) =>
      places.filter((i) => {
        const own = camera[i] ?? null;
        return own !== null && armOf(own) === arm;
      }),
    ),
    places.filter((i) => (camera[i] ?? null) === null),
  ];
}

/** Pairs of two quantities and the straight line through them. Pure. */
export function regressionFigure(
  answer: RegressionAnswer,
  titles: { x: string; y: string },
  zoom: { x: [number, number]; y: [number, number] } | null,
): CanvasFigure {
  const x = zoom?.x ?? paddedRange(answer.x);
  const y = zoom?.y ?? paddedRange(answer.y);
  const { fit } = answer;
  const size = answer.x.length > 4000 ? 1.3 : answer.x.length > 600 ? 2 : 3.2;
  const marks = regressionGroups(answer).map((places, group): Marks => {
    const arm = ARMS[group];
    return {
      group,
      x: places.map((i) => answer.x[i] ?? 0),
      y: places.map((i) => answer.y[i] ?? null),
      shape: arm ? ARM_SHAPES[arm] : 'dot',
      ink: arm ? `arm-${arm}` : 'plain',
      size,
    };
  });
  const line = fit
    ? [{ x: [...x], y: x.map((at) => fit.intercept + fit.slope * at), ink: 'strong' as const, width: 1.5 }]
    : [];
  return {
    title: `${titles.y} against ${titles.x}`,
    columns: 1,
    map: false,
    panels: [
      {
        title: '',
        x: { range: x, ticks: numberTicks(x, 8), title: titles.x },
        y: { range: y, ticks: numberTicks(y, 7), title: titles.y },
        areas: [],
        paths: line,
        marks: marks.filter((own) => own.x.length > 0),
        texts: [],
        dividers: [],
      },
    ],
  };
}
