/** Beyond this the error function is ±1 in double precision. */
const REACH = 6;

/**
 * The error function, 2/√π ∫₀ˣ exp(−t²) dt, to about 1e-15: the series
 * 2/√π·exp(−x²)·Σ 2ⁿx²ⁿ⁺¹/(1·3·5…(2n+1)), all of whose terms have one sign.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= REACH) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
