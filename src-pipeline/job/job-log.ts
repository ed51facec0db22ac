import type { PipelineLog } from '../log.ts';
import type { EmitEvent } from './events.ts';

/** A log whose lines carry `logger` as their origin: QuickLook, or the class of a QA. */
export function jobLog(emit: EmitEvent, logger: string): PipelineLog {
  return {
    debug: (text) => emit({ kind: 'log', logger, level: 'DEBUG', text }),
    info: (text) => emit({ kind: 'log', logger, level: 'INFO', text }),
    warning: (text) => emit({ kind: 'log', logger, level: 'WARNING', text }),
    error: (text) => emit({ kind: 'log', logger, level: 'ERROR', text }),
  };
}
