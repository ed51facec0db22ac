import { open, type FileHandle } from 'node:fs/promises';
import type { LogFileFloor, LogProgress } from '#shared/domain/log.ts';
import { LOG_LEVELS } from '#shared/state/control-room.ts';
import { GrowingList } from './growing-list.ts';
import { markLines, sourceOf, type LineMark } from './line-levels.ts';

/** Bytes looked through at once: about three milliseconds of work, then others have their turn. */
const SLICE = 256 * 1024;
/** Longest that one question goes on, ms. */
const TURN_MS = 60;
/** A line that does not end within this many bytes is cut there. */
const MAX_LINE = 1024 * 1024;
/** A file that was not written to for so long has its last line whole. */
const SETTLED_MS = 1000;
/** What is shown of a line longer than this many bytes. */
const MAX_SHOWN = 4096;
const NEWLINE = 10;

export type SourceFilter = 'all' | 'engine' | 'monitor';

const FLOOR_RANK: Readonly<Record<LogFileFloor, number>> = {
  all: 0,
  warning: LOG_LEVELS.indexOf('warning'),
  error: LOG_LEVELS.indexOf('error'),
};

/** Lines of a filter, as far as the file has been looked through. */
interface Rows {
  lines: GrowingList;
  /** Lines of the file that have been considered. */
  upTo: number;
}

interface Search {
  /** Lower case. */
  text: string;
  lines: GrowingList;
  upTo: number;
}

/**
 * Where the lines of a log begin, and what they are: built in slices as the file grows, so that any page of a million lines is
 * two reads away. The lines themselves are not kept.
 */
export class LineIndex {
  readonly #file: string;
  readonly #engine: boolean;
  /** Where each line begins; the last entry is where the next will. */
  #starts = new GrowingList();
  #marks = new Uint8Array(1024);
  #lines = 0;
  /** Bytes looked through: up to the end of the last whole line. */
  #read = 0;
  #identity = '';
  #rows = new Map<string, Rows>();
  #search: Search | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param engine the file has the engine's lines, a JSON object each */
  constructor(file: string, engine: boolean) {
    this.#file = file;
    this.#engine = engine;
    this.#starts.push(0);
  }

  /**
   * Calls back with the file open and looked through as far as one turn goes; one question after another. An absent file has no
   * lines.
   */
  ask<T>(question: (handle: FileHandle | null, progress: LogProgress) => Promise<T>): Promise<T> {
    const answer = this.#turn.then(() => this.#answer(question));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #answer<T>(question: (handle: FileHandle | null, progress: LogProgress) => Promise<T>): Promise<T> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#forget('');
      return question(null, { bytes: 0, read: 0, complete: true });
    }
    try {
      const { size, ino, dev, mtimeMs } = await handle.stat();
      const identity = `${String(dev)} ${String(ino)}`;
      // Another file of the same name, or the same one written anew.
      if (identity !== this.#identity || size < this.#read) this.#forget(identity);
      const deadline = performance.now() + TURN_MS;
      const settled = Date.now() - mtimeMs > SETTLED_MS;
      while (this.#read < size && performance.now() < deadline)
        if (!(await this.#advance(handle, size, settled))) break;
      return await question(handle, { bytes: size, read: this.#read, complete: this.#read >= size });
    } finally {
      await handle.close();
    }
  }

  #forget(identity: string): void {
    this.#identity = identity;
    this.#starts = new GrowingList();
    this.#starts.push(0);
    this.#lines = 0;
    this.#read = 0;
    this.#rows = new Map();
    this.#search = null;
  }

  /** Looks through the next slice; false where there is no whole line to come yet. */
  async #advance(handle: FileHandle, size: number, settled: boolean): Promise<boolean> {
    let length = Math.min(SLICE, size - this.#read);
    let buffer = Buffer.allocUnsafe(length);
    let { bytesRead } = await handle.read(buffer, 0, length, this.#read);
    let end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (end === 0 && this.#read + bytesRead < size) {
      length = Math.min(MAX_LINE, size - this.#read);
      buffer = Buffer.allocUnsafe(length);
      ({ bytesRead } = await handle.read(buffer, 0, length, this.#read));
      end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1 || (bytesRead === MAX_LINE ? bytesRead : 0);
    }
    // A last line without its end is one only once nobody goes on with it.
    if (end === 0 && settled) end = bytesRead;
    if (end === 0) return false;
    this.#take(buffer.subarray(0, end));
    return true;
  }

  #take(bytes: Buffer): void {
    const ends: number[] = [];
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) ends.push(at);
    const last = ends[ends.length - 1];
    if (last === undefined || last < bytes.length - 1) ends.push(bytes.length - 1);
    // One character a byte, so that places in the text are places in the file.
    const marks = markLines(bytes.toString('latin1'), ends, this.#engine);
    if (this.#lines + ends.length > this.#marks.length) {
      const wider = new Uint8Array(Math.max(2 * this.#marks.length, this.#lines + ends.length));
      wider.set(this.#marks);
      this.#marks = wider;
    }
    this.#marks.set(marks, this.#lines);
    for (const at of ends) this.#starts.push(this.#read + at + 1);
    this.#lines += ends.length;
    this.#read += bytes.length;
  }

  /** Lines so far. */
  get lines(): number {
    return this.#lines;
  }

  markOf(line: number): LineMark {
    return this.#marks[line] ?? 0;
  }

  /** Lines (places in the file) that a filter lets through, so far. */
  rows(floor: LogFileFloor, source: SourceFilter): { readonly length: number; at(row: number): number } {
    if (floor === 'all' && source === 'all') {
      const lines = this.#lines;
      return { length: lines, at: (row) => (row < lines ? row : Number.NaN) };
    }
    const name = `${floor} ${source}`;
    const rows = this.#rows.get(name) ?? { lines: new GrowingList(), upTo: 0 };
    this.#rows.set(name, rows);
    for (; rows.upTo < this.#lines; rows.upTo += 1) {
      const mark = this.markOf(rows.upTo);
      if ((mark & 3) >= FLOOR_RANK[floor] && (source === 'all' || sourceOf(mark) === source))
        rows.lines.push(rows.upTo);
    }
    return rows.lines;
  }

  count(level: 'warning' | 'error', source: SourceFilter): number {
    const atLeast = this.rows(level, source).length;
    return level === 'error' ? atLeast : atLeast - this.rows('error', source).length;
  }

  #bytesOf(line: number, n = 1): number {
    return this.#starts.at(line + n) - this.#starts.at(line);
  }

  /** The text of some lines, in their order; of very long ones the beginning. */
  async texts(handle: FileHandle, lines: readonly number[]): Promise<string[]> {
    const texts: string[] = [];
    for (let i = 0; i < lines.length;) {
      const first = lines[i] ?? 0;
      const from = this.#starts.at(first);
      const length = this.#bytesOf(first);
      if (length > MAX_SHOWN) {
        const { buffer } = await handle.read(Buffer.alloc(MAX_SHOWN), 0, MAX_SHOWN, from);
        texts.push(`${buffer.toString('utf8')} \u2026 (${String(length)} bytes)`);
        i += 1;
        continue;
      }
      let n = 1;
      // Neighbours are read together.
      while (lines[i + n] === first + n && this.#bytesOf(first + n) <= MAX_SHOWN && this.#bytesOf(first, n + 1) < SLICE)
        n += 1;
      const bytes = Buffer.alloc(this.#bytesOf(first, n));
      await handle.read(bytes, 0, bytes.length, from);
      for (let k = 0; k < n; k++) {
        const line = bytes.subarray(this.#starts.at(first + k) - from, this.#starts.at(first + k + 1) - from);
        texts.push(line.toString('utf8').replace(/\r?\n$/, ''));
      }
      i += n;
    }
    return texts;
  }

  /** Lines with a text, whatever its case, as far as one turn of looking goes; `complete`: all that the index knows. */
  async search(handle: FileHandle, wanted: string): Promise<{ lines: GrowingList; complete: boolean }> {
    const text = wanted.toLowerCase();
    const search = this.#search?.text === text ? this.#search : { text, lines: new GrowingList(), upTo: 0 };
    this.#search = search;
    const deadline = performance.now() + TURN_MS;
    while (search.upTo < this.#lines && performance.now() < deadline) {
      const from = this.#starts.at(search.upTo);
      const next = Math.min(this.#lines, Math.max(search.upTo + 1, this.#starts.below(from + SLICE)));
      const bytes = Buffer.alloc(this.#starts.at(next) - from);
      await handle.read(bytes, 0, bytes.length, from);
      findLines(bytes.toString('utf8').toLowerCase(), text, search.upTo, search.lines);
      search.upTo = next;
    }
    return { lines: search.lines, complete: search.upTo >= this.#lines };
  }
}

function findLines(haystack: string, needle: string, firstLine: number, into: GrowingList): void {
  let line = firstLine;
  let lineStart = 0;
  for (let at = haystack.indexOf(needle); at >= 0;) {
    for (let end = haystack.indexOf('\n', lineStart); end >= 0 && end < at; end = haystack.indexOf('\n', lineStart)) {
      line += 1;
      lineStart = end + 1;
    }
    into.push(line);
    const next = haystack.indexOf('\n', at);
    if (next < 0) break;
    at = haystack.indexOf(needle, next + 1);
  }
}
