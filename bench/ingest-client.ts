import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { findMetric } from '#shared/qa/catalogue.ts';

/** What the bench tells its client, a process of its own, as pipelines are. */
export interface LoadOrder {
  port: number;
  authorization: string;
  /** EXPID and cameras to post for, by turns. */
  expid: number;
  cameras: string[];
  connections: number;
  /** Sizes of posts' bodies, by turns. */
  sizes: number[];
  /** ms of rest after as many posts as there are sizes, half of it left to chance: a pipeline computes between its bursts */
  restMs: number;
  /** All begin with their first burst at once; else within the time of a rest. */
  together: boolean;
  /** A connection for each post, as requests.post opens one; else one for all of a pipeline's posts. */
  connectionEach: boolean;
  seconds: number;
  /** Makes every value of this round different from those of others. */
  round: number;
}

export interface LoadResult {
  posts: number;
  seconds: number;
  /** ms from the request written to its answer read, one a post */
  latencies: number[];
  /** bytes of each post's body, as it was asked for */
  sizes: number[];
  failures: number;
}

const METRICS = ['countpix', 'getbias', 'getrms', 'xwsigma', 'countbins', 'skycont', 'skypeak', 'snr'];

/**
 * Everything of a request but what makes it unique: a QA output of about `bytes` as the original's, with the numbers of four
 * amplifiers, their references and ranges, and mostly one number a fiber.
 */
function template(order: LoadOrder, bytes: number, metric: string): (camera: string, unique: string) => Buffer {
  const fibers = Array.from(
    { length: Math.max(0, Math.floor((bytes - 500) / 19)) },
    (_, i) => 1000 + Math.sin(i) * 900,
  );
  const key = findMetric(metric)?.keys[0]?.key ?? 'VALUE';
  const value = {
    METRICS: { UNIQUE: '#', [key]: [1.1, 1.2, 0.9, 1.05], [`${key}_STATUS`]: 'NORMAL', TOTCOUNT_FIB: fibers },
    PARAMS: { [`${key}_NORMAL_RANGE`]: [-1, 1], [`${key}_WARN_RANGE`]: [-2, 2], [`${key}_DARK_REF`]: [1, 1, 1, 1] },
  };
  const measurements = [{ metric, value }];
  const body = JSON.stringify({ id: 1, expid: order.expid, status: 2, measurements });
  const [before = '', after = ''] = body.split('"#"');
  return (camera, unique) => {
    const text = `{"camera":"${camera}",${before.slice(1)}${unique}${after}`;
    const head =
      `POST /dashboard/api/job/ HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nAuthorization: ${order.authorization}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`;
    return Buffer.from(head + text);
  };
}

/** Whether an answer has come to its end. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length);
}

/** Posts by `connections` pipelines, one post at a time of each, for some seconds. */
async function load(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const sizes: number[] = [];
  let failures = 0;
  let counter = order.round * 1e9;
  const turns = Array.from({ length: order.sizes.length * METRICS.length }, (_, i) => i);
  const requests = turns.map((i) =>
    template(order, order.sizes[i % order.sizes.length] ?? 0, METRICS[i % METRICS.length] ?? 'snr'),
  );
  const begun = performance.now();
  const end = begun + order.seconds * 1000;

  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(order.port, '127.0.0.1', () => resolve(socket));
      socket.setNoDelay(true);
      socket.on('error', reject);
    });
  const answerOf = (socket: Socket, request: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const cut = (): void => reject(new Error('the connection was closed before the answer'));
      const hear = (chunk: Buffer): void => {
        answer += chunk.toString('latin1');
        if (!isWhole(answer)) return;
        socket.off('data', hear);
        socket.off('close', cut);
        resolve(answer);
      };
      socket.on('data', hear);
      socket.once('close', cut);
      socket.write(request);
    });

  const pipeline = async (index: number): Promise<void> => {
    const camera = order.cameras[index % order.cameras.length] ?? 'r0';
    if (!order.together) await pause(order.restMs * Math.random());
    let kept: Socket | null = null;
    for (let turn = index * order.sizes.length; performance.now() < end;) {
      counter += 1;
      const bytes = requests[turn % requests.length]?.(camera, String(counter)) ?? Buffer.alloc(0);
      const sentAt = performance.now();
      const socket: Socket = kept ?? (await open());
      const answer = await answerOf(socket, bytes);
      latencies.push(performance.now() - sentAt);
      sizes.push(order.sizes[turn % order.sizes.length] ?? 0);
      if (!answer.startsWith('HTTP/1.1 201')) failures += 1;
      if (order.connectionEach) socket.end();
      else kept = socket;
      turn += 1;
      if (order.restMs > 0 && turn % order.sizes.length === 0) await pause(order.restMs * (0.5 + Math.random()));
    }
    kept?.end();
  };

  await Promise.all(Array.from({ length: order.connections }, (_, i) => pipeline(i)));
  return { posts: latencies.length, seconds: (performance.now() - begun) / 1000, latencies, sizes, failures };
}

process.on('message', (order: LoadOrder) => {
  void load(order).then((result) => process.send?.(result));
});
