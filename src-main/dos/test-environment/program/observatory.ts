import { statfs } from 'node:fs/promises';
import type { Exposure } from '../exposure/exposure.ts';
import type { ExposureKindName, TestEnvironmentSettings } from '#shared/domain/test-environment.ts';
import type { InstrumentSize } from '../instrument/camera-design.ts';
import { EXPOSURE_KINDS, OVERHEAD } from '../exposure/schedule.ts';
import { writeCalibration } from '../files/calibration-files.ts';
import { writeExposure } from '../files/exposure-files.ts';
import type { Report } from '../messages.ts';
import type { ProgramArguments } from './arguments.ts';
import { createAlarmClock } from './alarm-clock.ts';
import { keepNewest } from './folder-state.ts';
import { nextExposure, type PlannedExposure, readyAfter } from './observe.ts';

/** Exposures that are kept: about 3 GB of compact ones, 5 GB of full ones. */
const KEEP = { compact: 100, full: 10 } as const;
/** Bytes that must stay free on the disk. */
const FREE = { compact: 1e9, full: 3e9 } as const;
/** ms before another try after a problem */
const RETRY = 5000;

export interface Observatory {
  /** Applies from the next exposure. */
  set(settings: TestEnvironmentSettings): void;
  /** Takes an exposure at once, whatever the cadence; null: what the schedule has next. */
  exposeNow(kind: ExposureKindName | null): void;
}

/**
 * Observes for ever: one exposure after the other at the settings' cadence. In real time an exposure appears after its
 * exposure time and the next one begins after readout and slew; accelerated ones appear every `acceleratedPeriod` s, but for
 * the night's second, which follows at once; manual ones on demand.
 */
export function observe(args: ProgramArguments, report: (report: Report) => void): Observatory {
  let { settings } = args;
  /** The emulated clock, where the date is given. */
  let instant = args.date;
  const clock = createAlarmClock();
  /** Kinds of the exposures that were asked for and not begun yet. */
  const demanded: (ExposureKindName | null)[] = [];

  function tell(
    activity: 'waiting' | 'exposing' | 'writing',
    exposure: Exposure,
    begins: number,
    appears: number,
  ): void {
    const { expid, night } = exposure.identity;
    const instantOf = (at: number): number | null => (Number.isFinite(at) ? at : null);
    report({
      type: 'observing',
      activity,
      exposure: {
        expid,
        night,
        flavor: exposure.kind.flavor,
        program: exposure.kind.flavor === 'science' ? exposure.kind.program : null,
        exptime: exposure.exptime,
        begins: instantOf(begins),
        appears: instantOf(appears),
      },
    });
  }

  /** Waits until the next exposure is over, at whatever settings then hold. */
  async function waitForLight(last: PlannedExposure | null, lastStart: number): Promise<PlannedExposure> {
    const entry = Date.now();
    for (;;) {
      const begin = Math.max(entry, earliestStart(settings, last, lastStart));
      const planned = await nextExposure(args, settings, instant ?? (Number.isFinite(begin) ? begin : Date.now()));
      const appears = settings.cadence === 'real-time' ? begin + planned.exposure.exptime * 1000 : begin;
      const exposing = settings.cadence === 'real-time' && Date.now() >= begin;
      tell(exposing ? 'exposing' : 'waiting', planned.exposure, begin, appears);
      const opens = settings.cadence === 'real-time' && !exposing ? begin : appears;
      const woken = await clock.sleepUntil(opens);
      if (woken === 'changed' || (woken === 'due' && opens < appears)) continue;
      if (woken === 'due' && settings.cadence === 'real-time') return planned;
      const kind = woken === 'demanded' ? demanded.shift() : undefined;
      const wanted = kind ? { ...args, kind: EXPOSURE_KINDS[kind] } : args;
      return nextExposure(wanted, settings, instant ?? Date.now());
    }
  }

  async function run(): Promise<never> {
    let last: PlannedExposure | null = null;
    let lastStart = -Infinity;
    report({ type: 'ready' });
    for (;;) {
      try {
        const planned = await waitForLight(last, lastStart);
        const { exposure } = planned;
        const begun = Date.now();
        tell('writing', exposure, exposure.startedAt, begun);
        await refuseFullDisk(args.directory, exposure.size);
        await writeCalibration(args.directory, exposure.size);
        const folder = await writeExposure(args.directory, exposure);
        const { expid, night } = exposure.identity;
        report({ type: 'exposure', expid, night, folder, seconds: (Date.now() - begun) / 1000 });
        last = planned;
        lastStart = settings.cadence === 'real-time' ? exposure.startedAt : begun;
        if (instant !== null) instant = readyAfter(exposure);
        await keepNewest(args.directory, KEEP[exposure.size]);
      } catch (error) {
        report({ type: 'problem', message: error instanceof Error ? error.message : String(error) });
        await clock.sleepUntil(Date.now() + RETRY);
      }
    }
  }

  void run();
  return {
    set(next) {
      settings = next;
      clock.ring('changed');
    },
    exposeNow(kind) {
      demanded.push(kind);
      clock.ring('demanded');
    },
  };
}

/** When the next exposure may begin, ms since the epoch. */
function earliestStart(settings: TestEnvironmentSettings, last: PlannedExposure | null, lastStart: number): number {
  switch (settings.cadence) {
    case 'manual':
      return Infinity;
    case 'real-time':
      return last ? lastStart + (last.exposure.exptime + OVERHEAD) * 1000 : lastStart;
    case 'accelerated':
      // The bias that opens a night is registered only: nobody should wait for the next one.
      return last?.sequence === 0 ? lastStart : lastStart + settings.acceleratedPeriod * 1000;
  }
}

/** An emulated telescope is no reason to fill a disk. */
async function refuseFullDisk(directory: string, size: InstrumentSize): Promise<void> {
  const { bavail, bsize } = await statfs(directory).catch(() => ({ bavail: Infinity, bsize: 1 }));
  if (bavail * bsize < FREE[size]) {
    const free = Math.round((bavail * bsize) / 1e6);
    throw new Error(`only ${free} MB are free for ${directory}: no exposures until there are ${FREE[size] / 1e6} MB`);
  }
}
