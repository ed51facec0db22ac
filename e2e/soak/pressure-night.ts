import { mkdirSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Exposure } from '#shared/domain/exposure.ts';
import { withChecksum } from '#shared/fits/checksum.ts';
import { Header } from '#shared/fits/header.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { LOG_TAIL, RECENT_EXPOSURES } from '#shared/state/control-room.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { EngineRig, until } from '../integration/engine-rig.ts';

const NIGHT = '20191115';
const FIRST = 1000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A raw file of one small camera. */
function rawFile(expid: number): Uint8Array {
  const globals = new Header()
    .set('EXPID', expid)
    .set('NIGHT', NIGHT)
    .set('FLAVOR', 'science')
    .set('PROGRAM', 'bright');
  const camera = new Header().set('CAMERA', 'r0').set('EXPID', expid);
  const image = imageHdu('R0', { axes: [64, 64], pixels: new Uint16Array(4096).fill(expid) }, camera);
  return encodeFits([primaryHdu(globals.setReal('EXPTIME', 300)), image].map(withChecksum));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

export interface PressureReport {
  exposures: number;
  /** Begun while others came faster than they could be processed. */
  underPressure: number;
  superseded: number;
  /** Superseded exposures in the night's report while the pressure lasted. */
  reported: number;
  /** What was not as it should be, in words. */
  complaints: string[];
  /** Bytes of the JavaScript heap in use, after a quarter of the night's runs and at its end. */
  heap: [number, number];
  /** Bytes in the data folder for each exposure, without the database. */
  bytesPerExposure: number;
}

export interface PressureOptions {
  exposures: number;
  /** Exposures that come while one is processed. */
  each: number;
  say: (text: string) => void;
}

/** A night in which `each` exposures come for each that is processed, and then a time in which none comes. */
class PressureNight {
  readonly rig = new EngineRig();
  readonly complaints: string[] = [];
  readonly begun: number[] = [];
  readonly states = new Map<number, Exposure>();
  readonly heaps: number[] = [];
  underPressure = true;

  watch(engine: RunningEngine): void {
    engine.onEvents(({ events }) => {
      for (const event of events) {
        if (event.type === 'exposure') this.states.set(event.exposure.expid, event.exposure);
        if (event.type === 'run-detail' && event.detail) this.#begins(event.detail.run.expid);
      }
    });
    engine.onRunEnded(({ id }) => {
      if (id % 5 === 0) void this.#measure(engine);
    });
  }

  /** The telescope delivers an exposure: its folder is there at once and whole. */
  deliver(expid: number): void {
    const name = String(expid).padStart(8, '0');
    const folder = join(this.rig.source, NIGHT, name);
    const file = join(`${folder}.new`, `desi-${name}.fits`);
    mkdirSync(`${folder}.new`, { recursive: true });
    writeFileSync(file, rawFile(expid));
    utimesSync(file, 1.6e9, 1.6e9);
    renameSync(`${folder}.new`, folder);
  }

  async #measure(engine: RunningEngine): Promise<void> {
    collectGarbage();
    this.heaps.push(process.memoryUsage().heapUsed);
    const { exposures, log } = await engine.handlers['control-room.snapshot']({});
    if (exposures.length > RECENT_EXPOSURES) this.complaints.push(`${exposures.length} exposures in the live state`);
    if (log.length > LOG_TAIL) this.complaints.push(`${log.length} lines in the live state`);
  }

  #begins(expid: number): void {
    if (this.begun.includes(expid)) return;
    const newest = Math.max(...this.states.keys());
    const before = this.begun.at(-1) ?? Infinity;
    if (this.underPressure && expid !== newest)
      this.complaints.push(`exposure ${expid} was begun while ${newest} was there`);
    if (!this.underPressure && expid > before) this.complaints.push(`exposure ${expid} was caught up after ${before}`);
    this.begun.push(expid);
  }
}

/** Runs the night through a real engine with the scripted pipeline; what is wrong is in the report's complaints. */
export async function runPressureNight({ exposures, each, say }: PressureOptions): Promise<PressureReport> {
  const night = new PressureNight();
  const { rig, complaints, states, begun } = night;
  try {
    const engine = await rig.open({ catchUp: true, parallel: 1, calibration: null });
    night.watch(engine);
    await engine.start();
    let delivered = 0;
    for (let round = 0; delivered < exposures; round++) {
      // Whatever is processed now is held until the next ones are there: they come faster, however fast this machine is.
      rig.script('r0', `gate go-${String(round)}`);
      const whole = Math.min(exposures, delivered + each);
      for (; delivered < whole; delivered++) night.deliver(FIRST + delivered);
      await until(`exposure ${String(FIRST + delivered - 1)}`, () => states.has(FIRST + delivered - 1));
      const runs = begun.length;
      writeFileSync(join(rig.folder, 'script', `go-${String(round - 1)}`), '');
      await until(`a run of round ${String(round)}`, () => begun.length > (round === 0 ? 0 : runs));
      // It knows by now what it waits for.
      await until('its pipeline', () => rig.pids.length >= begun.length);
    }
    const gaps = [...states.values()].filter(({ state }) => state === 'superseded');
    for (const { expid, reason } of gaps)
      if (!/^passed over for \d{8}$/.test(reason)) complaints.push(`exposure ${expid} is a gap, and says "${reason}"`);
    const report = await engine.handlers['report.night']({ night: NIGHT });
    const underPressure = begun.length;
    say(`${String(exposures)} came, ${String(underPressure)} begun, ${String(gaps.length)} passed over`);

    night.underPressure = false;
    rig.script('r0', 'good');
    for (let round = 0; round <= exposures; round++)
      writeFileSync(join(rig.folder, 'script', `go-${String(round)}`), '');
    const processed = (): number => [...states.values()].filter(({ state }) => state === 'processed').length;
    let last = 0;
    while (processed() < exposures) {
      await until('one more is caught up', () => processed() > last);
      last = processed();
    }
    await engine.close();

    for (const file of filesBelow(rig.data))
      if (/incoming-|\.part$/.test(file)) complaints.push(`${file} was left behind`);
    const bytes = filesBelow(rig.data)
      .filter((file) => !/qlf\.db/.test(file))
      .reduce((sum, file) => sum + statSync(file).size, 0);
    return {
      ...{ exposures, underPressure, superseded: gaps.length, reported: report.counts.superseded, complaints },
      heap: [night.heaps[Math.floor(night.heaps.length / 4)] ?? 0, night.heaps.at(-1) ?? 0],
      bytesPerExposure: bytes / exposures,
    };
  } finally {
    await rig.dispose();
  }
}

/** What is wrong with a night, in words. Limits are far above what is usual: they bite where something grows without end. */
export function pressureComplaints({ complaints, ...report }: PressureReport): string[] {
  const [early, late] = report.heap;
  return [
    ...complaints,
    ...(report.reported === report.superseded
      ? []
      : [`${report.reported} gaps reported, ${report.superseded} there are`]),
    ...(report.underPressure + report.superseded === report.exposures
      ? []
      : ['exposures were neither begun nor passed over']),
    ...(late - early > 100e6 ? [`the heap grew from ${early} to ${late} bytes`] : []),
    ...(report.bytesPerExposure > 300_000 ? [`${report.bytesPerExposure} bytes on disk for each exposure`] : []),
  ];
}
