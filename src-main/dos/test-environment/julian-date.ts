/** Modified Julian date of an instant. */
export function modifiedJulianDate(instant: number): number {
  return instant / 86_400_000 + 40_587;
}
