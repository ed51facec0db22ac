import { once } from 'node:events';
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { Value } from 'typebox/value';
import {
  CommandCallSchema,
  COMMAND_CONTRACT,
  COMMAND_PROTOCOL,
  isCommandChannel,
  type CommandHandlers,
  type Greeting,
} from '#shared/ipc/command-contract.ts';
import { answerChecked, refuse } from '../domain/answer-call.ts';
import { socketFile, socketPlace, type SocketPlace } from './address.ts';
import { parsedLine, readLines, writeLine } from './lines.ts';

/** Command lines at once; more have to try again. */
const MOST = 16;
/** ms of silence after which a command line is taken for gone. */
const SILENCE_MS = 600_000;

export interface ControlParts {
  /** The data folder, of which this process is the one engine. */
  root: string;
  handlers: CommandHandlers;
  version: string;
  /** Hears of bugs. */
  report: (error: unknown) => void;
}

/** Answers one line of a command line. */
async function answer(socket: Socket, line: string, { handlers, report }: ControlParts): Promise<void> {
  const call = parsedLine(line);
  if (!Value.Check(CommandCallSchema, call)) {
    writeLine(socket, { id: 0, ...refuse('bad-request', 'a line must be {"id": …, "channel": …, "request": …}') });
    socket.end();
    return;
  }
  const { id, channel, request } = call;
  if (!isCommandChannel(channel)) {
    writeLine(socket, { id, ...refuse('bad-request', `there is no ${JSON.stringify(channel)} for a command line`) });
    return;
  }
  const handler = handlers[channel] as (request: unknown) => unknown;
  const result = await answerChecked(channel, COMMAND_CONTRACT[channel].request, request, handler, report);
  writeLine(socket, { id, ...result });
}

/** Where a socket is made before it gets its name: nobody else can enter. */
function bindPrivately(server: Server, root: string): { place: SocketPlace; publish: () => void } {
  if (process.platform === 'win32') {
    const place = socketPlace(root);
    server.listen(place.path());
    return { place, publish: () => undefined };
  }
  const own = mkdtempSync(join(root, '.control-'));
  const name = join(basename(own), 's');
  let place: SocketPlace | undefined;
  try {
    place = socketPlace(root, name);
    server.listen(place.path(name));
  } catch (error) {
    place?.release();
    rmSync(own, { recursive: true, force: true });
    throw error;
  }
  return {
    place,
    publish: () => {
      try {
        chmodSync(join(own, 's'), 0o600);
        // In one step, also over the socket of an engine that was killed.
        renameSync(join(own, 's'), socketFile(root));
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    },
  };
}

/**
 * Answers command lines of the data folder's owner at a socket in the folder, which nobody else may open. The folder's lock must
 * be held: what lies there of an engine that was killed is replaced.
 * @throws Error where the folder's file system has no sockets
 */
export async function serveControl(parts: ControlParts): Promise<{ close(): Promise<void> }> {
  const { root, version } = parts;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    // What fails on the way to a command line is that one's trouble.
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    if (open.size >= MOST) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    writeLine(socket, { qlf: version, protocol: COMMAND_PROTOCOL, pid: process.pid } satisfies Greeting);
    readLines(
      socket,
      (line) => answer(socket, line, parts),
      () => socket.destroy(),
    );
  });
  const { place, publish } = bindPrivately(server, root);
  try {
    await once(server, 'listening');
  } finally {
    publish();
  }
  return {
    async close() {
      if (process.platform !== 'win32') rmSync(socketFile(root), { force: true });
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
      place.release();
    },
  };
}
