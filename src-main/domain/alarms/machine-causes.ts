import type { AlarmKind } from '#shared/domain/alarm.ts';
import { CAMERAS, cameraWords, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Job, Run } from '#shared/domain/run.ts';
import { count, listed } from '#shared/words.ts';
import { grouped } from '#shared/grouped.ts';
import { capital, type Cause } from './cause.ts';

/** What the reason of a failure tells of its kind. The words are those of our own splitter and pipeline. */
function kindOf(reason: string): Extract<AlarmKind, 'wrong-exposure' | 'damaged-file' | 'failed-job'> {
  if (/header says EXPID|belongs to exposure|of another exposure/i.test(reason)) return 'wrong-exposure';
  if (/cut off|ends early|truncated|damaged|checksum/i.test(reason)) return 'damaged-file';
  return 'failed-job';
}

/** Reasons that differ in numbers and names of cameras only are the same. */
const alike = (reason: string): string => reason.replace(/\b[brz][0-9]\b/gi, '').replace(/\d+/g, '#');

/** What the causes of machinery have in common. */
const blank = () =>
  ({ family: 'machinery', severity: 'fault', amplifiers: [], keys: [], value: '', also: [] }) satisfies Partial<Cause>;

/** 'b9, r9 missing', 'All z cameras failed'. */
const subject = (cameras: readonly CameraName[], words: string): string => `${capital(cameraWords(cameras))} ${words}`;

function camerasOf(jobs: readonly Job[]): CameraName[] {
  return CAMERAS.filter((camera) => jobs.some((job) => job.camera === camera));
}

/** The file check is what names a wrong exposure number. */
const WRONG = { family: 'data', severity: 'alarm', keys: ['EXPNUM'] } as const;

function ofWholeRun(run: Run): Cause[] {
  if (run.state !== 'failed' || run.stage === 'process' || run.stage === 'verdict') return [];
  // Contact with the place that the file comes from is watched by itself.
  if (run.stage === 'transfer') return [];
  const found = kindOf(run.reason);
  const place = { members: ['*'], cameras: [], camera: null, detail: run.reason };
  const exposure = `exposure ${expid8(run.expid)}`;
  if (found === 'wrong-exposure')
    return [
      {
        ...blank(),
        ...place,
        ...WRONG,
        keys: [...WRONG.keys],
        kind: found,
        title: `File of another exposure: ${exposure}`,
      },
    ];
  if (found === 'damaged-file') return [{ ...blank(), ...place, kind: found, title: `Damaged file: ${exposure}` }];
  return [{ ...blank(), ...place, kind: 'failed-exposure', title: `Could not be processed: ${exposure}` }];
}

function failureCause(kind: ReturnType<typeof kindOf>, jobs: readonly Job[], missing: readonly Job[]): Cause {
  const cameras = camerasOf([...jobs, ...missing]);
  const worst = jobs[0] as Job;
  const step = worst.steps.find(({ endedAt }) => endedAt === null)?.step ?? worst.steps.at(-1)?.step;
  const place = { members: [...cameras], cameras, camera: worst.camera, detail: worst.reason };
  const say = (words: string): string => subject(camerasOf(jobs), words);
  switch (kind) {
    case 'wrong-exposure':
      return { ...blank(), ...place, ...WRONG, keys: [...WRONG.keys], kind, title: say('of another exposure') };
    case 'damaged-file': {
      const also = missing.length === 0 ? [] : [`${count(missing.length, 'camera')} missing after it`];
      const cut = jobs.every(({ reason }) => /cut off|ends early|truncated/i.test(reason));
      const title = `Damaged file: ${listed(camerasOf(jobs))}${cut ? ' cut off' : ''}`;
      return { ...blank(), ...place, kind, also, title };
    }
    case 'failed-job': {
      const exit = worst.exitCode === null ? (worst.signal ?? '') : `exit ${worst.exitCode}`;
      // The reason begins with what stands in the value already.
      const prefix = `${exit}: `;
      const detail = worst.reason.startsWith(prefix) ? worst.reason.slice(prefix.length) : worst.reason;
      return {
        ...blank(),
        ...place,
        kind,
        value: exit,
        detail,
        title: say(step === undefined ? 'failed' : `failed in ${step}`),
      };
    }
  }
}

/**
 * The causes in the machinery of a run: it could not be prepared; cameras failed, those for the same reason together; a
 * file that ends early, with the cameras that should have come after; cameras that are missing.
 */
export function machineCauses(run: Run, jobs: readonly Job[]): Cause[] {
  const failed = jobs.filter(({ state }) => state === 'failed');
  const missing = jobs.filter(({ state }) => state === 'missing');
  const groups = grouped(failed, ({ reason }) => {
    const kind = kindOf(reason);
    return kind === 'failed-job' ? alike(reason) : kind;
  });
  const cut = groups.some(([job]) => job !== undefined && kindOf(job.reason) === 'damaged-file');
  const failures = groups.map((list) => {
    const kind = kindOf(list[0]?.reason ?? '');
    return failureCause(kind, list, kind === 'damaged-file' ? missing : []);
  });
  const cameras = camerasOf(missing);
  const absent: Cause[] =
    cut || cameras.length === 0
      ? []
      : [
          {
            ...blank(),
            kind: 'missing-camera',
            members: [...cameras],
            cameras,
            camera: cameras[0] ?? null,
            title: subject(cameras, 'missing from the file'),
            value: cameras.length > 1 ? count(cameras.length, 'camera') : '',
            detail: 'expected, absent',
          },
        ];
  return [...ofWholeRun(run), ...failures, ...absent];
}
