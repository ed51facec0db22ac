import type { ConditionsAnswer } from '#shared/domain/trend.ts';
import type { CanvasFigure, CanvasPanel, MarkShape, Ink } from '../canvas/canvas-figure.ts';
import { numberTicks, paddedRange, timeTicks } from '../canvas/ticks.ts';

export const CONDITIONS = [
  { name: 'airmass', title: 'Airmass' },
  { name: 'seeing', title: 'Seeing, arcsec' },
  { name: 'sky', title: 'Sky, r mag' },
] as const;
export type Condition = (typeof CONDITIONS)[number]['name'];

const HOUR_MS = 3_600_000;
/** Kitt Peak is 7 hours behind UTC all year; a night turns at local noon. */
const LOCAL_OFFSET_MS = 7 * HOUR_MS;

/** Hours from the observatory's midnight, −12 … 12. */
export function hourOfNight(at: number): number {
  const local = (at - LOCAL_OFFSET_MS) / HOUR_MS;
  return ((((local + 12) % 24) + 24) % 24) - 12;
}

/** Groups of marks by program, as they are named; null: an exposure without one. */
export function conditionPrograms({ program }: ConditionsAnswer): (string | null)[] {
  return [...new Set(program)].sort((a, b) => (a ?? '\uffff').localeCompare(b ?? '\uffff'));
}

const LOOKS: readonly { shape: MarkShape; ink: Ink }[] = [
  { shape: 'dot', ink: 'd1' },
  { shape: 'square', ink: 'd2' },
  { shape: 'diamond', ink: 'd3' },
  { shape: 'triangle', ink: 'd4' },
];

/** Mark and colour of a program; those beyond the fourth share one. */
export function programLook(place: number): { shape: MarkShape; ink: Ink } {
  return LOOKS[place] ?? { shape: 'ring', ink: 'plain' };
}

/** Places in the answer of a program's exposures that have the condition. */
export function conditionPlaces(answer: ConditionsAnswer, condition: Condition, program: string | null): number[] {
  return answer.program.flatMap((own, i) => (own === program && (answer[condition][i] ?? null) !== null ? [i] : []));
}

function localHourTicks([low, high]: [number, number]) {
  const first = Math.ceil(low);
  return Array.from({ length: Math.max(0, Math.floor(high) - first + 1) }, (_, i) => {
    const hour = first + i;
    return { at: hour, text: `${String((hour + 24) % 24).padStart(2, '0')}:00` };
  });
}

/** Airmass, seeing and sky brightness of the exposures, by the moment or by the hour of the night. Pure. */
export function conditionsFigure(
  answer: ConditionsAnswer,
  along: 'time' | 'hour',
  zoom: [number, number] | null,
): CanvasFigure {
  const xs = along === 'time' ? answer.at : answer.at.map(hourOfNight);
  const range = zoom ?? paddedRange(xs, 0.03);
  const ticks = along === 'time' ? timeTicks(range, 9) : localHourTicks(range);
  const programs = conditionPrograms(answer);
  const size = xs.length > 3000 ? 1.5 : 3;
  return {
    title: `Airmass, seeing and sky by ${along === 'time' ? 'time' : 'hour of the night'}`,
    columns: 1,
    map: false,
    panels: CONDITIONS.map(({ name, title }): CanvasPanel => {
      const values = answer[name];
      const y = paddedRange(values);
      return {
        title: values.every((value) => value === null) ? 'not measured' : '',
        x: { range, ticks, title: along === 'time' ? 'UTC' : 'observatory time (MST)' },
        y: { range: name === 'sky' ? [y[1], y[0]] : y, ticks: numberTicks(y, 4), title },
        areas: [],
        paths: [],
        marks: programs.map((program, group) => {
          const places = conditionPlaces(answer, name, program);
          return {
            group,
            x: places.map((i) => xs[i] ?? 0),
            y: places.map((i) => values[i] ?? null),
            ...programLook(group),
            size,
          };
        }),
        texts: [],
        dividers: along === 'time' ? nightStarts(answer) : [0],
      };
    }),
  };
}

function nightStarts({ night, at }: ConditionsAnswer): number[] {
  const starts = night.flatMap((own, i) =>
    i > 0 && night[i - 1] !== own ? [((at[i - 1] ?? 0) + (at[i] ?? 0)) / 2] : [],
  );
  return starts.length > 60 ? [] : starts;
}
