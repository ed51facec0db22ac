import type { Arm } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';
import type { TraceSet } from '../types.ts';

/** Output wavelengths when the configuration gives none: whole Å of the traces' domain in steps of this. */
const STOCK_STEP = 0.5;

/** [first, last, step] in Å of an arm from the option `wavelength`, or what the traces allow. */
export function wavelengthOption(
  options: Readonly<Record<string, Json>>,
  arm: Arm,
  traces: TraceSet,
): [number, number, number] {
  const all = options['wavelength'] ?? options['Wavelength'];
  const chosen = Array.isArray(all) || all === null || typeof all !== 'object' ? all : all[arm];
  if (chosen === undefined || chosen === null) {
    return [Math.ceil(traces.wavemin), Math.floor(traces.wavemax), STOCK_STEP];
  }
  const numbers = Array.isArray(chosen) ? chosen.map(Number) : [];
  const [first, last, step] = numbers;
  if (first === undefined || last === undefined || step === undefined || !(last > first && step > 0)) {
    throw new Error(`wavelength of arm ${arm} must be [first, last, step] in Å, not ${JSON.stringify(chosen)}`);
  }
  return [first, last, step];
}

/** A positive number among the options, under any of its names. */
export function positiveOption(
  options: Readonly<Record<string, Json>>,
  names: readonly string[],
  stock: number,
): number {
  for (const name of names) {
    const value = options[name];
    if (typeof value === 'number' && value > 0) return value;
  }
  return stock;
}
