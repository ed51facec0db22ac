import type { LogLevel } from '#shared/state/control-room.ts';
import type { LogFact } from '../domain/ports/job-pool.ts';
import { createLineAssembler } from './line-assembler.ts';
import { openLogFile } from './log-file.ts';
import { parseLogLine } from './log-protocol.ts';

export interface OutputLine {
  text: string;
  level: LogLevel;
  fact: LogFact;
}

/** Longest line that is told, characters; the file has it whole. */
const MAX_TOLD = 2000;
/** Bytes a second that are read line by line, and how many may come at once; beyond, only facts are looked for. */
const READ_RATE = 1_000_000;
const READ_BURST = 4_000_000;
/** Lines without a fact that are told in a second, and at once. */
const TEXT_RATE = 200;
const TEXT_BURST = 2000;

/** What a chunk of a flood must contain to be worth reading: the lines of which facts are made. */
const TRIGGERS = ['Starting to run step', ' finished.', '_STATUS: ', ' ERROR : ', ' CRITICAL : '] as const;

/** An allowance that fills again with time. */
function allowance(rate: number, most: number): (amount: number) => boolean {
  let left = most;
  let at = performance.now();
  return (amount) => {
    const now = performance.now();
    left = Math.min(most, left + ((now - at) / 1000) * rate);
    at = now;
    if (left < amount) return false;
    left -= amount;
    return true;
  };
}

/** Without colours and control characters; of a line rewritten in place (a progress bar) the last state. */
function legible(line: string): string {
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  // eslint-disable-next-line no-control-regex -- these are what is removed
  const clean = last.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  return clean.length > MAX_TOLD ? `${clean.slice(0, MAX_TOLD)} …` : clean;
}

/** `2026-11-22 14:51:15,378`, as the original's log has the time (local). */
function timestamp(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 23).replace('T', ' ').replace('.', ',');
}

/** Where a job's output goes: whole lines into its log file, and what they say to the listener. */
export interface JobOutput {
  take(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** A line of QLF itself in the log. */
  note(level: 'INFO' | 'WARNING' | 'ERROR', text: string): void;
  /** When something came last, performance.now(). */
  readonly lastAt: number;
  close(): Promise<void>;
}

/**
 * @param file the log's path, with `append` added to
 * @param maxBytes where the file stops growing; a flood beyond it is read away, so that its writer never waits, and
 *   searched for facts only
 */
export function createJobOutput(
  { file, append, maxBytes }: { file: string; append: boolean; maxBytes: number },
  onLine: (line: OutputLine) => void,
): JobOutput {
  const log = openLogFile(file, append, maxBytes);
  const streams = { stdout: createLineAssembler(), stderr: createLineAssembler() };
  const mayRead = allowance(READ_RATE, READ_BURST);
  const mayTell = allowance(TEXT_RATE, TEXT_BURST);
  let lastAt = performance.now();
  let capped = false;
  let hushed = false;

  const tell = (text: string): void => {
    const parsed = parseLogLine(text);
    const plain = parsed.fact.kind === 'text' || parsed.fact.kind === 'heartbeat';
    if (!plain || mayTell(1)) {
      onLine({ text, ...parsed });
      return;
    }
    if (!hushed)
      note('WARNING', `more than ${String(TEXT_RATE)} lines a second: from here on some are only in this file`);
    hushed = true;
  };
  const note = (level: 'INFO' | 'WARNING' | 'ERROR', text: string): void => {
    const line = `${timestamp(new Date())} QLF ${level} : ${text}`;
    log.note(`${line}\n`);
    onLine({ text: line, ...parseLogLine(line) });
  };
  const takeLines = (lines: Buffer | undefined): void => {
    if (!lines) return;
    log.write(lines);
    if (log.full && !capped) {
      capped = true;
      note('WARNING', `this log is full (${String(maxBytes)} bytes): further output is not kept`);
    }
    const calm = mayRead(lines.length);
    if (!calm && !TRIGGERS.some((trigger) => lines.includes(trigger))) return;
    for (const line of lines.toString('utf8').split('\n')) {
      if (!calm && !TRIGGERS.some((trigger) => line.includes(trigger))) continue;
      const text = legible(line);
      if (text) tell(text);
    }
  };
  return {
    take(stream, chunk) {
      lastAt = performance.now();
      takeLines(streams[stream].push(chunk));
    },
    note,
    get lastAt() {
      return lastAt;
    },
    async close() {
      takeLines(streams.stdout.flush());
      takeLines(streams.stderr.flush());
      const failure = await log.close();
      if (failure !== null)
        onLine({ text: `the job's log could not be written: ${failure}`, level: 'warning', fact: { kind: 'text' } });
    },
  };
}
