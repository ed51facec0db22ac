/**
 * How long until a full-size, RICE-compressed camera is on screen, against reading its bytes: the engine's part, from the
 * request to the last tile of the whole image. `npx -c 'node bench/image.ts'`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageThreads } from '../src-main/images/image-threads.ts';
import { TILE_SIDE } from '../src-shared/domain/image.ts';

const RUNS = 7;
const path = join(import.meta.dirname, '../e2e/data/desispec-reference/raw/20191115/00000110/desi-00000110.fits.fz');
/** At which the whole of a full-size camera fits a window. */
const LEVEL = 2;

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function firstPicture(threads: ImageThreads): Promise<{ open: number; statistics: number; tiles: number }> {
  const how = { about: path, view: 0, urgency: 'soon' } as const;
  const start = performance.now();
  const { ref, nx, ny } = await threads.run('open', { path, choice: { camera: 'r0' }, plane: 0 }, how);
  const opened = performance.now();
  await threads.run('statistics', { image: ref }, how);
  const counted = performance.now();
  const columns = Math.ceil(nx / 2 ** LEVEL / TILE_SIDE);
  const rows = Math.ceil(ny / 2 ** LEVEL / TILE_SIDE);
  const places = Array.from({ length: columns * rows }, (_, i) => ({
    column: i % columns,
    row: Math.floor(i / columns),
  }));
  await Promise.all(
    places.map((place) => threads.run('tile', { image: ref, level: LEVEL, ...place, reduction: 'mean' }, how)),
  );
  const end = performance.now();
  return { open: opened - start, statistics: counted - opened, tiles: end - counted };
}

const program = new URL('../src-main/image-worker.ts', import.meta.url);
const reads: number[] = [];
const pictures: { open: number; statistics: number; tiles: number }[] = [];
let cold = NaN;
for (let i = 0; i < RUNS; i++) {
  const start = performance.now();
  await readFile(path);
  reads.push(performance.now() - start);
  // A new thread has nothing in memory; it is started before, as it is when the screen has been open.
  const threads = new ImageThreads({ program, threads: 1, timeoutMs: 60_000, mostWaiting: 100 });
  const begun = performance.now();
  await threads.run('bytes', { path, offset: 0, length: 1 }, { about: path, view: 0, urgency: 'now' });
  const started = performance.now() - begun;
  const picture = await firstPicture(threads);
  pictures.push(picture);
  if (i === 0) cold = started + picture.open + picture.statistics + picture.tiles;
  await threads.close();
}

const read = median(reads);
const of = (part: (picture: (typeof pictures)[number]) => number): number => median(pictures.map(part));
const all = of((picture) => picture.open + picture.statistics + picture.tiles);
console.log(`reading the file              ${read.toFixed(1)} ms`);
console.log(`header                        ${of(({ open }) => open).toFixed(1)} ms`);
console.log(`pixels, statistics, zscale    ${of(({ statistics }) => statistics).toFixed(1)} ms`);
console.log(`tiles of the whole image      ${of(({ tiles }) => tiles).toFixed(1)} ms`);
console.log(`first picture                 ${all.toFixed(1)} ms, ${(all / read).toFixed(1)} x reading`);
console.log(`with the start of the thread  ${cold.toFixed(1)} ms`);
