/**
 * One compact exposure of 30 cameras of the DOS test environment (science, RICE-compressed, with all its files), against
 * numpy drawing one normal deviate a raw pixel: the least that any simulation of its noise must do. CPU seconds,
 * interleaved in one run; the ratio is what holds.
 *
 *   npm run bench:simulate [-- --size full --rounds 1]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CAMERAS } from '#shared/domain/camera.ts';
import { buildCamera } from '../src-main/dos/test-environment/exposure/camera-exposure.ts';
import { DEFAULT_FORMAT, makeExposure } from '../src-main/dos/test-environment/exposure/exposure.ts';
import { EXPOSURE_KINDS } from '../src-main/dos/test-environment/exposure/schedule.ts';
import { writeExposure } from '../src-main/dos/test-environment/files/exposure-files.ts';

const { values: options } = parseArgs({
  options: { size: { type: 'string', default: 'compact' }, rounds: { type: 'string', default: '5' } },
});
const size = options.size === 'full' ? 'full' : 'compact';
const rounds = Number(options.rounds);

const DRAW = `
import sys, time, numpy as np
generator = np.random.default_rng(1)
begun = time.process_time()
for length in map(int, sys.argv[1:]): generator.standard_normal(length, dtype=np.float32)
print(time.process_time() - begun)`;

const frames = CAMERAS.map((camera) => {
  const { rawColumns, rawRows } = buildCamera(camera, size).layout;
  return rawColumns * rawRows;
});

function drawWithNumpy(): number {
  return Number(execFileSync('/usr/bin/python3', ['-c', DRAW, ...frames.map(String)], { encoding: 'utf8' }));
}

async function simulate(root: string, expid: number): Promise<{ cpu: number; wall: number }> {
  const identity = { seed: 1, night: '20191115', expid };
  const kind = EXPOSURE_KINDS['science-dark'];
  const exposure = makeExposure(identity, kind, size, Date.parse('2019-11-16T03:00:00Z'), [], DEFAULT_FORMAT);
  const begun = performance.now();
  const before = process.cpuUsage();
  await writeExposure(root, exposure);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - begun) / 1000 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

const root = mkdtempSync(join(tmpdir(), 'qlf-bench-simulate-'));
try {
  await simulate(root, 1);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    times.push({ ...(await simulate(root, 2 + round)), numpy: drawWithNumpy() });
  }
  const cpu = median(times.map((time) => time.cpu));
  const numpy = median(times.map((time) => time.numpy));
  console.log(`${size} exposure, 30 cameras, ${Math.round(frames.reduce((a, b) => a + b) / 1e6)} million pixels`);
  console.log(
    `simulated and written   ${cpu.toFixed(2)} CPU s (${median(times.map((time) => time.wall)).toFixed(2)} s)`,
  );
  console.log(`numpy, its noise alone  ${numpy.toFixed(2)} CPU s`);
  console.log(`ratio                   ${median(times.map((time) => time.cpu / time.numpy)).toFixed(1)}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
