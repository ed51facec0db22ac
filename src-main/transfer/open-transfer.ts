import { join } from 'node:path';
import { sourceOf } from '#shared/domain/source.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import type { Waiting } from '../domain/waiting.ts';
import {
  createFileTransfer,
  type FileTransferOptions,
  type FileTransferService,
  type TransferLimits,
} from './file-transfer.ts';
import { createHostKeys } from './host-keys.ts';
import { PATIENCE } from './retry.ts';

/** Takes away what interrupted transfers have left and nobody will go on with. */
async function sweep(transfer: FileTransferService, root: string, events: Pick<EventSink, 'log'>): Promise<void> {
  try {
    const folders = ['raw', 'calib'].map((name) => transfer.sweep(join(root, name)));
    const swept = (await Promise.all(folders)).reduce((sum, files) => sum + files, 0);
    if (swept > 0) events.log('engine', 'info', `${String(swept)} files of interrupted transfers were taken away`);
  } catch (error) {
    events.log('engine', 'warning', `what interrupted transfers have left was not taken away: ${String(error)}`);
  }
}

type TransferSettings = Pick<EngineSettings, 'transferRate' | 'transferStall' | 'transferAttempts' | 'transferWait'>;

/** What a person set, in the transfer's terms. */
function limitsOf({ transferRate, transferStall, transferAttempts, transferWait }: TransferSettings): TransferLimits {
  return {
    maxRate: transferRate,
    stallSeconds: transferStall,
    patience: { ...PATIENCE, fileAttempts: transferAttempts, linkMs: transferWait * 60_000 },
  };
}

/** Transfers into a data folder, from hosts whose keys are in QLF's own file of known hosts or in ssh's. */
export function openTransfer(
  root: string,
  environment: Record<string, string>,
  events: Pick<EventSink, 'log'>,
  asking: {
    passphrase: NonNullable<FileTransferOptions['passphrase']>;
    /** Hears of keys that are not on record. */
    desk: { watch(keys: HostKeys): HostKeys };
    knownHostsFile: string;
  },
  settings: () => TransferSettings,
  waiting: Waiting,
): { transfer: FileTransferService; hostKeys: HostKeys } {
  const hostKeys = asking.desk.watch(createHostKeys(asking.knownHostsFile));
  const transfer = createFileTransfer({
    environment,
    hostKeys,
    passphrase: asking.passphrase,
    limits: () => limitsOf(settings()),
    waiting,
  });
  void sweep(transfer, root, events);
  return { transfer, hostKeys };
}

/** How files come, in words for the screen; an operations database may name files here and on data hosts. */
export function transferName(source: string | null): string {
  const kind = source === null ? 'folder' : sourceOf(source).kind;
  if (kind === 'folder') return 'local copy';
  return kind === 'ssh' ? 'SSH' : 'local copy or SSH';
}
