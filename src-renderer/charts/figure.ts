/** The small part of Plotly's language that the figures speak. */
export interface Axis {
  title?: { text: string };
  type?: 'linear' | 'log' | 'category';
  range?: [number, number];
  domain?: [number, number];
  anchor?: string;
  matches?: string;
  tickvals?: number[];
  ticktext?: string[];
  dtick?: number | string;
  nticks?: number;
  tickformat?: string;
  visible?: boolean;
  showgrid?: boolean;
  showticklabels?: boolean;
  zeroline?: boolean;
  fixedrange?: boolean;
  rangemode?: 'tozero' | 'normal';
  autorange?: 'reversed';
  /** Axis whose unit has the same length on the screen. */
  scaleanchor?: string;
}

/** Colours beside a plot with their ends. */
export interface ColorBar {
  title: { text: string; side: 'right'; font: { size: number; color: string } };
  tickfont: { size: number; color: string };
  thickness: number;
  outlinewidth: number;
  x?: number;
}

export interface Marker {
  color?: string | string[] | number[];
  colorscale?: [number, string][];
  cmin?: number;
  cmax?: number;
  showscale?: boolean;
  colorbar?: ColorBar;
  size?: number;
  symbol?: string | string[];
  opacity?: number;
  line?: { color: string; width: number };
}

export interface Trace {
  type: 'scatter' | 'bar' | 'heatmap';
  x?: (number | string | null)[];
  y?: (number | string | null)[];
  z?: (number | null)[][];
  text?: string[];
  customdata?: unknown[];
  /** 'fiber': every point is a fiber, and the first of its customdata the fiber's number. */
  meta?: 'fiber';
  mode?: string;
  name?: string;
  marker?: Marker;
  line?: { color: string; width: number; dash?: string };
  error_y?: { type: 'data'; array: number[]; color: string; thickness: number; width: number };
  colorscale?: [number, string][];
  zmin?: number;
  zmax?: number;
  showscale?: boolean;
  xgap?: number;
  ygap?: number;
  xaxis?: string;
  yaxis?: string;
  hovertemplate?: string;
  hoverinfo?: 'skip';
  showlegend?: boolean;
  legendgroup?: string;
  width?: number;
}

export interface Shape {
  type: 'rect' | 'line';
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  xref?: string;
  yref?: string;
  layer?: 'below' | 'above';
  fillcolor?: string;
  opacity?: number;
  line?: { color?: string; width: number; dash?: string };
}

export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref?: string;
  yref?: string;
  showarrow: false;
  font?: { size: number; color: string };
  xanchor?: 'left' | 'center' | 'right';
  yanchor?: 'top' | 'middle' | 'bottom';
}

export interface Layout {
  shapes?: Shape[];
  annotations?: Annotation[];
  showlegend?: boolean;
  [axis: `xaxis${string}` | `yaxis${string}`]: Axis;
}

/** A plot as data: pure, so that it can be tested without drawing. */
export interface Figure {
  /** What it shows, for the heading and for those who do not see it. */
  title: string;
  traces: Trace[];
  layout: Layout;
}

/** Colours of the theme; plots never use status colours for anything else. */
export interface ChartTheme {
  text1: string;
  text2: string;
  text3: string;
  line2: string;
  line3: string;
  grid: string;
  plot: string;
  bg1: string;
  bg3: string;
  series: readonly [string, string, string, string];
  divLow: string;
  divMiddle: string;
  divHigh: string;
  /** From little to much. */
  sequential: readonly string[];
  arms: Readonly<Record<'b' | 'r' | 'z', string>>;
  /** What is broken or lost. */
  fault: string;
  /** Ring around what is chosen. */
  focus: string;
}

/** Markers that go with the series colours, so that colour is never alone. */
export const SERIES_SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up'] as const;
