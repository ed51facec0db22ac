import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  EngineLogFile,
  FileLine,
  LogFind,
  LogFindAnswer,
  LogPage,
  LogPageAnswer,
  LogTarget,
} from '#shared/domain/log.ts';
import { LineIndex, type SourceFilter } from './line-index.ts';
import { levelOf } from './line-levels.ts';

/** Files and lines that are remembered at once; 9 MB of memory each million lines. */
const REMEMBERED_FILES = 100;
const REMEMBERED_LINES = 6_000_000;
/** The engine's log of a night, or of none, and its following parts. */
const ENGINE_LOG = /^(engine(?:-\d{8})?)(?:\.(\d{1,6}))?\.log$/;

export interface LogReaderParts {
  /** Folder of the engine's own logs. */
  folder: string;
  /** The log being written now. */
  currentFile: () => string;
  /** Path of a job's log; null where it has none yet. */
  jobLog: (target: Extract<LogTarget, { kind: 'job' }>) => string | null;
}

/** A line of the engine's log is a JSON object; what is none is shown as it stands. */
function engineLine(number: number, level: FileLine['level'], text: string): FileLine {
  try {
    const line = JSON.parse(text) as Omit<FileLine, 'at' | 'number'> & { at: string };
    const { source, expid, camera, run } = line;
    return {
      number,
      level,
      text: line.text,
      at: Date.parse(line.at),
      ...(source ? { source } : {}),
      expid: expid ?? null,
      camera: camera ?? null,
      ...(run === undefined ? {} : { run }),
    };
  } catch {
    return { number, level, text };
  }
}

/** Reads log files by pages and searches them, without ever holding one whole. */
export class LogReader {
  readonly #parts: LogReaderParts;
  readonly #indices = new Map<string, LineIndex>();

  constructor(parts: LogReaderParts) {
    this.#parts = parts;
  }

  /** The engine's logs, newest first; what a night's log was divided into counts as one. */
  async files(): Promise<EngineLogFile[]> {
    const { folder, currentFile } = this.#parts;
    const nights = new Map<string, EngineLogFile>();
    for (const { log, path } of await this.#engineParts()) {
      const about = await stat(path).catch(() => null);
      if (!about) continue;
      const before = nights.get(log);
      nights.set(log, {
        name: log,
        bytes: about.size + (before?.bytes ?? 0),
        modifiedAt: Math.max(about.mtimeMs, before?.modifiedAt ?? 0),
        current: path === currentFile() || (before?.current ?? false) || join(folder, log) === currentFile(),
      });
    }
    return [...nights.values()].sort((a, b) => Number(b.current) - Number(a.current) || b.modifiedAt - a.modifiedAt);
  }

  async page({ target, floor, offset, limit }: LogPage): Promise<LogPageAnswer> {
    const { indices, source, engine } = await this.#open(target);
    const answer: LogPageAnswer = { ...NOTHING, offset, lines: [] };
    let linesBefore = 0;
    for (const index of indices) {
      // What comes after a file that is not looked through yet has no place so far.
      const looked = answer.complete;
      const first = linesBefore;
      await index.ask(async (handle, progress) => {
        answer.bytes += progress.bytes;
        if (!looked) return;
        answer.read += progress.read;
        answer.complete = progress.complete;
        const rows = index.rows(floor, source);
        const from = Math.max(0, offset - answer.total);
        const length = Math.min(limit - answer.lines.length, rows.length - from);
        const wanted = Array.from({ length: Math.max(0, length) }, (_, i) => rows.at(from + i));
        const texts = handle ? await index.texts(handle, wanted) : [];
        wanted.forEach((line, i) => {
          const level = levelOf(index.markOf(line));
          const text = texts[i] ?? '';
          const number = first + line + 1;
          answer.lines.push(engine ? engineLine(number, level, text) : { number, level, text });
        });
        answer.total += rows.length;
        answer.warnings += index.count('warning', source);
        answer.errors += index.count('error', source);
      });
      linesBefore += index.lines;
    }
    return answer;
  }

  async find({ target, floor, what, from, direction }: LogFind): Promise<LogFindAnswer> {
    const { indices, source } = await this.#open(target);
    const places: number[] = [];
    const progress = { bytes: 0, read: 0, complete: true };
    let rowsBefore = 0;
    for (const index of indices) {
      const looked = progress.complete;
      await index.ask(async (handle, own) => {
        progress.bytes += own.bytes;
        if (!looked) return;
        const found =
          what.kind === 'text' && handle
            ? await index.search(handle, what.text)
            : { lines: index.rows(what.kind === 'level' ? what.level : 'error', source), complete: true };
        const rows = index.rows(floor, source);
        progress.read += own.read;
        progress.complete = own.complete && found.complete;
        for (const place of common(found.lines, rows)) places.push(rowsBefore + place);
        rowsBefore += rows.length;
      });
    }
    // They rise: what is after the row, and what is before it.
    const after = places.filter((row) => row <= from).length;
    const before = places.filter((row) => row < from).length - 1;
    const next = after < places.length ? after : 0;
    const previous = before >= 0 ? before : places.length - 1;
    const place = direction === 'next' ? next : previous;
    return {
      ...progress,
      count: places.length,
      row: places[place] ?? null,
      place: places.length === 0 ? 0 : place + 1,
    };
  }

  /** Every file of the engine's logs, and the log that it is a part of, in the order in which they were written. */
  async #engineParts(): Promise<{ log: string; part: number; path: string }[]> {
    const { folder } = this.#parts;
    return (await readdir(folder).catch(() => []))
      .flatMap((name) => {
        const [, log, part = '1'] = ENGINE_LOG.exec(name) ?? [];
        return log === undefined ? [] : [{ log: `${log}.log`, part: Number(part), path: join(folder, name) }];
      })
      .sort((a, b) => a.part - b.part);
  }

  /** The files of a log; they go on where the one before ended. */
  async #open(target: LogTarget): Promise<{ indices: LineIndex[]; source: SourceFilter; engine: boolean }> {
    if (target.kind === 'engine') {
      const parts = (await this.#engineParts()).filter(({ log }) => log === target.file);
      const indices = parts.map(({ path }) => this.#indexOf(path, true));
      this.#forget(indices);
      return { indices, source: target.source, engine: true };
    }
    const path = this.#parts.jobLog(target);
    const indices = path === null ? [] : [this.#indexOf(path, false)];
    this.#forget(indices);
    return { indices, source: 'all', engine: false };
  }

  #indexOf(path: string, engine: boolean): LineIndex {
    const index = this.#indices.get(path) ?? new LineIndex(path, engine);
    // The one that was asked last goes last: what was not asked for longest makes room.
    this.#indices.delete(path);
    this.#indices.set(path, index);
    return index;
  }

  #forget(wanted: readonly LineIndex[]): void {
    let lines = [...this.#indices.values()].reduce((sum, index) => sum + index.lines, 0);
    for (const [path, index] of this.#indices) {
      if (this.#indices.size <= REMEMBERED_FILES && lines <= REMEMBERED_LINES) return;
      if (wanted.includes(index)) return;
      this.#indices.delete(path);
      lines -= index.lines;
    }
  }
}

interface RisingList {
  readonly length: number;
  at(place: number): number;
}

/** Rows of the lines that are in both lists. */
function common(lines: RisingList, rows: RisingList): number[] {
  const places: number[] = [];
  let row = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines.at(i);
    while (row < rows.length && rows.at(row) < line) row += 1;
    if (row < rows.length && rows.at(row) === line) places.push(row);
  }
  return places;
}

const NOTHING = { bytes: 0, read: 0, complete: true, total: 0, warnings: 0, errors: 0, lines: [] };
