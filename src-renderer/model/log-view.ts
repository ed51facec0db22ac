import type { CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { EngineLogFile, FileLine, LogFileFloor, LogTarget } from '#shared/domain/log.ts';
import type { Run } from '#shared/domain/run.ts';
import { formatBytes, utcTimeMs } from './format.ts';

export const QLF_LOGS = ['all', 'engine', 'monitor'] as const;

/** What the logs screen shows; kept while the window lives. */
export interface LogView {
  /** `camera`: the job's log of the camera chosen everywhere. */
  source: (typeof QLF_LOGS)[number] | 'camera';
  /** An engine's log by its name; null: the one being written. */
  file: string | null;
  /** Whose cameras; null: those of the run on screen. */
  runId: number | null;
  floor: LogFileFloor;
}

export const FIRST_LOG_VIEW: LogView = { source: 'all', file: null, runId: null, floor: 'all' };

/** Which file that is; null while it is not known. */
export function targetOf(
  { source, file }: LogView,
  current: string | undefined,
  runId: number | undefined,
  camera: CameraName,
): LogTarget | null {
  if (source === 'camera') return runId === undefined ? null : { kind: 'job', runId, camera };
  const name = file ?? current;
  return name === undefined ? null : { kind: 'engine', file: name, source };
}

/** 'night 20261121, 1.2 MB' */
export function fileWords({ name, bytes, current }: EngineLogFile): string {
  const night = /^engine-(\d{8})\.log$/.exec(name)?.[1];
  const words = night === undefined ? 'older' : `night ${night}`;
  return `${words}, ${formatBytes(bytes)}${current ? ', being written' : ''}`;
}

/** 'exposure 00298417, run 7, done' */
export function runWords({ expid, id, state, kind }: Run): string {
  return `${expid8(expid)}, ${kind === 'external' ? 'external ' : ''}run ${id}, ${state}`;
}

/** A line as it is copied: with what the columns before it say. */
export function copiedLine(line: FileLine): string {
  if (line.at === undefined) return line.text;
  const who = line.source === 'monitor' ? 'dos' : 'qlf';
  const about = [line.expid === null || line.expid === undefined ? '' : expid8(line.expid), line.camera ?? ''];
  return [new Date(line.at).toISOString(), line.level.toUpperCase(), who, ...about, line.text]
    .filter((word) => word !== '')
    .join(' ');
}

/** '05:12:44.120' */
export function lineTime({ at }: FileLine): string {
  return at === undefined || Number.isNaN(at) ? '' : utcTimeMs(at);
}

/** Pieces of a text, those that match (in any case) apart. */
export function marked(text: string, wanted: string): { text: string; match: boolean }[] {
  if (wanted === '') return [{ text, match: false }];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  // Letters whose lower case is longer would shift the places: then nothing is marked.
  if (lower.length !== text.length) return [{ text, match: false }];
  const pieces: { text: string; match: boolean }[] = [];
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), match: false });
    pieces.push({ text: text.slice(at, at + needle.length), match: true });
    from = at + needle.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), match: false });
  return pieces;
}
