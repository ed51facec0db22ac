import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { QlfError } from '#shared/ipc/result.ts';

/** Name of the engine's socket in its data folder. */
const SOCKET = 'engine.sock';
/** Bytes of a socket's path that every system allows (macOS 103, Linux 107). */
const LONGEST_PATH = 100;

export interface SocketPlace {
  /** The socket of `name` (default: the engine's) as it is bound or called; only valid until `release`. */
  path(name?: string): string;
  release(): void;
}

/** Where a data folder's socket is, for a person. */
export function socketFile(root: string): string {
  return process.platform === 'win32' ? pipeName(root) : join(root, SOCKET);
}

/** Windows has no sockets in folders: a pipe whose name only those know who know the folder. */
function pipeName(root: string): string {
  let folder = root;
  try {
    folder = realpathSync(root);
  } catch {
    // It is not there yet: its name must do.
  }
  return `\\\\.\\pipe\\qlf-${createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 32)}`;
}

/**
 * The place of a data folder's socket. A path that is too long for a socket is reached through the open folder.
 * @throws QlfError `unavailable` where the system offers no way to so long a path
 */
export function socketPlace(root: string, longestName = SOCKET): SocketPlace {
  if (process.platform === 'win32') return { path: () => pipeName(root), release: () => undefined };
  if (Buffer.byteLength(join(root, longestName)) <= LONGEST_PATH)
    return { path: (name = SOCKET) => join(root, name), release: () => undefined };
  if (process.platform !== 'linux')
    throw new QlfError('unavailable', `${root} has too long a name for a socket in it: choose a shorter data folder`);
  const folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  let held = true;
  return {
    path: (name = SOCKET) => `/proc/self/fd/${String(folder)}/${name}`,
    release: () => {
      if (held) closeSync(folder);
      held = false;
    },
  };
}
