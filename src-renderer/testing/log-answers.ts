import type { FileLine, LogFind, LogFindAnswer, LogPage, LogPageAnswer, LogTarget } from '#shared/domain/log.ts';

const TOTAL = 1_000_000;

function lineOf(target: LogTarget, row: number): FileLine {
  const level = row % 60 === 17 ? 'warning' : row % 5000 === 4200 ? 'error' : 'info';
  if (target.kind === 'engine') {
    const isMonitor = target.source === 'monitor' || (target.source === 'all' && row % 3 === 0);
    return {
      number: row + 1,
      level,
      text: isMonitor ? 'last answer, 00298417' : `r3: extract took ${20 + (row % 9)}.4 s`,
      at: Date.now() - (TOTAL - row) * 800,
      source: isMonitor ? 'monitor' : 'engine',
      expid: row % 4 === 0 ? null : 298_417,
      camera: isMonitor ? null : 'r3',
    };
  }
  const words = { info: 'INFO', warning: 'WARNING', error: 'ERROR', debug: 'DEBUG' }[level];
  const text = `${words}:extract.py:${100 + (row % 300)}:extract: bundle ${row % 20} of ${target.camera}, row ${row}`;
  return { number: row + 1, level, text };
}

/** A log of a million lines. */
export function logPage({ target, floor, offset, limit }: LogPage): LogPageAnswer {
  const total = floor === 'all' ? TOTAL : floor === 'warning' ? 16_867 : 200;
  const rowOf = (row: number): number =>
    floor === 'all' ? row : floor === 'warning' ? row * 60 + 17 : row * 5000 + 4200;
  return {
    bytes: 84_000_000,
    read: 84_000_000,
    complete: true,
    total,
    warnings: 16_667,
    errors: 200,
    offset,
    lines: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, i) =>
      lineOf(target, rowOf(offset + i)),
    ),
  };
}

export function logFind({ what, from, direction }: LogFind): LogFindAnswer {
  const [every, first] = what.kind === 'level' ? [5000, 4200] : [60, 17];
  const step = direction === 'next' ? Math.floor((from - first) / every) + 1 : Math.ceil((from - first) / every) - 1;
  const row = first + every * Math.max(0, step);
  const count = Math.floor(TOTAL / every);
  return { bytes: 84_000_000, read: 84_000_000, complete: true, count, row, place: Math.max(0, step) + 1 };
}
