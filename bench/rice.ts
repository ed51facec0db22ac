/**
 * One full-size RICE_1 camera (4256 × 4194) from its file to unsigned 16-bit pixels: our WebAssembly kernel and our
 * plain JavaScript against cfitsio from C, each warm, interleaved, in one run. Needs cc and libcfitsio-dev.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readImage } from '#shared/fits/compressed-image.ts';
import { compressedImageHdu } from '#shared/fits/compressed-write.ts';
import { hduData, scanHdusInMemory } from '#shared/fits/hdu.ts';
import { type Image } from '#shared/fits/image.ts';
import { riceDecode } from '#shared/fits/rice.ts';
import { encodeFits, primaryHdu } from '#shared/fits/write.ts';

const ROUNDS = 7;
/** Decodings a round, of which the last ones are timed: code and caches are warm. */
const WARM_UP = 3;
const TIMED = 3;

interface Time {
  wall: number;
  cpu: number;
  sum: bigint;
}

/** Bias, read noise and some lit traces: about 6 bits a pixel when compressed. */
function camera(): Image {
  const [columns, rows] = [4256, 4194];
  const pixels = new Uint16Array(columns * rows);
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < pixels.length; i++) {
    const lit = (i % columns) % 8 === 3 ? 60 : 0;
    const noise = uniform() + uniform() + uniform() + uniform() - 2;
    pixels[i] = Math.round(1000 + lit + noise * (10 + lit / 6));
  }
  return { axes: [columns, rows], pixels };
}

function checksum(pixels: ArrayLike<number>): bigint {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += (pixels[i] ?? 0) * ((i % 1009) + 1);
  return BigInt(sum);
}

function timed(run: () => ArrayLike<number>): Time {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const pixels = run();
  const wall = performance.now() - start;
  const used = process.cpuUsage(cpu);
  return { wall, cpu: (used.user + used.system) / 1000, sum: checksum(pixels) };
}

function read(file: string): ArrayLike<number> {
  const bytes = readFileSync(file);
  const hdu = scanHdusInMemory(bytes).hdus[1];
  if (!hdu) throw new Error('no camera in the file');
  return readImage(hdu.header, hduData(bytes, hdu)).pixels as Uint16Array;
}

/** The same tiles through the plain JavaScript decoder. */
function readPlain(file: string): ArrayLike<number> {
  const bytes = readFileSync(file);
  const hdu = scanHdusInMemory(bytes).hdus[1];
  if (!hdu) throw new Error('no camera in the file');
  const data = hduData(bytes, hdu);
  const [columns, rows] = [hdu.header.requireNumber('ZNAXIS1'), hdu.header.requireNumber('ZNAXIS2')];
  const view = new DataView(data.buffer, data.byteOffset);
  const pixels = new Uint16Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const from = rows * 8 + view.getInt32(row * 8 + 4);
    riceDecode(data.subarray(from, from + view.getInt32(row * 8)), pixels, row * columns, columns, 2, 32, 0x8000);
  }
  return pixels;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-bench-rice-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'camera.fits.fz');
const program = path.join(folder, 'rice-cfitsio');
const image = camera();
writeFileSync(file, encodeFits([primaryHdu(), compressedImageHdu('R0', image)]));
execFileSync('cc', ['-O2', '-o', program, path.join(import.meta.dirname, 'rice-cfitsio.c'), '-lcfitsio']);

function cfitsio(): Time[] {
  const lines = execFileSync(program, [file, String(WARM_UP + TIMED)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.slice(WARM_UP).map((line) => {
    const [wall = '', cpu = '', sum = ''] = line.split(' ');
    return { wall: Number(wall), cpu: Number(cpu), sum: BigInt(sum) };
  });
}

function ours(run: (name: string) => ArrayLike<number>): Time[] {
  return Array.from({ length: WARM_UP + TIMED }, () => timed(() => run(file))).slice(WARM_UP);
}

const ways = { cfitsio, WebAssembly: () => ours(read), JavaScript: () => ours(readPlain) };
const times: Record<string, Time[]> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(ways)) (times[name] ??= []).push(...run());
}

const expected = checksum(image.pixels as Uint16Array);
const peer = times['cfitsio'] ?? [];
const bits = (8 * readFileSync(file).length) / image.pixels.length;
console.log(`${image.pixels.length} pixels, ${bits.toFixed(2)} bits a pixel; medians of ${ROUNDS * TIMED} decodings`);
for (const [name, all] of Object.entries(times)) {
  if (all.some((time) => time.sum !== expected)) throw new Error(`${name} gives other pixels`);
  const wall = median(all.map((time) => time.wall));
  const cpu = median(all.map((time) => time.cpu));
  const ratio = cpu / median(peer.map((time) => time.cpu));
  console.log(
    `${name.padEnd(12)} ${wall.toFixed(0).padStart(5)} ms wall ${cpu.toFixed(0).padStart(5)} ms processor   ${ratio.toFixed(2)} × cfitsio   best ${Math.min(...all.map((time) => time.wall)).toFixed(0)} ms`,
  );
}
