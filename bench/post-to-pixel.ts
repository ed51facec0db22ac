/**
 * From a POST's last byte written to the frame that shows its number painted: the real application in a real Electron, 30
 * cameras posting at once, 12 KB each. Prints median, 99th percentile and longest; no test passes or fails by it.
 *
 *   npm run bench:pixel [-- --rounds 60 --bytes 12000]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { freePort, openQlf, type Qlf } from '../e2e/fixtures/qlf.ts';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '60' }, bytes: { type: 'string', default: '12000' } },
});
const rounds = Number(options.rounds);
const bytes = Number(options.bytes);
const USER = 'bench';
const PASSWORD = 'only for this bench';
const EXPID = 4711;

/** ms since the epoch, fractional; the same clock in every process of this machine. */
const now = (): number => performance.timeOrigin + performance.now();

/** The number of a round, as it is posted; the grid shows it with two decimals (a whole number would have none). */
const valueOf = (round: number): number => 2.01 + (round % 98) / 100;

/** A QA output of about `bytes`: read noise of four amplifiers with its limits, and a number a fiber beside. */
function body(camera: CameraName, round: number): string {
  const four = (value: number): number[] => [value, value, value, value];
  const METRICS = {
    NOISE_AMP: four(valueOf(round)),
    FIBERS: Array.from({ length: Math.max(0, Math.floor((bytes - 400) / 19)) }, (_, i) => 1000 + Math.sin(i) * 900),
  };
  const PARAMS = {
    NOISE_AMP_REF: four(2.5),
    NOISE_AMP_NORMAL_RANGE: [-1, 1],
    NOISE_AMP_WARN_RANGE: [-2, 2],
    ROUND: round,
  };
  const measurements = [{ metric: 'getrms', value: { METRICS, PARAMS } }];
  return JSON.stringify({ id: 1, expid: EXPID, camera, status: 2, measurements });
}

/** A connection of one camera's pipeline. */
interface Sender {
  /** Posts; resolves with when the last byte was written and when the answer 201 came. */
  post(round: number): Promise<{ written: number; answered: number }>;
  close(): void;
}

async function openSender(port: number, camera: CameraName): Promise<Sender> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  return {
    async post(round) {
      const text = body(camera, round);
      const head =
        `POST /dashboard/api/job/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`;
      const answer = once(socket, 'data') as Promise<[Buffer]>;
      const written = await new Promise<number>((resolve) => socket.write(head + text, () => resolve(now())));
      const [chunk] = await answer;
      const answered = now();
      if (!chunk.toString().startsWith('HTTP/1.1 201')) throw new Error(`the post was refused: ${chunk.toString()}`);
      return { written, answered };
    },
    close: () => socket.destroy(),
  };
}

/** In the page: when the frame was painted in which each camera's cell first showed the text. */
function watchCells(page: Qlf['page'], cameras: readonly CameraName[], text: string): Promise<Record<string, number>> {
  return page.evaluate(
    ([names, wanted]) =>
      new Promise<Record<string, number>>((resolve) => {
        const painted: Record<string, number> = {};
        const seen = new Set<string>();
        const look = (): void => {
          const fresh = names.filter(
            (name) =>
              !seen.has(name) && document.querySelector(`[data-camera="${name}"] .group b`)?.textContent === wanted,
          );
          if (fresh.length === 0) return;
          for (const name of fresh) seen.add(name);
          // After the frame's callbacks the page is drawn; a message posted in one is taken up after that.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              for (const name of fresh) painted[name] = performance.timeOrigin + performance.now();
              if (Object.keys(painted).length < names.length) return;
              observer.disconnect();
              resolve(painted);
            };
            port2.postMessage(null);
          });
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    [cameras, text] as const,
  );
}

/** The value below which a share of the sorted values lies. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

function report(name: string, values: number[]): void {
  const sorted = values.sort((a, b) => a - b);
  const [median, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  const longest = sorted.at(-1) ?? NaN;
  console.log(`${name.padEnd(34)}${[median, p99, longest].map((ms) => ms.toFixed(1).padStart(9)).join('')}`);
}

async function measure(qlf: Qlf, port: number): Promise<void> {
  const senders = await Promise.all(CAMERAS.map((camera) => openSender(port, camera)));
  const [toAnswer, toPixel, toLast]: number[][] = [[], [], []];
  // The first round brings the run on screen and warms everything up.
  for (let round = 0; round <= rounds; round++) {
    const shown = watchCells(qlf.page, CAMERAS, valueOf(round).toFixed(2));
    await qlf.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    const posts = await Promise.all(senders.map((sender) => sender.post(round)));
    const painted = await shown;
    if (round === 0) continue;
    posts.forEach(({ written, answered }, i) => {
      toAnswer?.push(answered - written);
      toPixel?.push((painted[CAMERAS[i] ?? ''] ?? NaN) - written);
    });
    toLast?.push(Math.max(...Object.values(painted)) - Math.min(...posts.map(({ written }) => written)));
  }
  for (const sender of senders) sender.close();
  console.log(`\n${rounds} rounds of 30 posts of ${bytes} bytes at once, ms${' '.repeat(2)}median      p99  longest`);
  report('POST written → 201', toAnswer ?? []);
  report('POST written → its frame painted', toPixel ?? []);
  report('first of 30 → all 30 painted', toLast ?? []);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-pixel-'));
  mkdirSync(join(folder, 'raw'));
  const ingestPort = await freePort();
  const env = { QLF_USER: USER, QLF_PASSWD: PASSWORD };
  const qlf = await openQlf({ folder, ingestPort, args: ['--source', join(folder, 'raw')], env });
  try {
    await qlf.page.getByRole('grid', { name: 'Cameras' }).waitFor();
    await measure(qlf, ingestPort);
  } finally {
    await qlf.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
