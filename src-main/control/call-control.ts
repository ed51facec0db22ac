import { connect, type Socket } from 'node:net';
import { Value } from 'typebox/value';
import {
  CommandAnswerSchema,
  COMMAND_CONTRACT,
  COMMAND_PROTOCOL,
  GreetingSchema,
  type CommandChannel,
  type CommandRequest,
  type CommandResponse,
  type Greeting,
} from '#shared/ipc/command-contract.ts';
import { ERROR_CODES, QlfError } from '#shared/ipc/result.ts';
import { socketFile, socketPlace, type SocketPlace } from './address.ts';
import { parsedLine, readLines, writeLine } from './lines.ts';

/** ms that an engine may take to greet, and to answer. */
const GREETING_MS = 15_000;
const ANSWER_MS = 600_000;

/** A way to a running engine. */
export interface ControlLink {
  greeting: Greeting;
  /** @throws QlfError what the engine said, or `unavailable` where it went away */
  call<C extends CommandChannel>(channel: C, request: CommandRequest<C>): Promise<CommandResponse<C>>;
  close(): void;
}

/**
 * What a data folder's socket leads to. `absent`: there is none · `stale`: one that nobody listens at, of an engine that was
 * killed · `silent`: somebody has it and does not answer as an engine of this version does.
 */
export type Reached = { kind: 'engine'; link: ControlLink } | { kind: 'absent' | 'stale' | 'silent'; words: string };

const gone = (): QlfError =>
  new QlfError('unavailable', 'the engine went away before it answered; look with: qlf status');

/** Calls over a greeted socket. */
function linkOver(socket: Socket, greeting: Greeting, place: SocketPlace, waiting: Waiting): ControlLink {
  let last = 0;
  return {
    greeting,
    async call(channel, request) {
      const id = (last += 1);
      const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
      const timer = setTimeout(
        () => waiting.get(id)?.reject(new QlfError('unavailable', `the engine does not answer ${channel}`)),
        ANSWER_MS,
      );
      try {
        if (socket.destroyed) throw gone();
        writeLine(socket, { id, channel, request });
        const answer = await answered;
        if (!Value.Check(CommandAnswerSchema, answer)) throw new QlfError('internal', 'the engine answers nonsense');
        if (!answer.ok) {
          const code = ERROR_CODES.find((known) => known === answer.error.code) ?? 'internal';
          throw new QlfError(code, answer.error.message);
        }
        if (!Value.Check(COMMAND_CONTRACT[channel].response, answer.value))
          throw new QlfError('internal', `the engine's answer to ${channel} does not fit the contract`);
        return answer.value as CommandResponse<typeof channel>;
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    close() {
      socket.destroy();
      place.release();
    },
  };
}

type Waiting = Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>;

function idOf(answer: unknown): number {
  return typeof answer === 'object' && answer !== null && 'id' in answer ? Number(answer.id) : NaN;
}

/** Calls the engine of a data folder, if one listens there. */
export async function reachEngine(root: string, patienceMs = GREETING_MS): Promise<Reached> {
  let place: SocketPlace;
  try {
    place = socketPlace(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent', words: `there is no ${root}` };
    throw error;
  }
  const file = socketFile(root);
  const waiting: Waiting = new Map();
  const socket = connect(place.path());
  const reached = await new Promise<Reached>((resolve) => {
    const silent = (words: string): void => resolve({ kind: 'silent', words });
    const timer = setTimeout(() => silent(`${file} does not answer within ${patienceMs / 1000} s`), patienceMs);
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'ENOENT') resolve({ kind: 'absent', words: `there is no ${file}` });
      else if (code === 'ECONNREFUSED' || code === 'ENOTSOCK')
        resolve({ kind: 'stale', words: `nobody listens at ${file}` });
      else if (code === 'EACCES' || code === 'EPERM')
        silent(`${file} belongs to another account: be the one that runs QLF`);
      else silent(`${file}: ${message}`);
    });
    socket.once('close', () => {
      silent(`${file} hangs up at once`);
      for (const { reject } of waiting.values()) reject(gone());
    });
    let greeted = false;
    readLines(
      socket,
      (line) => {
        const value = parsedLine(line);
        if (greeted) {
          waiting.get(idOf(value))?.resolve(value);
          return;
        }
        greeted = true;
        clearTimeout(timer);
        if (!Value.Check(GreetingSchema, value)) silent(`what listens at ${file} is no engine of QLF`);
        else if (value.protocol !== COMMAND_PROTOCOL)
          silent(`the engine is QLF ${value.qlf}, which this command line does not understand: use its own`);
        else resolve({ kind: 'engine', link: linkOver(socket, value, place, waiting) });
      },
      () => socket.destroy(),
    );
    socket.once('close', () => clearTimeout(timer));
  });
  if (reached.kind !== 'engine') {
    socket.destroy();
    place.release();
  }
  return reached;
}
