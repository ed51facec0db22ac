import Type, { type Static } from 'typebox';

/** Spectrograph arms from blue to near infrared. */
export const ARMS = ['b', 'r', 'z'] as const;
export type Arm = (typeof ARMS)[number];

export const SPECTROGRAPHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
export type Spectrograph = (typeof SPECTROGRAPHS)[number];

/** A camera is an arm of a spectrograph: `b0` … `z9`, lower case. */
export type CameraName = `${Arm}${Spectrograph}`;

/** All 30 cameras, arm by arm: b0 … b9, r0 … r9, z0 … z9. */
export const CAMERAS: readonly CameraName[] = ARMS.flatMap((arm) =>
  SPECTROGRAPHS.map((spectrograph) => `${arm}${spectrograph}` as const),
);

export const CameraSchema = Type.Unsafe<CameraName>(Type.String({ pattern: '^[brz][0-9]$' }));
export type CameraSchema = Static<typeof CameraSchema>;

/** Reads a camera name in any case ('B0', ' z9 '); undefined when it is none. */
export function parseCamera(text: string): CameraName | undefined {
  const name = text.trim().toLowerCase();
  return /^[brz][0-9]$/.test(name) ? (name as CameraName) : undefined;
}

export function armOf(camera: CameraName): Arm {
  return camera[0] as Arm;
}

export function spectrographOf(camera: CameraName): Spectrograph {
  return Number(camera[1]) as Spectrograph;
}

/** 'r3', 'b1, r3', 'all z cameras', 'spectrograph 4', '12 cameras', 'all cameras'. */
export function cameraWords(cameras: readonly CameraName[], existing: readonly CameraName[] = CAMERAS): string {
  if (cameras.length > 1 && cameras.length === existing.length) return 'all cameras';
  const among = new Set(cameras);
  const isAll = (members: readonly CameraName[]): boolean =>
    members.length > 1 && members.length === cameras.length && members.every((camera) => among.has(camera));
  for (const arm of ARMS) if (isAll(existing.filter((camera) => armOf(camera) === arm))) return `all ${arm} cameras`;
  for (const spectrograph of SPECTROGRAPHS) {
    if (isAll(existing.filter((camera) => spectrographOf(camera) === spectrograph)))
      return `spectrograph ${spectrograph}`;
  }
  return cameras.length <= 3 ? cameras.join(', ') : `${cameras.length} cameras`;
}
