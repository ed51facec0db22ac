import { makeExposure, type Exposure } from '../exposure/exposure.ts';
import { OVERHEAD, scheduledKind } from '../exposure/schedule.ts';
import { nightOf } from '#shared/domain/night.ts';
import type { ProgramArguments } from './arguments.ts';
import { allExposures, exposuresOfNight } from './folder-state.ts';
import type { TestEnvironmentSettings } from '#shared/domain/test-environment.ts';

/** EXPID of the first exposure in an empty folder. */
const FIRST_EXPID = 1;

/** An exposure and its place in the night's schedule, from 0. */
export interface PlannedExposure {
  readonly exposure: Exposure;
  readonly sequence: number;
}

/** The next exposure that begins at an instant: it goes on after the folder's last EXPID, and in the night's schedule. */
export async function nextExposure(
  { directory, kind, format }: Pick<ProgramArguments, 'directory' | 'kind' | 'format'>,
  settings: TestEnvironmentSettings,
  startedAt: number,
): Promise<PlannedExposure> {
  const night = nightOf(startedAt);
  const last = (await allExposures(directory)).at(-1);
  const sequence = (await exposuresOfNight(directory, night)).length;
  const identity = { seed: settings.seed, night, expid: last === undefined ? FIRST_EXPID : last.expid + 1 };
  const what = kind ?? scheduledKind(sequence, settings.cadence);
  return { exposure: makeExposure(identity, what, settings.size, startedAt, settings.faults, format), sequence };
}

/** When the telescope is ready again after an exposure, ms since the epoch. */
export function readyAfter(exposure: Exposure): number {
  return exposure.startedAt + (exposure.exptime + OVERHEAD) * 1000;
}
