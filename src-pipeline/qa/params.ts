import type { QaContext } from '../types.ts';

/** A number among the PARAMS of a QA; the stock value where the configuration gives none. */
export function numberParam({ params }: QaContext, name: string, stock: number): number {
  const value = params[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : stock;
}

/** A list of numbers among the PARAMS of a QA; the stock one where the configuration gives none. */
export function numbersParam({ params }: QaContext, name: string, stock: readonly number[]): readonly number[] {
  const value = params[name];
  return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : stock;
}
