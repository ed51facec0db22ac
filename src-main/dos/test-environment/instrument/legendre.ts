/** Σ cⱼ Lⱼ(u) for coefficients `c[start … start + count)`. */
export function legendre(c: ArrayLike<number>, start: number, count: number, u: number): number {
  let previous = 1;
  let current = u;
  let sum = c[start]!;
  if (count > 1) sum += c[start + 1]! * u;
  for (let j = 2; j < count; j++) {
    const next = ((2 * j - 1) * u * current - (j - 1) * previous) / j;
    previous = current;
    current = next;
    sum += c[start + j]! * next;
  }
  return sum;
}

/** Derivative by u of the sum above, from L'ⱼ = L'ⱼ₋₂ + (2j−1) Lⱼ₋₁. */
export function legendreSlope(c: ArrayLike<number>, start: number, count: number, u: number): number {
  let previous = 1;
  let current = u;
  let slopeBefore = 0;
  let slope = 1;
  let sum = count > 1 ? c[start + 1]! : 0;
  for (let j = 2; j < count; j++) {
    const next = slopeBefore + (2 * j - 1) * current;
    slopeBefore = slope;
    slope = next;
    const value = ((2 * j - 1) * u * current - (j - 1) * previous) / j;
    previous = current;
    current = value;
    sum += c[start + j]! * next;
  }
  return sum;
}
