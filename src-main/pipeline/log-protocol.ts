import { metricOfQaClass } from '#shared/domain/ql-configuration.ts';
import { stepOfAlgorithm, type Step } from '#shared/domain/step.ts';
import type { LogLevel } from '#shared/state/control-room.ts';
import type { LogFact } from '../domain/ports/job-pool.ts';

/** What one line of a pipeline's log says. */
export interface ParsedLine {
  level: LogLevel;
  fact: LogFact;
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'error',
};

/** `2026-11-22 14:51:15,378 QuickLook INFO : Step Preproc finished.` */
const PROTOCOL = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[,.]\d{3} (\S+) (DEBUG|INFO|WARNING|ERROR|CRITICAL) ?: (.*)$/;
/** `WARNING:preproc.py:479:preproc: Missing keyword SATURLEV1 in header …`, the same library's lines on stdout. */
const LIBRARY = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):[^:\s]+:\d+:[^:\s]+: /;
/** `INFO:qproc.py:257:main: applying fiber flat …`, by which desi_qproc tells how far it is. */
const QPROC = /^INFO:qproc\.py:\d+:main: *(.*)$/;
/** `IndexError: index 50 is out of bounds …`, the last line of a Python traceback. */
const PYTHON_ERROR = /^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit)(?:: |$)/;
/** `procalgs.py:79: RuntimeWarning: divide by zero encountered in log10` */
const PYTHON_WARNING = /^\S+\.py:\d+: \w*Warning: /;

const TEXT: LogFact = { kind: 'text' };

/** The fact in the message of a protocol line; lines of QAs carry their class as the logger's name. */
function factOf(message: string): LogFact {
  const status = /^([A-Z][A-Z0-9_]*)_STATUS: ([A-Z]+)$/.exec(message);
  if (status?.[1] && status[2]) return { kind: 'status', key: status[1], status: status[2] };

  const plan = /^Pipeline steps: ([\w, ]+)$/.exec(message)?.[1];
  if (plan !== undefined) {
    const steps = plan.split(/, */).map(stepOfAlgorithm);
    if (steps.length > 0 && steps.every((step) => step !== undefined)) return { kind: 'plan', steps };
  }
  const started = stepOfAlgorithm(/^Starting to run step (\w+)$/.exec(message)?.[1] ?? '');
  if (started) return { kind: 'step-started', step: started };
  const ended = stepOfAlgorithm(/^Step (\w+) finished\.$/.exec(message)?.[1] ?? '');
  if (ended) return { kind: 'step-ended', step: ended };

  const running = /^Running (\w+)$/.exec(message)?.[1] ?? '';
  if (running === 'QA' || stepOfAlgorithm(running) || metricOfQaClass(running)) return { kind: 'heartbeat' };
  return TEXT;
}

/** desi_qproc says these when it begins a step; what comes before the first is its preprocessing. */
const QPROC_STEPS: readonly (readonly [start: string, step: Step])[] = [
  ['OBSTYPE = ', 'extract'],
  ['applying fiber flat ', 'fiberflat'],
  ['sky subtraction', 'sky'],
  ['read average calib in ', 'fluxcal'],
];

function qprocFact(message: string): LogFact {
  const step = QPROC_STEPS.find(([start]) => message.startsWith(start))?.[1];
  return step ? { kind: 'step-started', step } : TEXT;
}

/** Whether a line is one of a log, and not a program's word to whoever started it. */
export function isLogged(line: string): boolean {
  return PROTOCOL.test(line) || LIBRARY.test(line) || PYTHON_WARNING.test(line);
}

/**
 * Reads one line of the original's log protocol, which the built-in pipeline writes as well:
 *
 *     2026-11-22 14:51:11,311 QuickLook INFO : Starting to run step Preproc           step-started preproc
 *     2026-11-22 14:51:11,311 QuickLook INFO : Running Preproc                        heartbeat (again every Period)
 *     2026-11-22 14:51:13,345 Bias_From_Overscan INFO : BIAS_AMP_STATUS: NORMAL       status BIAS_AMP NORMAL
 *     2026-11-22 14:51:15,329 QuickLook WARNING : Failed to run QA Calc_XWSigma. …    text, warning
 *     2026-11-22 14:51:15,378 QuickLook INFO : Step Preproc finished.                 step-ended preproc
 *     2026-11-22 14:51:15,378 QuickLook CRITICAL : Failed to run PA Preproc error …   text, error
 *     2026-11-22 14:51:11,210 QuickLook INFO : Pipeline steps: Initialize, Preproc    plan (the built-in's only)
 *
 * and desi_qproc's `INFO:qproc.py:257:main: applying fiber flat F`. Anything else is text: of the level that it names, `error` for the last line of a traceback, else `info`.
 */
export function parseLogLine(line: string): ParsedLine {
  const [, logger, level, message] = PROTOCOL.exec(line) ?? [];
  if (logger !== undefined && level !== undefined && message !== undefined)
    return { level: levelOf(level, message), fact: factOf(message) };
  const qproc = QPROC.exec(line)?.[1];
  if (qproc !== undefined) return { level: 'info', fact: qprocFact(qproc) };
  const library = LIBRARY.exec(line)?.[1];
  if (library !== undefined) return { level: LEVELS[library] ?? 'info', fact: TEXT };
  if (PYTHON_ERROR.test(line)) return { level: 'error', fact: TEXT };
  if (PYTHON_WARNING.test(line) || line.startsWith('Traceback (most recent call last)'))
    return { level: 'warning', fact: TEXT };
  return { level: 'info', fact: TEXT };
}

/** A missing file is an error whatever level its line has (the original logs some of them as plain information). */
function levelOf(level: string, message: string): LogLevel {
  return message.startsWith('File does not exist') ? 'error' : (LEVELS[level] ?? 'info');
}
