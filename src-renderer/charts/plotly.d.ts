/** Plotly's modular entry points come without types; the figures have their own. */
declare module 'plotly.js/lib/core' {
  const plotly: {
    register(traces: readonly unknown[]): void;
    react(element: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
    purge(element: HTMLElement): void;
    Plots: { resize(element: HTMLElement): Promise<unknown> | undefined };
  };
  export = plotly;
}
declare module 'plotly.js/lib/bar' {
  const trace: unknown;
  export = trace;
}
declare module 'plotly.js/lib/heatmap' {
  const trace: unknown;
  export = trace;
}
