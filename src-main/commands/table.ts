import type { Command } from './command.ts';
import { CONFIG } from './config.ts';
import { DOCTOR } from './doctor.ts';
import { EXPORT, IMPORT, REPORT } from './night.ts';
import { PROCESS, RETRY } from './process.ts';
import { REMOTE } from './remote.ts';
import { STATUS } from './status.ts';
import { BACKUP, CLEAN, RESTORE } from './storage.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...[STATUS, PROCESS, RETRY, REPORT, EXPORT, IMPORT, CONFIG, BACKUP, RESTORE, CLEAN, REMOTE, DOCTOR],
];
