import { connect } from 'node:net';

/** What the bench tells its client, a process of its own, as pipelines are. */
export interface LoadOrder {
  port: number;
  authorization: string;
  /** EXPID and cameras to post for, by turns. */
  expid: number;
  cameras: string[];
  connections: number;
  /** Size of a post's body. */
  bytes: number;
  seconds: number;
  /** Makes every value of this round different from those of others. */
  round: number;
}

export interface LoadResult {
  posts: number;
  seconds: number;
  /** ms from the request written to its answer read, one a post */
  latencies: number[];
  failures: number;
}

const METRICS = ['countpix', 'getbias', 'getrms', 'xwsigma', 'countbins', 'skycont', 'skypeak', 'snr'];

/** Everything of a request but what makes it unique: a QA output of about `bytes`, mostly one number a fiber. */
function template(order: LoadOrder, camera: string, metric: string): (unique: string) => Buffer {
  const fibers = Array.from({ length: Math.floor((order.bytes - 300) / 19) }, (_, i) => 1000 + Math.sin(i) * 900);
  const value = { METRICS: { UNIQUE: '#', TOTCOUNT_FIB: fibers }, PARAMS: { CUTBINS: 5 } };
  const measurements = [{ metric, value }];
  const body = JSON.stringify({ id: 1, expid: order.expid, camera, status: 2, measurements });
  const [before = '', after = ''] = body.split('"#"');
  return (unique) => {
    const text = before + unique + after;
    const head =
      `POST /dashboard/api/job/ HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nAuthorization: ${order.authorization}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`;
    return Buffer.from(head + text);
  };
}

/** Posts over `connections` sockets, one post at a time on each, for some seconds. */
async function load(order: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  let failures = 0;
  let counter = order.round * 1e9;
  const begun = performance.now();
  const end = begun + order.seconds * 1000;

  const one = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const camera = order.cameras[index % order.cameras.length] ?? 'r0';
      const requests = METRICS.map((metric) => template(order, camera, metric));
      const socket = connect(order.port, '127.0.0.1');
      socket.setNoDelay(true);
      let sentAt = 0;
      let answer = '';
      let turn = 0;
      const send = (): void => {
        const request = requests[turn++ % requests.length];
        if (!request || performance.now() >= end) {
          socket.end();
          resolve();
          return;
        }
        counter += 1;
        const bytes = request(String(counter));
        sentAt = performance.now();
        socket.write(bytes);
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
        const head = answer.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(answer.slice(0, head))?.[1] ?? 0);
        if (answer.length < head + 4 + length) return;
        latencies.push(performance.now() - sentAt);
        if (!answer.startsWith('HTTP/1.1 201')) failures += 1;
        answer = '';
        send();
      });
    });

  await Promise.all(Array.from({ length: order.connections }, (_, i) => one(i)));
  return { posts: latencies.length, seconds: (performance.now() - begun) / 1000, latencies, failures };
}

process.on('message', (order: LoadOrder) => {
  void load(order).then((result) => process.send?.(result));
});
