import { CAMERAS, cameraWords, type CameraName } from '#shared/domain/camera.ts';
import { grouped } from '#shared/grouped.ts';
import { meaning } from '#shared/qa/meaning.ts';
import type { CameraModel, CameraModels } from './camera-model.ts';
import { findingsOf, type Finding, type Severity } from './findings.ts';
import { distanceOf, excessOf } from './limits.ts';
import { ROLL_UP } from './status.ts';

/** One cause, whatever number of cameras it hits. */
export interface Problem {
  severity: Severity;
  cameras: readonly CameraName[];
  /** The cameras in words: 'r3', 'all z cameras', '12 cameras'. */
  who: string;
  /** The camera to look at, where it is worst. */
  camera: CameraName;
  metric: string | null;
  key: string | null;
  /** 'amplifier C noise high' */
  words: string;
  /** 'r3: amplifier C noise high' */
  sentence: string;
  /** 'r3 noise high' where there is little room. */
  short: string;
  /** '4.71 e\u207b' and 'limit 4.60', or the reason of a failed job. */
  value: string;
  detail: string;
  /** What else is off in the same cameras, as badly: consequences more often than causes. */
  also: readonly string[];
}

function capital(words: string): string {
  return /^[a-z]\d/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

const distance = ({ reading }: Finding): number => (reading ? distanceOf(reading.key, reading.element) : 0);

interface Weighed extends Problem {
  weight: number;
}

/** Findings of one cause and severity as one problem. */
function merge(findings: readonly Finding[], existing: readonly CameraName[]): Weighed {
  const worst = findings.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  const cameras = findings.map((finding) => finding.camera);
  const who = cameraWords(cameras, existing);
  const same = findings.every((finding) => finding.words === worst.words);
  const { reading, value } = worst;
  const side = reading ? excessOf(reading.key, reading.element)?.side : undefined;
  const plain = reading ? meaning(reading.key.key, side) : worst.words;
  const words = same ? worst.words : plain;
  return {
    severity: worst.severity,
    cameras,
    who,
    camera: worst.camera,
    metric: worst.metric,
    key: reading?.key.key ?? null,
    words,
    sentence: capital(reading ? `${who}: ${words}` : `${who} ${words}`),
    short: reading ? `${who} ${plain}` : `${who} ${words.replace(' from the file', '')}`,
    value: cameras.length > 1 && value !== '' ? `${worst.camera} ${value}` : value,
    detail: value !== '' || findings.every(({ detail }) => detail === worst.detail) ? worst.detail : '',
    also: [],
    weight: distance(worst),
  };
}

/**
 * One cause, one problem: a dead amplifier has a wrong bias, no noise and too few lit pixels. Problems of the same
 * cameras and severity go under the one that is furthest outside its limits.
 */
function join(problems: readonly Weighed[]): Weighed {
  const main = problems.reduce((a, b) => (b.weight > a.weight ? b : a));
  return { ...main, also: problems.filter((problem) => problem !== main).map(({ words }) => words) };
}

/** The problems of one camera, each by itself, worst first. */
export function problemsOfCamera(model: CameraModel): Problem[] {
  return findingsOf(model)
    .map((finding) => merge([finding], [model.camera]))
    .sort((a, b) => ROLL_UP.indexOf(a.severity) - ROLL_UP.indexOf(b.severity) || b.weight - a.weight);
}

/**
 * Every problem of a run, worst first: by the roll-up order, then the more cameras the first, then the further outside
 * its limits. Cameras with the same cause are one problem.
 */
export function problemsOf(models: CameraModels): Problem[] {
  const existing = CAMERAS.filter((camera) => models[camera].status !== 'not-expected');
  const findings = CAMERAS.flatMap((camera) => findingsOf(models[camera]));
  const causes = grouped(findings, ({ severity, cause }) => `${severity} ${cause}`).map((list) =>
    merge(list, existing),
  );
  return grouped(causes, ({ severity, cameras }) => `${severity} ${cameras.join()}`)
    .map(join)
    .sort(
      (a, b) =>
        ROLL_UP.indexOf(a.severity) - ROLL_UP.indexOf(b.severity) ||
        b.cameras.length - a.cameras.length ||
        b.weight - a.weight,
    );
}
