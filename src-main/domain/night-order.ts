import type { NightLine } from '#shared/domain/night-file.ts';
import { QlfError } from '#shared/ipc/result.ts';

/**
 * Looks at the lines of an exported night in their order, before anything of it is taken in: every line must be of this night
 * and name only what was told before.
 * @param nightHere night of an exposure that is here already
 * @returns the next line's check; throws QlfError `conflict`
 */
export function nightOrder(night: string, nightHere: (expid: number) => string | undefined): (line: NightLine) => void {
  const exposures = new Set<number>();
  const runs = new Map<number, number>();
  const jobs = new Set<string>();
  const refuse = (why: string): never => {
    throw new QlfError('conflict', `the night is not taken in: ${why}`);
  };
  const known = (expid: number): void => {
    if (!exposures.has(expid)) refuse(`exposure ${expid} is named before it is told of`);
  };
  const knownRun = (run: number): void => {
    if (!runs.has(run)) refuse(`run ${run} is named before it is told of`);
  };
  const knownJob = (run: number, camera: string): void => {
    if (!jobs.has(`${run} ${camera}`)) refuse(`run ${run} has a measurement of ${camera}, and no such job`);
  };
  return (line) => {
    switch (line.type) {
      case 'exposure': {
        const { expid, night: said } = line.exposure;
        if (said !== night) refuse(`exposure ${expid} is of night ${said}`);
        const here = nightHere(expid);
        if (here !== undefined && here !== night) refuse(`exposure ${expid} is here, and of night ${here}`);
        exposures.add(expid);
        return;
      }
      case 'run':
        known(line.expid);
        if (runs.has(line.id)) refuse(`run ${line.id} is there twice`);
        runs.set(line.id, line.expid);
        return;
      case 'job':
        knownRun(line.run);
        jobs.add(`${line.run} ${line.camera}`);
        return;
      case 'measurement':
        knownJob(line.run, line.camera);
        try {
          JSON.parse(line.value);
        } catch {
          refuse(`the value of ${line.metric} of ${line.camera} in run ${line.run} cannot be read`);
        }
        return;
      case 'comment':
      case 'flag':
      case 'event':
        known(line.expid);
        return;
      case 'cleaned':
        known(line.expid);
        if (line.run !== null) knownRun(line.run);
        return;
      case 'version':
      case 'note':
      case 'lost-time':
      case 'alarm':
    }
  };
}
