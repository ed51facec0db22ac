/**
 * Split of a full-size uncompressed exposure (30 cameras, 1.1 GB) into one file per camera, against `cp` of the same
 * file, interleaved in one run. Files lie in the page cache; the figure that holds is the ratio of the medians.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, closeSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CAMERAS, armOf } from '#shared/domain/camera.ts';
import { scanHdus } from '#shared/fits/hdu.ts';
import { Header } from '#shared/fits/header.ts';
import { encodeHdu, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { createSplitter } from '../src-main/split/splitter.ts';

const EXPID = 101;
const ROUNDS = 9;

function writeExposure(file: string): void {
  const output = openSync(file, 'w');
  const cards = new Header().set('EXPID', EXPID).set('FLAVOR', 'science').setReal('EXPTIME', 1000);
  writeSync(output, encodeHdu(primaryHdu(cards)));
  for (const camera of CAMERAS) {
    const [columns, rows] = armOf(camera) === 'b' ? [4232, 4162] : [4256, 4194];
    const pixels = new Uint16Array(columns * rows);
    let state = camera.charCodeAt(0) * 10 + Number(camera[1]);
    for (let i = 0; i < pixels.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      pixels[i] = 1000 + (state >>> 27);
    }
    const own = new Header().set('CAMERA', camera).set('EXPID', EXPID).set('INHERIT', true);
    writeSync(output, encodeHdu(imageHdu(camera.toUpperCase(), { axes: [columns, rows], pixels }, own)));
  }
  closeSync(output);
}

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

async function scan(file: string): Promise<number> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  const source = {
    size,
    read: async (offset: number, length: number) =>
      (await handle.read(new Uint8Array(length), 0, length, offset)).buffer,
  };
  const time = await timed(() => scanHdus(source));
  await handle.close();
  return time;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-bench-split-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const exposure = path.join(folder, 'desi-00000101.fits');
writeExposure(exposure);
// What was just written must not be going to disk while the rounds are timed.
execFileSync('sync');
const bytes = statSync(exposure).size;

const ways = {
  cp: () => execFileSync('cp', [exposure, path.join(folder, 'copy.fits')]),
  split: () => splitInto('split', false),
  'split with fsync': () => splitInto('split', true),
};

async function splitInto(name: string, durable: boolean): Promise<void> {
  const directory = path.join(folder, name);
  mkdirSync(directory);
  const results = await createSplitter({ durable }).splitExposure(
    exposure,
    directory,
    EXPID,
    new AbortController().signal,
  );
  const failed = results.filter((result) => !result.ok);
  if (results.length !== CAMERAS.length || failed.length > 0)
    throw new Error(`split failed: ${JSON.stringify(failed)}`);
}

const times: Record<string, number[]> = {};
const scans: number[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  scans.push(await scan(exposure));
  // Each way takes each place in turn: what runs first in a round may find memory cold.
  const turn = Object.entries(ways);
  for (const [name, run] of [...turn.slice(round % turn.length), ...turn.slice(0, round % turn.length)]) {
    const time = await timed(run);
    // The first round warms caches and code, and is not counted.
    if (round > 0) (times[name] ??= []).push(time);
    for (const entry of readdirSync(folder)) {
      if (entry !== path.basename(exposure)) rmSync(path.join(folder, entry), { recursive: true });
    }
    execFileSync('sync');
  }
}

const cp = median(times['cp'] ?? []);
console.log(`exposure: ${bytes} bytes, ${CAMERAS.length} cameras; medians of ${ROUNDS} interleaved rounds`);
console.log(`header scan of ${CAMERAS.length + 1} HDUs: ${median(scans).toFixed(1)} ms`);
for (const [name, values] of Object.entries(times)) {
  const time = median(values);
  const best = Math.min(...values);
  console.log(
    `${name.padEnd(17)} ${time.toFixed(0).padStart(6)} ms   ${(time / cp).toFixed(3)} × cp   best ${best.toFixed(0)} ms`,
  );
}
console.log(`split / cp = ${(median(times['split'] ?? []) / cp).toFixed(3)} (target: at most 1.0)`);
