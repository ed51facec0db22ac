import { readFile, stat } from 'node:fs/promises';
import { expid8, type Exposure } from '#shared/domain/exposure.ts';
import { conditionsOf } from '../domain/exposure-conditions.ts';
import type { Store } from '../domain/ports/store.ts';
import type { ControlRoom } from './control-room.ts';
import type { LocalInputs } from './inputs.ts';

/** bytes; such a file has some hundred kB */
const LARGEST = 32 * 1024 * 1024;

/** The content of a file of another's making; null where it is none of the kind. */
async function contentOf(path: string | null): Promise<unknown> {
  if (path === null) return null;
  try {
    return (await stat(path)).size > LARGEST ? null : (JSON.parse(await readFile(path, 'utf8')) as unknown);
  } catch {
    return null;
  }
}

/**
 * Where the DOS gave an exposure no airmass, seeing or effective time, what its telemetry and the exposure-time calculator say
 * takes the place: the exposure's header on the screen, history and trends all have it then. What the DOS gave stays.
 */
export async function completeConditions(
  parts: { store: Pick<Store, 'completeConditions'>; room: Pick<ControlRoom, 'publish' | 'log'> },
  { expid, airmass, seeing, effective }: Pick<Exposure, 'expid' | 'airmass' | 'seeing' | 'effective'>,
  { telemetry, etc }: Pick<LocalInputs, 'telemetry' | 'etc'>,
): Promise<void> {
  if (airmass !== null && seeing !== null && effective && effective.requested !== null) return;
  const measured = conditionsOf(await contentOf(telemetry), await contentOf(etc));
  const exposure = parts.store.completeConditions(expid, measured);
  if (!exposure) return;
  parts.room.publish({ type: 'exposure', exposure });
  const words = [
    ...(airmass === null && measured.airmass !== null ? [`airmass ${measured.airmass.toFixed(3)}`] : []),
    ...(seeing === null && measured.seeing !== null ? [`seeing ${measured.seeing.toFixed(2)} arcsec`] : []),
    ...(!effective && measured.effectiveTime !== null ? [`effective time ${measured.effectiveTime.toFixed(0)} s`] : []),
  ];
  if (words.length > 0)
    parts.room.log('engine', 'info', `exposure ${expid8(expid)}: ${words.join(', ')} by telemetry`, { expid });
}
