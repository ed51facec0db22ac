import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RequestError } from './api-error.ts';
import { readPost, type PostReading } from './read-post.ts';
import { ThreadedReader } from './threaded-reader.ts';

const PROGRAM = new URL('../ingest-worker.ts', import.meta.url);
const LARGE = 200_000;

let died: string[];
let reader: ThreadedReader;
beforeAll(() => {
  reader = readerOf(PROGRAM);
});
beforeEach(() => {
  died = [];
});
afterAll(() => reader.close());

function readerOf(program: URL, most?: { ofAll: number; ofOne: number }): ThreadedReader {
  return new ThreadedReader(program, (reason) => died.push(reason), most);
}

/** A post of about so many bytes. */
function bodyOf(bytes: number, value: object = {}): Buffer {
  const fibers = Array.from({ length: Math.floor(bytes / 18) }, (_, i) => 1000 + Math.sin(i) * 900);
  const measurements = [{ metric: 'snr', value: { METRICS: { ...value, FIBERS: fibers }, PARAMS: {} } }];
  return Buffer.from(JSON.stringify({ id: 'x', expid: 7, camera: 'R0', status: 2, measurements }));
}

/** The same with all bytes as text, so that readings can be compared whoever made them. */
function plain(reading: PostReading): unknown {
  if (!reading.ok) return reading;
  const measurements = reading.post.measurements.map((one) => ({
    ...one,
    text: Buffer.from(one.text).toString(),
    digest: Buffer.from(one.digest).toString('hex'),
  }));
  return { ...reading.post, measurements };
}

const from = (bytes: Buffer, sender = 'run 1', connection: object = {}) => ({ bytes, sender, connection });

describe('the reader of posts', () => {
  it.each([
    ['ASCII', bodyOf(LARGE)],
    ['other letters', bodyOf(LARGE, { NOTE: 'Größe µ 星' })],
    ['NaN', Buffer.from(bodyOf(LARGE, { MEDIAN_SNR: 'X' }).toString().replace('"X"', 'NaN'))],
    ['a small one', bodyOf(1000)],
    ['bytes that are no UTF-8', Buffer.concat([bodyOf(LARGE).subarray(0, -60), Buffer.from([0xff])])],
    ['no JSON', bodyOf(LARGE).subarray(0, -1)],
    ['another schema', Buffer.from(`{"expid":-1,"note":"${'x'.repeat(LARGE)}"}`)],
    [
      'too deep',
      Buffer.from(
        bodyOf(LARGE, { A: 'X' })
          .toString()
          .replace('"X"', '['.repeat(50) + ']'.repeat(50)),
      ),
    ],
    ['a member named __proto__', Buffer.from(bodyOf(LARGE).toString().replace('FIBERS', '__proto__'))],
  ])('reads the same in its thread as here: %s', async (_what, bytes) => {
    const here = readPost(Buffer.from(bytes));
    expect(plain(await reader.read(from(Buffer.from(bytes))))).toEqual(plain(here));
  });

  it('keeps values that replace broken UTF-8 as text that is right', async () => {
    const bytes = Buffer.from(bodyOf(LARGE, { NOTE: 'X' }).toString('latin1').replace('X', '\xff'), 'latin1');
    const reading = await reader.read(from(bytes));
    expect(reading.ok && Buffer.from(reading.post.measurements[0]?.text ?? '').toString()).toContain('"NOTE":"\ufffd"');
  });

  it('gives each sender its turn, and small posts do not wait for large ones', async () => {
    const order: string[] = [];
    const note =
      (name: string) =>
      (reading: PostReading): void => {
        if (reading.ok) order.push(name);
      };
    const all = ['a1', 'a2', 'a3', 'a4'].map((name) => reader.read(from(bodyOf(LARGE), 'user a')).then(note(name)));
    all.push(reader.read(from(bodyOf(LARGE), 'run 1')).then(note('run')));
    all.push(reader.read(from(bodyOf(1000), 'run 1')).then(note('small')));
    await Promise.all(all);
    expect(order).toEqual(['small', 'a1', 'a2', 'run', 'a3', 'a4']);
  });

  it('reads what comes over one connection in its order', async () => {
    const connection = {};
    const order: number[] = [];
    const sizes = [LARGE, 1000, LARGE, 2000, 3000];
    await Promise.all(
      sizes.map(async (size, i) => {
        await reader.read(from(bodyOf(size), 'run 1', connection));
        order.push(i);
      }),
    );
    expect(order).toEqual([0, 1, 2, 3, 4]);
    // Nothing is left to wait for.
    expect((await reader.read(from(bodyOf(1000), 'run 1', connection))).ok).toBe(true);
  });

  it('asks to come again where too much waits, of one sender or of all', async () => {
    const narrow = readerOf(PROGRAM, { ofAll: 10 * LARGE, ofOne: 5 * LARGE });
    const senders = [...Array<string>(8).fill('user a'), ...Array.from({ length: 8 }, (_, i) => `run ${String(i)}`)];
    const readings = await Promise.allSettled(
      senders.map((sender) => narrow.read(from(Buffer.alloc(LARGE, 0x20), sender))),
    );
    const refused = readings.map((one) => one.status === 'rejected' && one.reason instanceof RequestError);
    expect(refused).toEqual(senders.map((_, i) => (i >= 5 && i < 8) || i >= 13));
    expect((await narrow.read(from(bodyOf(LARGE), 'user a'))).ok).toBe(true);
    await narrow.close();
  });
});

describe('a thread that dies over a post', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qlf-reader-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('costs that post alone, which may come again, and is told of', async () => {
    const program = join(folder, 'thread.cjs');
    // Dies over the first post of each thread that begins with a zero, and reads others as nonsense.
    writeFileSync(
      program,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (bytes) => {
         if (bytes[0] === 0x30) throw new Error('planted');
         parentPort.postMessage({ ok: false, code: 'invalid', message: String(bytes[0]) });
       });`,
    );
    const broken = readerOf(pathToFileURL(program));
    const readings = await Promise.allSettled(
      ['a', '0', 'b'].map((letter) => broken.read(from(Buffer.from(letter.repeat(LARGE)), `user ${letter}`))),
    );
    expect(readings.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(readings[1]).toMatchObject({ reason: { code: 'unavailable', retryAfter: 1 } });
    expect(died).toEqual(['planted']);
    await broken.close();
  });

  it('answers those that wait when it is closed', async () => {
    const closing = readerOf(PROGRAM);
    const readings = [1, 2, 3].map(() => closing.read(from(bodyOf(LARGE))).catch((error: unknown) => error));
    await closing.close();
    for (const answer of await Promise.all(readings)) expect(answer).toMatchObject({ code: 'unavailable' });
    await expect(closing.read(from(bodyOf(LARGE)))).rejects.toMatchObject({ code: 'unavailable' });
    expect(died).toEqual([]);
  });
});
