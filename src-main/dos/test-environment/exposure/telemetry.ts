import { Random } from '../random.ts';
import type { Exposure } from './exposure.ts';
import { FAULT_SIZES } from './faults.ts';
import { dateObs, mjdObs, programOf } from './raw-headers.ts';

/** A quantity measured again and again during the exposure. */
interface Series {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** s between samples */
const CADENCE = 30;

/** What the sensors said during an exposure, every 30 s from its start. */
export interface Telemetry {
  readonly expid: number;
  readonly night: string;
  readonly start: string;
  /** s after the start, one a value */
  readonly seconds: readonly number[];
  readonly series: readonly Series[];
}

export function telemetryOf(exposure: Exposure): Telemetry {
  const { identity, conditions, exptime } = exposure;
  const seconds = sampleTimes(exptime);
  const random = new Random('telemetry', identity.seed, identity.night, identity.expid);
  /** A slow walk around a mean. */
  const around = (name: string, unit: string, mean: number, scatter: number, digits: number): Series => {
    let state = random.normal();
    const values = seconds.map(() => {
      state = 0.9 * state + 0.436 * random.normal();
      return Number((mean + scatter * state).toFixed(digits));
    });
    return { name, unit, values };
  };
  const series = [
    around('outside temperature', 'deg C', conditions.temperature, 0.15, 2),
    around('mirror temperature', 'deg C', conditions.temperature + 0.6, 0.05, 2),
    around('humidity', '%', conditions.humidity, 1, 1),
    around('wind speed', 'm/s', conditions.wind, 0.8, 1),
    around('air pressure', 'hPa', 795, 0.3, 2),
    around('spectrograph room temperature', 'deg C', 20, 0.05, 2),
  ];
  if (exposure.kind.flavor === 'science') series.push(...skySeries(exposure, around));
  return { expid: identity.expid, night: identity.night, start: dateObs(exposure), seconds, series };
}

function skySeries(
  exposure: Exposure,
  around: (name: string, unit: string, mean: number, scatter: number, digits: number) => Series,
): Series[] {
  const { conditions } = exposure;
  const { transparency, sky } = skyState(exposure);
  return [
    around('airmass', '', conditions.airmass, 0.004, 4),
    around('seeing', 'arcsec', conditions.seeing, 0.05, 3),
    around('transparency', '', transparency, 0.01, 3),
    around('sky level', 'mag/arcsec2', 21.1 - 2.5 * Math.log10(sky), 0.02, 3),
    around('guide error', 'arcsec', 0.08, 0.02, 3),
  ];
}

/** Transparency and sky level over a dark zenith's, with the faults that belong to the whole sky. */
function skyState(exposure: Exposure): { transparency: number; sky: number } {
  const { conditions, faults } = exposure;
  const everywhere = (name: string): boolean => faults.some((fault) => fault.name === name && !fault.camera);
  const cloudy = everywhere('cloud');
  return {
    transparency: conditions.transparency * (cloudy ? FAULT_SIZES.cloud : 1),
    sky:
      conditions.skyContinuum * (everywhere('bright-sky') ? FAULT_SIZES.sky : 1) * (cloudy ? FAULT_SIZES.cloudSky : 1),
  };
}

/**
 * The exposure-time calculator's file: its sections as the survey has them, with what the emulated calculator knows:
 * transparency, sky level and the effective time that accumulates from them.
 */
export function exposureTimeCalculator(exposure: Exposure): Record<string, unknown> {
  const { identity, conditions, exptime, startedAt } = exposure;
  const { transparency, sky } = skyState(exposure);
  const seconds = sampleTimes(exptime);
  const mjd = seconds.map((second) => Number((mjdObs(exposure) + second / 86_400).toFixed(8)));
  const random = new Random('etc', identity.seed, identity.night, identity.expid);
  const noisy = (mean: number): number[] => seconds.map(() => Number((mean * (1 + 0.02 * random.normal())).toFixed(4)));
  const thru = noisy(transparency);
  const skyLevel = noisy(sky);
  let accumulated = 0;
  const efftime = seconds.map((second, i) => {
    const step = i === 0 ? 0 : second - seconds[i - 1]!;
    accumulated += (step * thru[i]! ** 2) / skyLevel[i]!;
    return Number(accumulated.toFixed(2));
  });
  return {
    desietc: { version: 'emulated' },
    expinfo: {
      expid: identity.expid,
      night: identity.night,
      exptag: `${identity.night}/${String(identity.expid).padStart(8, '0')}`,
      tileid: conditions.tileid,
      program: programOf(exposure),
      mjd_start: mjdObs(exposure),
      req_efftime: exptime,
      final_efftime: efftime.at(-1) ?? 0,
      real_time: exptime,
    },
    fassign: { tileid: conditions.tileid, tilera: conditions.ra, tiledec: conditions.dec },
    acquisition: { seeing: conditions.seeing, transparency },
    header: {
      ETCTEFF: efftime.at(-1) ?? 0,
      ETCREAL: exptime,
      ETCSEENG: conditions.seeing,
      ETCTRANS: Number(transparency.toFixed(4)),
      ETCSKY: Number(sky.toFixed(4)),
    },
    shutter: {
      open: [new Date(startedAt).toISOString()],
      close: [new Date(startedAt + 1000 * exptime).toISOString()],
    },
    thru: { mjd, transparency: thru },
    sky: { mjd, level: skyLevel },
    accum: { mjd, efftime },
  };
}

function sampleTimes(exptime: number): number[] {
  return Array.from({ length: 1 + Math.floor(exptime / CADENCE) }, (_, i) => i * CADENCE);
}
