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

/** Files whose lines are remembered at once; 9 MB of memory each million lines. */
const REMEMBERED = 6;
const ENGINE_LOG = /^engine(-\d{8})?\.log$/;

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
    const { source, expid, camera } = line;
    return {
      number,
      level,
      text: line.text,
      at: Date.parse(line.at),
      ...(source ? { source } : {}),
      expid: expid ?? null,
      camera: camera ?? null,
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

  /** The engine's logs, newest first. */
  async files(): Promise<EngineLogFile[]> {
    const { folder, currentFile } = this.#parts;
    const names = (await readdir(folder).catch(() => [])).filter((name) => ENGINE_LOG.test(name));
    const files = await Promise.all(
      names.map(async (name): Promise<EngineLogFile | null> => {
        const path = join(folder, name);
        const about = await stat(path).catch(() => null);
        return about && { name, bytes: about.size, modifiedAt: about.mtimeMs, current: path === currentFile() };
      }),
    );
    return files
      .filter((file) => file !== null)
      .sort((a, b) => Number(b.current) - Number(a.current) || b.modifiedAt - a.modifiedAt);
  }

  async page({ target, floor, offset, limit }: LogPage): Promise<LogPageAnswer> {
    const { index, source, engine } = this.#open(target);
    if (!index) return { ...NOTHING, offset };
    return index.ask(async (handle, progress) => {
      const rows = index.rows(floor, source);
      const wanted = Array.from({ length: Math.max(0, Math.min(limit, rows.length - offset)) }, (_, i) =>
        rows.at(offset + i),
      );
      const texts = handle ? await index.texts(handle, wanted) : [];
      return {
        ...progress,
        total: rows.length,
        warnings: index.count('warning', source),
        errors: index.count('error', source),
        offset,
        lines: wanted.map((line, i): FileLine => {
          const level = levelOf(index.markOf(line));
          const text = texts[i] ?? '';
          return engine ? engineLine(line + 1, level, text) : { number: line + 1, level, text };
        }),
      };
    });
  }

  async find({ target, floor, what, from, direction }: LogFind): Promise<LogFindAnswer> {
    const { index, source } = this.#open(target);
    if (!index) return { ...NOTHING, count: 0, row: null, place: 0 };
    return index.ask(async (handle, progress) => {
      const found =
        what.kind === 'text' && handle
          ? await index.search(handle, what.text)
          : { lines: index.rows(what.kind === 'level' ? what.level : 'error', source), complete: true };
      const rows = index.rows(floor, source);
      const places = common(found.lines, rows);
      // Both rise: what is after the row, and what is before it.
      const after = places.filter((row) => row <= from).length;
      const before = places.filter((row) => row < from).length - 1;
      const next = after < places.length ? after : 0;
      const previous = before >= 0 ? before : places.length - 1;
      const place = direction === 'next' ? next : previous;
      return {
        ...progress,
        complete: progress.complete && found.complete,
        count: places.length,
        row: places[place] ?? null,
        place: places.length === 0 ? 0 : place + 1,
      };
    });
  }

  #open(target: LogTarget): { index: LineIndex | null; source: SourceFilter; engine: boolean } {
    const engine = target.kind === 'engine';
    const path = engine ? join(this.#parts.folder, target.file) : this.#parts.jobLog(target);
    const source = engine ? target.source : 'all';
    if (path === null) return { index: null, source, engine };
    const known = this.#indices.get(path);
    const index = known ?? new LineIndex(path, engine);
    // The one that was asked last goes last: what was not asked for longest makes room.
    this.#indices.delete(path);
    this.#indices.set(path, index);
    const [oldest] = this.#indices.keys();
    if (this.#indices.size > REMEMBERED && oldest !== undefined) this.#indices.delete(oldest);
    return { index, source, engine };
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
