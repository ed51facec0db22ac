/**
 * The built-in pipeline on one full-size camera (reference exposure 110, RICE-compressed, 500 fibers, cosmic rays and every
 * QA): CPU time of each step, against reading the file, and peak memory; in a fresh process and when it is warm. CPU time,
 * not wall time: that is what a core has to give, and other programs disturb it least.
 *
 *   node bench/pipeline.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { createBufferPool } from '../src-pipeline/buffers.ts';
import { computeJob } from '../src-pipeline/program/compute-thread.ts';

const REFERENCE = path.join(import.meta.dirname, '../e2e/data/desispec-reference');
const RAW = path.join(REFERENCE, 'raw/20191115/00000110');
const JOBS = 5;
/** CPU seconds of the original on this kind of machine, of the reference's README. */
const ORIGINAL = { ql: 67, qp: 61 } as const;
const CHAINS = { ql: 'qlconfig_science_full.yaml', qp: 'qlconfig_science_qp_full.yaml' } as const;
type Chain = keyof typeof CHAINS;

interface JobTimes {
  /** CPU ms by what was under way. */
  parts: [what: string, ms: number][];
  total: number;
}
interface ChildReport {
  jobs: JobTimes[];
  /** MB */
  peak: number;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** CPU ms of a run, best of some. */
function best(times: number, run: () => void): number {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const start = cpuMs();
      run();
      return cpuMs() - start;
    }),
  );
}

function writeConfiguration(chain: Chain, directory: string): string {
  const configuration = parse(readFileSync(path.join(REFERENCE, 'configs', CHAINS[chain]), 'utf8')) as object;
  const Run = {
    RunId: 1,
    Expid: 110,
    Night: '20191115',
    Camera: 'r0',
    Flavor: 'science',
    Program: 'dark',
    RawFile: path.join(RAW, 'desi-00000110.fits.fz'),
    FiberMap: path.join(RAW, 'fibermap-00000110.fits'),
    CalibRoot: path.join(REFERENCE, 'calib'),
    PSFFile: null,
    FiberFlatFile: null,
    FluxCalibFile: null,
    OutputDir: directory,
    Compatibility: 'none',
  };
  const file = path.join(directory, `${chain}.yaml`);
  writeFileSync(file, stringify({ ...configuration, WritePreprocfile: false, Run }, { aliasDuplicateObjects: false }));
  return file;
}

/** One process: the same job several times, the first of them cold. */
async function measureJobs(configFile: string): Promise<ChildReport> {
  const buffers = createBufferPool();
  const jobs: JobTimes[] = [];
  for (let i = 0; i < JOBS; i++) {
    const parts = new Map<string, number>();
    let what = 'start';
    let since = cpuMs();
    const start = since;
    const next = (text: string): void => {
      const now = cpuMs();
      parts.set(what, (parts.get(what) ?? 0) + now - since);
      [what, since] = [text, now];
    };
    await computeJob(
      { configFile, run: null, compatible: false, qaJson: false, logLevel: null },
      (event) => {
        if (event.kind === 'working') next(event.text.replace(/^Running /, '').replace(/ \/.*/, ''));
        if (event.kind === 'resting') next('products, merged QA');
        if (event.kind !== 'ended') return;
        next('');
        if (event.code !== 0) throw new Error(event.reason);
      },
      buffers,
    );
    jobs.push({ parts: [...parts], total: cpuMs() - start });
  }
  return { jobs, peak: process.resourceUsage().maxRSS / 1024 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function printReport(chain: Chain, { jobs, peak }: ChildReport, reading: number): void {
  const [cold, ...warm] = jobs;
  if (!cold) throw new Error('no job was measured');
  const ms = (value: number): string => value.toFixed(0).padStart(6);
  console.log(
    `\nchain ${chain}: CPU ms (cold, then the median of ${warm.length} warm ones, and over reading the file)`,
  );
  for (const [what, time] of cold.parts) {
    const later = median(warm.map(({ parts }) => parts.find(([name]) => name === what)?.[1] ?? 0));
    if (time < 1 && later < 1) continue;
    console.log(`  ${what.padEnd(24)}${ms(time)}${ms(later)}${(later / reading).toFixed(1).padStart(7)} ×`);
  }
  const total = median(warm.map((job) => job.total));
  console.log(`  ${'total'.padEnd(24)}${ms(cold.total)}${ms(total)}${(total / reading).toFixed(1).padStart(7)} ×`);
  console.log(
    `  target 1000 ms · the original ${ORIGINAL[chain]} s: ${((ORIGINAL[chain] * 1000) / total).toFixed(0)} times as fast · ` +
      `peak memory ${peak.toFixed(0)} MB (target 450)`,
  );
}

async function main(): Promise<void> {
  const [mode, configFile] = process.argv.slice(2);
  if (mode === '--child' && configFile !== undefined) {
    console.log(JSON.stringify(await measureJobs(configFile)));
    return;
  }
  const raw = path.join(RAW, 'desi-00000110.fits.fz');
  const reading = best(9, () => readFileSync(raw));
  console.log(`reading the file (${(readFileSync(raw).length / 1e6).toFixed(1)} MB): ${reading.toFixed(1)} ms`);
  const directory = mkdtempSync(path.join(os.tmpdir(), 'qlf-bench-pipeline-'));
  try {
    for (const chain of ['ql', 'qp'] as const) {
      const args = [import.meta.filename, '--child', writeConfiguration(chain, directory)];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e8 });
      if (status !== 0) throw new Error(`chain ${chain} failed: ${stderr}`);
      printReport(chain, JSON.parse(stdout) as ChildReport, reading);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
