import { cameraWords, type CameraName } from '#shared/domain/camera.ts';
import type { AlarmFamily, AlarmKind, AlarmSeverity } from '#shared/domain/alarm.ts';

/** Something that is wrong, whatever number of cameras and metrics it shows in: what one alarm is about. */
export interface Cause {
  kind: AlarmKind;
  family: AlarmFamily;
  severity: AlarmSeverity;
  /** 'r3', 'r3:C', '*' for everything. */
  members: string[];
  cameras: CameraName[];
  amplifiers: string[];
  /** METRICS keys that make it up, the main one first; empty for machinery. */
  keys: string[];
  title: string;
  value: string;
  detail: string;
  also: string[];
  camera: CameraName | null;
}

/** The camera of a member; undefined for '*'. */
export function memberCamera(member: string): string | undefined {
  return member === '*' ? undefined : member.split(':')[0];
}

/** Words that begin a sentence; names of cameras stay as they are. */
export function capital(words: string): string {
  return /^[a-z]\d/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a cause of data is without where it is: 'amplifier C noise high' of 'r3 amplifier C noise high'. */
export function causeWords({ title, cameras }: Pick<Cause, 'title' | 'cameras'>): string {
  const [camera] = cameras;
  if (cameras.length === 1 && title.startsWith(`${camera ?? ''} `)) return title.slice(3);
  const colon = title.indexOf(': ');
  return colon < 0 ? title : title.slice(colon + 2);
}

/** 'r3 fibers lost', 'b9, r9: fibers lost', 'All cameras: targets too faint'. */
export function sentence(cameras: readonly CameraName[], existing: readonly CameraName[], words: string): string {
  const who = cameraWords(cameras, existing);
  if (cameras.length === 1) return `${who} ${words}`;
  return `${capital(who)}: ${words}`;
}
