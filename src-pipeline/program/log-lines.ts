import type { PipelineLogLevel } from '../log.ts';

/** Python's numbers of the levels. */
const LEVELS: Readonly<Record<PipelineLogLevel, number>> = {
  DEBUG: 10,
  INFO: 20,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
};

/** `2018-09-13 02:22:33,835 QuickLook INFO : text`, the original's form; local time. */
export function logLine(at: Date, logger: string, level: PipelineLogLevel, text: string): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
  const time = local.slice(0, 23).replace('T', ' ').replace('.', ',');
  return `${time} ${logger} ${level} : ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`;
}

/** Is a line of this level written when `lowest` (Python's number) is asked for? */
export function isLogged(level: PipelineLogLevel, lowest: number): boolean {
  return LEVELS[level] >= lowest;
}
