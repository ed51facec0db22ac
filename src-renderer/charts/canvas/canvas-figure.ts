/** A plot of many points as data, drawn on a canvas: pure, so that it can be tested without drawing. */

/** Shapes of marks. `alarm`, `warning`, `unknown` are those of the status grammar, in its colours; others take their ink. */
export type MarkShape = 'dot' | 'square' | 'diamond' | 'triangle' | 'ring' | 'alarm' | 'warning' | 'unknown';

/** Colours by their role; the theme says which they are. */
export type Ink = 'strong' | 'plain' | 'quiet' | 'faint' | 'd1' | 'd2' | 'd3' | 'd4' | 'arm-b' | 'arm-r' | 'arm-z';

export interface Tick {
  at: number;
  text: string;
}

export interface CanvasAxis {
  range: [number, number];
  ticks: Tick[];
  /** Empty: none. */
  title: string;
}

/** A band between two curves. */
export interface Area {
  x: number[];
  low: number[];
  high: number[];
}

/** A curve; null breaks it. */
export interface Path {
  x: number[];
  y: (number | null)[];
  ink: Ink;
  width: number;
  dashed?: boolean;
  /** What it belongs to, for highlighting; absent: nothing. */
  group?: number;
}

/** Points of one group, which can be pointed at. `shape`: one for all, or one each. */
export interface Marks {
  group: number;
  x: number[];
  y: (number | null)[];
  shape: MarkShape | MarkShape[];
  ink: Ink;
  /** Half width, px. */
  size: number;
}

export interface CanvasText {
  x: number;
  y: number;
  text: string;
  align: 'left' | 'center' | 'right';
}

export interface CanvasPanel {
  /** In the corner; empty: none. */
  title: string;
  x: CanvasAxis;
  y: CanvasAxis;
  areas: Area[];
  paths: Path[];
  marks: Marks[];
  texts: CanvasText[];
  /** Vertical hairlines. */
  dividers: number[];
}

export interface CanvasFigure {
  /** What it shows, for those who do not see it. */
  title: string;
  panels: CanvasPanel[];
  columns: number;
  /** x and y have the same scale, and there are no frames: a map. */
  map: boolean;
}

/** A point that is pointed at. */
export interface Picked {
  panel: number;
  group: number;
  /** Place in the group's marks. */
  index: number;
}

export interface CanvasTheme {
  inks: Readonly<Record<Ink, string>>;
  band: string;
  limit: string;
  grid: string;
  frame: string;
  plot: string;
  text1: string;
  text2: string;
  text3: string;
  alarm: string;
  onAlarm: string;
  warn: string;
  onWarn: string;
}
