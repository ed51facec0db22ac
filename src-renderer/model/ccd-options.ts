import type { ImageLayer, Reduction } from '#shared/domain/image.ts';

/** What the CCD screen shows: one camera, all thirty, or a file that somebody opened. */
export const CCD_MODES = ['camera', 'sheet', 'file'] as const;
export type CcdMode = (typeof CCD_MODES)[number];

/** How the range of values that the colours span is found. */
export const SCALE_KINDS = ['zscale', 'percent', 'minmax', 'manual'] as const;
export type ScaleKind = (typeof SCALE_KINDS)[number];

/** How values inside the range are spread over the colours. */
export const TRANSFERS = ['linear', 'sqrt', 'asinh', 'log'] as const;
export type Transfer = (typeof TRANSFERS)[number];

export const COLOR_MAPS = ['grey', 'cividis', 'viridis', 'magma', 'heat'] as const;
export type ColorMapName = (typeof COLOR_MAPS)[number];

/** Shares of the pixels that a percentile range can hold, %. */
export const SHARES = [99.8, 99, 98, 96, 90, 80, 50] as const;

/** How images are looked at; the same for every camera and exposure, so that they can be compared. */
export interface CcdOptions {
  mode: CcdMode;
  layer: ImageLayer;
  scale: ScaleKind;
  /** % of the pixels inside a percentile range. */
  share: number;
  /** The range that was set by hand. */
  manual: { low: number; high: number };
  transfer: Transfer;
  map: ColorMapName;
  inverse: boolean;
  reduction: Exclude<Reduction, 'or'>;
  amplifiers: boolean;
  traces: boolean;
  mask: boolean;
  profiles: boolean;
  /** ms that each of two exposures is shown. */
  blinkMs: number;
  /** The contact sheet has one range for all cameras. */
  common: boolean;
}

export const FIRST_CCD_OPTIONS: CcdOptions = {
  mode: 'camera',
  layer: 'raw',
  scale: 'zscale',
  share: 99,
  manual: { low: 0, high: 1 },
  transfer: 'linear',
  map: 'grey',
  inverse: false,
  reduction: 'mean',
  amplifiers: true,
  traces: false,
  mask: false,
  profiles: true,
  blinkMs: 800,
  common: true,
};
