/**
 * A process that does to an HTTP endpoint what it must withstand: wrong credentials, bodies too large or without an end,
 * headers that never come to their end, connections held by the hundred, requests piled up, JSON nested without end, and what is
 * no HTTP. Started with `fork`; begins with its order and counts answers until it is told to stop and has seen enough.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface FloodOrder {
  port: number;
  /** Authorization of somebody who may post, but posts nonsense. */
  sloppy: string;
}

/** Kind of attack → status of an answer, or `cut off` → how often. */
export type FloodReport = Record<string, Record<string, number>>;

/** What it goes on for. */
const ENOUGH = [
  ['wrong credential', '429'],
  ['announced gigabyte', '413'],
  ['body without an end', '413'],
  ['nested without end', '422'],
  ['headers too long', '431'],
] as const;
const PATIENCE_MS = 3000;
const HELD = 600;
const report: FloodReport = {};
const held: Socket[] = [];
let over = false;

function count(kind: string, what: string): void {
  const counts = (report[kind] ??= {});
  counts[what] = (counts[what] ?? 0) + 1;
}

/** Sends pieces one after another on a connection of its own until there is an answer, or it is closed. */
function attack(kind: string, port: number, pieces: Iterable<string | Buffer>): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const rest = pieces[Symbol.iterator]();
    let answered = false;
    const write = (): void => {
      while (!socket.destroyed && !answered) {
        const next = rest.next();
        if (next.done) return;
        if (!socket.write(next.value)) {
          socket.once('drain', () => setImmediate(write));
          return;
        }
      }
    };
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('connect', write);
    socket.on('data', (chunk: Buffer) => {
      for (const [, status = ''] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)) {
        answered = true;
        count(kind, status);
      }
      socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!answered) count(kind, 'cut off');
      resolve();
    });
  });
}

const head = (order: FloodOrder, authorization: string, more: string, path = '/dashboard/api/job/'): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${String(order.port)}\r\nAuthorization: ${authorization}\r\n` +
  `Content-Type: application/json\r\n${more}\r\n`;
const whole = (order: FloodOrder, authorization: string, body: string): string =>
  head(order, authorization, `Content-Length: ${String(Buffer.byteLength(body))}\r\n`) + body;

const WRONG = `Basic ${Buffer.from('run-1:guess').toString('base64')}`;
const VALUE = JSON.stringify({
  expid: 5,
  camera: 'b0',
  status: 0,
  measurements: [{ metric: 'snr', value: 'x'.repeat(12_000) }],
});
const CHUNK = `10000\r\n${' '.repeat(0x10000)}\r\n`;

function* endless(first: string): Generator<string> {
  yield first;
  for (;;) yield CHUNK;
}

const KINDS: Record<string, (order: FloodOrder) => Iterable<string | Buffer>> = {
  'wrong credential': (order) => [whole(order, WRONG, VALUE)],
  'no credential': (order) => [whole(order, '', VALUE)],
  'announced gigabyte': (order) => [head(order, order.sloppy, 'Content-Length: 1000000000\r\n'), 'x'.repeat(100_000)],
  'announced gigabyte, wrong credential': (order) => endless(head(order, WRONG, 'Content-Length: 1000000000\r\n')),
  'body without an end': (order) => endless(head(order, order.sloppy, 'Transfer-Encoding: chunked\r\n')),
  'body without an end, wrong credential': (order) => endless(head(order, WRONG, 'Transfer-Encoding: chunked\r\n')),
  'nested without end': (order) => [
    whole(
      order,
      order.sloppy,
      `{"expid":5,"camera":"b0","status":0,"measurements":[{"metric":"a","value":${'['.repeat(400_000)}${']'.repeat(400_000)}}]}`,
    ),
  ],
  'no JSON': (order) => [whole(order, order.sloppy, '{"expid":')],
  'piled up': (order) => [whole(order, WRONG, '{}').repeat(300)],
  nowhere: (order) => [head(order, order.sloppy, 'Content-Length: 0\r\n', '/nowhere/')],
  'no HTTP': () => [Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0x0d, 0x0a, 0x0d, 0x0a])],
  'headers too long': (order) => [head(order, WRONG, `X-Long: ${'x'.repeat(100_000)}\r\n`)],
};

/** Connections that say nothing, or a letter of a header now and then, and stay. */
async function hold(order: FloodOrder): Promise<void> {
  const begun = `POST /dashboard/api/job/ HTTP/1.1\r\nHost: 127.0.0.1:${String(order.port)}\r\nX: `;
  while (!over) {
    while (held.length < HELD) {
      const socket = connect(order.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => {
        count('held', 'cut off');
        held.splice(held.indexOf(socket), 1);
      });
      socket.on('data', (chunk: Buffer) =>
        count('held', /HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1'))?.[1] ?? 'data'),
      );
      if (held.length % 2 === 0) socket.write(begun);
      held.push(socket);
    }
    await pause(100);
    for (const socket of held) if (socket.bytesWritten > 0) socket.write('x');
  }
}

async function keepOn(
  kind: string,
  pieces: (order: FloodOrder) => Iterable<string | Buffer>,
  order: FloodOrder,
): Promise<void> {
  while (!over) {
    await attack(kind, order.port, pieces(order));
    await pause(2);
  }
}

process.once('message', (order: FloodOrder) => {
  const kinds = Object.entries(KINDS);
  const attacks = [...kinds, ...kinds.slice(0, 2)].map(([kind, pieces]) => keepOn(kind, pieces, order));
  void hold(order);
  process.once('message', () => void stop());
  // On a slow machine it takes a while until each was tried.
  const stop = async (): Promise<void> => {
    while (!ENOUGH.every(([kind, what]) => report[kind]?.[what])) await pause(50);
    over = true;
    for (const socket of held) socket.destroy();
    await Promise.all(attacks);
    process.send?.(report, () => process.disconnect());
  };
});
