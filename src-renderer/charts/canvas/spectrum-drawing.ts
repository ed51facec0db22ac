import type { Arm } from '#shared/domain/camera.ts';
import type { MarkedLine } from '../../model/lines.ts';
import type { Curve } from '../../model/spectrum.ts';
import type { ChartTheme } from '../figure.ts';
import { columnsOf, type Columns } from './spectrum-columns.ts';
import { numberTicks } from './ticks.ts';

/** One spectrum in a plot, how it is drawn, and what it is called. */
export interface SpectrumLayer {
  name: string;
  curves: readonly Curve[];
  /** `arms`: in the colours of the arms · in one colour: what it is compared with, or a median. */
  style: 'arms' | 'other' | 'median';
  errors: boolean;
}

export interface SpectrumPicture {
  layers: readonly SpectrumLayer[];
  /** Å */
  range: readonly [number, number];
  /** In the unit of the axis. */
  flux: readonly [number, number];
  lines: readonly MarkedLine[];
  yTitle: string;
  /** A horizontal line at 1: the picture shows a ratio. */
  ratio: boolean;
}

/** Room around the plot, px. */
export const SPECTRUM_FRAME = { left: 58, right: 12, top: 20, bottom: 36 } as const;

export interface SpectrumAxes {
  x(wave: number): number;
  y(flux: number): number;
  wave(px: number): number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function spectrumAxes(
  { range, flux }: Pick<SpectrumPicture, 'range' | 'flux'>,
  width: number,
  height: number,
): SpectrumAxes {
  const { left, top } = SPECTRUM_FRAME;
  const right = Math.max(left + 1, width - SPECTRUM_FRAME.right);
  const bottom = Math.max(top + 1, height - SPECTRUM_FRAME.bottom);
  const perAngstrom = (right - left) / (range[1] - range[0]);
  const perFlux = (bottom - top) / (flux[1] - flux[0]);
  return {
    x: (wave) => left + (wave - range[0]) * perAngstrom,
    y: (value) => bottom - (value - flux[0]) * perFlux,
    wave: (px) => range[0] + (px - left) / perAngstrom,
    left,
    right,
    top,
    bottom,
  };
}

function drawFrame(
  context: CanvasRenderingContext2D,
  axes: SpectrumAxes,
  picture: SpectrumPicture,
  theme: ChartTheme,
): void {
  const { left, right, top, bottom } = axes;
  context.fillStyle = theme.plot;
  context.fillRect(left, top, right - left, bottom - top);
  context.font = '12px Inter, system-ui, sans-serif';
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.text3;
  context.lineWidth = 1;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.beginPath();
  for (const { at: wave, text } of numberTicks(picture.range, (right - left) / 110)) {
    const x = Math.round(axes.x(wave)) + 0.5;
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.fillText(text, x, bottom + 6);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { at: value, text } of numberTicks(picture.flux, Math.max(2, (bottom - top) / 46))) {
    const y = Math.round(axes.y(value)) + 0.5;
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.fillText(text, left - 6, y);
  }
  context.stroke();
  const base = picture.ratio ? 1 : 0;
  if (picture.flux[0] < base && picture.flux[1] > base) {
    context.strokeStyle = theme.line3;
    context.beginPath();
    context.moveTo(left, Math.round(axes.y(base)) + 0.5);
    context.lineTo(right, Math.round(axes.y(base)) + 0.5);
    context.stroke();
  }
  context.fillStyle = theme.text2;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText('Wavelength, \u00c5', (left + right) / 2, bottom + 32);
  context.save();
  context.translate(13, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(picture.yTitle, 0, 0);
  context.restore();
}

/** Lines of the sky or the lamps as dashes, named above where their names have room. */
function drawLines(
  context: CanvasRenderingContext2D,
  axes: SpectrumAxes,
  { lines, range }: SpectrumPicture,
  theme: ChartTheme,
): void {
  const close = range[1] - range[0] < 1800;
  context.strokeStyle = theme.line3;
  context.fillStyle = theme.text3;
  context.lineWidth = 1;
  context.font = '11px Inter, system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.setLineDash([2, 3]);
  context.beginPath();
  let free = axes.left;
  for (const { wavelength, name, main } of lines) {
    if (wavelength < range[0] || wavelength > range[1]) continue;
    const x = Math.round(axes.x(wavelength)) + 0.5;
    context.moveTo(x, axes.top);
    context.lineTo(x, axes.bottom);
    const half = context.measureText(name).width / 2;
    if ((main || close) && x - half > free && x + half < axes.right) {
      context.fillText(name, x, axes.top - 6);
      free = x + half + 6;
    }
  }
  context.stroke();
  context.setLineDash([]);
}

/** The pixel columns of the plot: whole pixels of the screen, however wide one of them is in CSS. */
interface Pixels {
  /** Of the first column, in pixels of the screen. */
  left: number;
  columns: number;
  /** Of its left edge. */
  wave: number;
  /** Å a column. */
  step: number;
  scale: number;
}

function pixelsOf(axes: SpectrumAxes, scale: number): Pixels {
  const left = Math.round(axes.left * scale);
  const wave = axes.wave(left / scale);
  return {
    left,
    columns: Math.max(0, Math.round(axes.right * scale) - left),
    wave,
    step: axes.wave((left + 1) / scale) - wave,
    scale,
  };
}

/**
 * Fills what a band covers, column by column, `width` CSS pixels higher than it is. Thousands of bins that lie beside each other
 * on a pixel cost a path as much as a screen full of lines; columns cost the same for any number of bins.
 */
function fillColumns(
  context: CanvasRenderingContext2D,
  axes: SpectrumAxes,
  pixels: Pixels,
  { low, high }: Columns,
  width: number,
): void {
  const { left, scale } = pixels;
  const half = width / 2;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (let column = 0; column < low.length; column++) {
    if (Number.isNaN(low[column]!)) continue;
    const top = Math.max(axes.top, axes.y(high[column]!) - half);
    const bottom = Math.min(axes.bottom, axes.y(low[column]!) + half);
    if (bottom > top) context.fillRect(left + column, top * scale, 1, (bottom - top) * scale);
  }
  context.restore();
}

/** Colour of a layer's curve. */
function layerColor(style: SpectrumLayer['style'], arm: Arm, theme: ChartTheme): string {
  if (style === 'arms') return theme.arms[arm];
  return style === 'other' ? theme.text1 : theme.series[1];
}

/** A median is drawn over all: it is smooth, and hides nothing. */
const ORDER: Readonly<Record<SpectrumLayer['style'], number>> = { other: 0, arms: 1, median: 2 };

/** The whole plot: frame, lines, what is compared with, the spectrum with its errors behind it, the median. */
export function drawSpectrum(
  context: CanvasRenderingContext2D,
  picture: SpectrumPicture,
  width: number,
  height: number,
  theme: ChartTheme,
): void {
  const axes = spectrumAxes(picture, width, height);
  drawFrame(context, axes, picture, theme);
  drawLines(context, axes, picture, theme);
  context.save();
  context.beginPath();
  context.rect(axes.left, axes.top, axes.right - axes.left, axes.bottom - axes.top);
  context.clip();
  const pixels = pixelsOf(axes, context.getTransform().a);
  const columns = (wavelength: Float64Array, lower: Float64Array, upper: Float64Array): Columns =>
    columnsOf(wavelength, lower, upper, pixels.wave, pixels.step, pixels.columns);
  const layers = [...picture.layers].sort((a, b) => ORDER[a.style] - ORDER[b.style]);
  for (const { curves, style, errors } of layers) {
    for (const curve of curves) {
      context.fillStyle = layerColor(style, curve.arm, theme);
      if (errors) {
        context.globalAlpha = style === 'arms' ? 0.3 : 0.16;
        const { wavelength, flux, error } = curve;
        const lower = flux.map((value, i) => value - error[i]!);
        const upper = flux.map((value, i) => value + error[i]!);
        fillColumns(context, axes, pixels, columns(wavelength, lower, upper), 0);
        context.globalAlpha = 1;
      }
      fillColumns(
        context,
        axes,
        pixels,
        columns(curve.wavelength, curve.flux, curve.flux),
        style === 'median' ? 1.3 : 1,
      );
    }
  }
  context.restore();
  // Which arm is where, for those who do not tell the colours apart.
  context.font = '600 12px Inter, system-ui, sans-serif';
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  for (const { arm, wavelength } of picture.layers[0]?.curves ?? []) {
    const from = Math.max(picture.range[0], wavelength[0] ?? NaN);
    const to = Math.min(picture.range[1], wavelength[wavelength.length - 1] ?? NaN);
    if (!(to > from)) continue;
    context.fillStyle = theme.arms[arm];
    context.fillRect(axes.x(from), axes.bottom - 3, axes.x(to) - axes.x(from), 3);
    context.fillText(arm, axes.x((from + to) / 2), axes.bottom - 8);
  }
}
