import type { CameraName } from '#shared/domain/camera.ts';
import type { LogLevel, LogLine } from '#shared/state/control-room.ts';

export const LOG_SOURCES = ['all', 'pipeline', 'engine'] as const;
/** `engine` includes the DOS monitor; a camera name: only its lines. */
export type LogSource = (typeof LOG_SOURCES)[number] | CameraName;
export type LogFloor = 'all' | 'warning' | 'error';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };
const FLOOR: Readonly<Record<LogFloor, number>> = { all: 0, warning: 2, error: 3 };

function isFrom(line: LogLine, source: LogSource): boolean {
  switch (source) {
    case 'all':
      return true;
    case 'pipeline':
      return line.source === 'pipeline';
    case 'engine':
      return line.source !== 'pipeline';
    default:
      return line.camera === source;
  }
}

/** The lines of a source at or above a level, oldest first. */
export function filterLog(lines: readonly LogLine[], source: LogSource, floor: LogFloor): LogLine[] {
  return lines.filter((line) => RANK[line.level] >= FLOOR[floor] && isFrom(line, source));
}

/** `alarm`: the data are off, which is no failure of anything. */
type Tone = LogLevel | 'alarm';

/** Four letters, so that the columns stand. */
const TONE_WORDS: Readonly<Record<Tone, string>> = {
  debug: 'DBUG',
  info: 'INFO',
  warning: 'WARN',
  error: 'FAIL',
  alarm: 'ALRM',
};

/** How a line is told from others: its colour's name and its word. */
export function lineTone({ level, source, text }: { level: LogLevel; source?: LogLine['source']; text: string }): {
  tone: Tone;
  word: string;
} {
  const tone = level === 'error' && source === 'monitor' && text.startsWith('alarm ') ? 'alarm' : level;
  return { tone, word: TONE_WORDS[tone] };
}
