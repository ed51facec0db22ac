import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nightOf } from '#shared/domain/night.ts';
import type { LogLine } from '#shared/state/control-room.ts';
import type { ControlRoom } from './control-room.ts';

export interface EngineLog {
  /** Path of the file that is written now. */
  file(): string;
  close(): void;
}

/** How much of the engine's logs is kept. */
export interface LogBounds {
  /** bytes after which a night's log goes on in another file */
  fileBytes: number;
  /** Files and bytes that are kept of all nights together, the one being written among them. */
  files: number;
  totalBytes: number;
}

const BOUNDS: LogBounds = { fileBytes: 32 * 1024 * 1024, files: 400, totalBytes: 1024 * 1024 * 1024 };
/** ms until a log that could not be written is tried again */
const TRY_AGAIN_MS = 10_000;

const NAME = /^engine-(\d{8})(?:\.(\d{1,6}))?\.log$/;

interface Part {
  name: string;
  night: string;
  part: number;
  bytes: number;
}

const nameOf = (night: string, part: number): string =>
  part === 1 ? `engine-${night}.log` : `engine-${night}.${String(part)}.log`;

/** The engine's logs in a folder, oldest first. */
function partsIn(folder: string): Part[] {
  return readdirSync(folder)
    .flatMap((name): Part[] => {
      const [, night, part = '1'] = NAME.exec(name) ?? [];
      const about = night === undefined ? undefined : statSync(join(folder, name), { throwIfNoEntry: false });
      return night === undefined || !about ? [] : [{ name, night, part: Number(part), bytes: about.size }];
    })
    .sort((a, b) => (a.night === b.night ? a.part - b.part : a.night < b.night ? -1 : 1));
}

/** Takes the oldest logs away until what is left, with room for a new file, is within the bounds. */
function clearOut(folder: string, bounds: LogBounds): void {
  const parts = partsIn(folder);
  let bytes = parts.reduce((sum, part) => sum + part.bytes, 0) + bounds.fileBytes;
  let files = parts.length + 1;
  for (const part of parts) {
    if (files <= bounds.files && bytes <= bounds.totalBytes) return;
    rmSync(join(folder, part.name), { force: true });
    files -= 1;
    bytes -= part.bytes;
  }
}

interface Open {
  night: string;
  file: string;
  bytes: number;
  fd: number;
}

function toText(line: LogLine): Buffer {
  return Buffer.from(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString() })}\n`);
}

/** The file with which a night's log goes on. */
function openFile(logs: string, night: string, bounds: LogBounds): Open {
  mkdirSync(logs, { recursive: true });
  const last = partsIn(logs)
    .filter((part) => part.night === night)
    .at(-1);
  const goesOn = last && last.bytes < bounds.fileBytes;
  if (!goesOn) clearOut(logs, bounds);
  const file = join(logs, goesOn ? last.name : nameOf(night, (last?.part ?? 0) + 1));
  return { night, file, bytes: goesOn ? last.bytes : 0, fd: openSync(file, 'a', 0o600) };
}

/**
 * Writes every line of the engine and the monitor to `logs/engine-NIGHT.log`, a JSON object a line; each night has a file of its
 * own, and a full one is followed by `engine-NIGHT.2.log` and so on: no file is ever renamed or rewritten, so nobody who reads
 * one sees it change. The oldest go. A line is in the file when this returns, few as they are; what cannot be written (a full
 * disk) is missing there, and said once it can be again.
 */
export function writeEngineLog(
  room: Pick<ControlRoom, 'onLine' | 'log'>,
  logs: string,
  now: () => number,
  bounds: LogBounds = BOUNDS,
): EngineLog {
  let current: Open | null = null;
  let file = join(logs, nameOf(nightOf(now()), 1));
  let torn = false;
  let broken: { since: number; lost: number } | null = null;

  const leave = (): void => {
    if (current) closeSync(current.fd);
    current = null;
  };

  const write = (line: LogLine): void => {
    const night = nightOf(line.at);
    if (current && (current.night !== night || current.bytes >= bounds.fileBytes)) leave();
    current ??= openFile(logs, night, bounds);
    file = current.file;
    // What was written in part is ended first, so that this line can be read.
    const text = Buffer.concat([Buffer.from(torn ? '\n' : ''), toText(line)]);
    const written = writeSync(current.fd, text);
    current.bytes += written;
    torn = written < text.length;
    if (torn) throw new Error('the disk is full');
  };

  const attempt = (line: LogLine): void => {
    try {
      if (broken) {
        const { lost } = broken;
        write({ ...line, level: 'warning', text: `the engine log is written again; lines not kept: ${String(lost)}` });
        broken = null;
      }
      write(line);
    } catch (error) {
      const told = broken !== null;
      broken = { since: now(), lost: (broken?.lost ?? 0) + 1 };
      try {
        leave();
      } catch {
        // It is given up either way.
      }
      if (!told) room.log('monitor', 'error', `the engine log cannot be written: ${messageOf(error)}`);
    }
  };

  const stop = room.onLine((line) => {
    if (line.source === 'pipeline') return;
    if (broken && Math.abs(now() - broken.since) < TRY_AGAIN_MS) broken.lost += 1;
    else attempt(line);
  });
  return {
    file: () => file,
    close: () => {
      stop();
      leave();
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
