import { LOG_LEVELS, type LogLevel } from '#shared/state/control-room.ts';

/** What is known of a line without keeping it: place in LOG_LEVELS, and in LINE_SOURCES times four. */
export type LineMark = number;

export const LINE_SOURCES = ['pipeline', 'engine', 'monitor'] as const;

export function levelOf(mark: LineMark): LogLevel {
  return LOG_LEVELS[mark & 3] ?? 'info';
}

export function sourceOf(mark: LineMark): (typeof LINE_SOURCES)[number] {
  return LINE_SOURCES[mark >> 2] ?? 'pipeline';
}

const INFO = LOG_LEVELS.indexOf('info');

/** Words that loggers write, and what Python leaves of an exception. */
const LEVEL_WORDS = /\b(ERROR|CRITICAL|FATAL|Traceback|WARN(?:ING)?|DEBUG)\b|File does not exist/g;
const ENGINE_LINE = /"source":"(engine|monitor)","level":"(debug|info|warning|error)"/g;

function wordRank(word: string | undefined): number {
  if (word === 'DEBUG') return 0;
  return word?.startsWith('WARN') ? 2 : 3;
}

/**
 * Marks of the lines of a text that ends with a line's end, one each. One search over all of it: most lines have no such word.
 * @param ends place of each line's end in the text
 */
export function markLines(text: string, ends: readonly number[], engine: boolean): Uint8Array {
  const marks = new Uint8Array(ends.length).fill(engine ? INFO + 4 : INFO);
  const pattern = engine ? ENGINE_LINE : LEVEL_WORDS;
  pattern.lastIndex = 0;
  let line = 0;
  let marked = -1;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    while (line < ends.length - 1 && (ends[line] ?? 0) < match.index) line += 1;
    if (engine) {
      // The first in a line is the line's own; a quoted one may follow in its text.
      if (marked === line) continue;
      const source = match[1] === 'monitor' ? 2 : 1;
      marks[line] = source * 4 + Math.max(0, LOG_LEVELS.indexOf(match[2] as LogLevel));
    } else {
      const rank = wordRank(match[1]);
      // An error beats a warning in the same line, a warning beats what only mentions DEBUG.
      marks[line] = marked === line ? Math.max(marks[line] ?? 0, rank) : rank;
    }
    marked = line;
  }
  return marks;
}
