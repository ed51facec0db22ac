import type { Arm } from '#shared/domain/camera.ts';
import type { MarkedLine } from '../../model/lines.ts';
import type { Curve } from '../../model/spectrum.ts';
import type { ChartTheme } from '../figure.ts';
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

function bandOf(context: CanvasRenderingContext2D, axes: SpectrumAxes, curve: Curve): void {
  const { wavelength, flux, error } = curve;
  context.beginPath();
  let from = -1;
  const close = (to: number): void => {
    for (let k = to - 1; k >= from; k--) context.lineTo(axes.x(wavelength[k]!), axes.y(flux[k]! - error[k]!));
    context.closePath();
    from = -1;
  };
  for (let i = 0; i < flux.length; i++) {
    const known = Number.isFinite(flux[i]!) && Number.isFinite(error[i]!);
    if (!known) {
      if (from >= 0) close(i);
      continue;
    }
    const [x, y] = [axes.x(wavelength[i]!), axes.y(flux[i]! + error[i]!)];
    if (from < 0) {
      from = i;
      context.moveTo(x, y);
    } else context.lineTo(x, y);
  }
  if (from >= 0) close(flux.length);
  context.fill();
}

function lineOf(context: CanvasRenderingContext2D, axes: SpectrumAxes, { wavelength, flux }: Curve): void {
  context.beginPath();
  let pen = false;
  for (let i = 0; i < flux.length; i++) {
    if (!Number.isFinite(flux[i]!)) {
      pen = false;
      continue;
    }
    const [x, y] = [axes.x(wavelength[i]!), axes.y(flux[i]!)];
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  }
  context.stroke();
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
  context.lineJoin = 'round';
  const layers = [...picture.layers].sort((a, b) => ORDER[a.style] - ORDER[b.style]);
  for (const { curves, style, errors } of layers) {
    for (const curve of curves) {
      const color = layerColor(style, curve.arm, theme);
      if (errors) {
        context.globalAlpha = style === 'arms' ? 0.3 : 0.16;
        context.fillStyle = color;
        bandOf(context, axes, curve);
        context.globalAlpha = 1;
      }
      context.strokeStyle = color;
      context.lineWidth = style === 'median' ? 1.3 : 1;
      lineOf(context, axes, curve);
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
