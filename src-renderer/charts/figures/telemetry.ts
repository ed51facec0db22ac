import type { TelemetryAnswer } from '#shared/domain/telemetry.ts';
import type { CanvasFigure } from '../canvas/canvas-figure.ts';
import { numberTicks, paddedRange, timeTicks } from '../canvas/ticks.ts';

/** 'wind speed, m/s' */
export function seriesTitle({ name, unit }: { name: string | null; unit: string }): string {
  return [name ?? '', unit].filter(Boolean).join(', ');
}

/** A quantity over the time of the exposures, a curve and a group each. Pure. */
export function telemetryFigure(answer: TelemetryAnswer, zoom: [number, number] | null): CanvasFigure {
  const { exposures } = answer;
  const range =
    zoom ??
    paddedRange(
      exposures.flatMap(({ at }) => at),
      0.03,
    );
  const y = paddedRange(exposures.flatMap(({ values }) => values));
  return {
    title: `${seriesTitle(answer)} by time`,
    columns: 1,
    map: false,
    panels: [
      {
        title: '',
        x: { range, ticks: timeTicks(range, 9), title: 'UTC' },
        y: { range: y, ticks: numberTicks(y, 6), title: seriesTitle(answer) },
        areas: [],
        paths: exposures.map(({ at, values }, group) => ({ x: at, y: values, ink: 'quiet', width: 1, group })),
        marks: exposures.map(({ at, values }, group) => ({
          group,
          x: at,
          y: values,
          shape: 'dot',
          ink: 'd1',
          size: 2,
        })),
        texts: [],
        dividers: exposures.flatMap(({ night, at }, i) => {
          const before = exposures[i - 1];
          return before && before.night !== night ? [((before.at.at(-1) ?? 0) + (at[0] ?? 0)) / 2] : [];
        }),
      },
    ],
  };
}
