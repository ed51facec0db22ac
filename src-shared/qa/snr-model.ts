/**
 * S/N that the original's model gives at a magnitude: t a f / sqrt(t (a f + b)), with f = 10^(−0.4 (m − 22.5))
 * nanomaggies and t the exposure time in s (Calculate_SNR of desispec).
 */
export function snrModel(magnitude: number, [a, b]: readonly [number, number], exptime: number): number {
  const flux = 10 ** (-0.4 * (magnitude - 22.5));
  return (exptime * a * flux) / Math.sqrt(exptime * (a * flux + b));
}
