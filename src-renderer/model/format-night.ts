/** Hours and minutes of a night: '5 h 12', '0 h 52', '38 min' is not used so that columns stay aligned. */
export function formatHours(seconds: number): string {
  const minutes = Math.round(Math.max(0, seconds) / 60);
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')}`;
}
