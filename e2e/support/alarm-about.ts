import type { Alarm, AlarmKind } from '#shared/domain/alarm.ts';
import type { CameraName } from '#shared/domain/camera.ts';
import type { RunningEngine } from '../../src-main/composition.ts';
import { until } from './wait.ts';

/** The alarm of that kind which the observer sees of a camera; waits until there is one. */
export async function alarmAbout(engine: RunningEngine, kind: AlarmKind, camera: CameraName): Promise<Alarm> {
  const find = async (): Promise<Alarm | undefined> =>
    (await engine.handlers['control-room.snapshot']({})).alarms.find(
      (alarm) => alarm.kind === kind && alarm.cameras.includes(camera),
    );
  const found = await until(find, (alarm) => alarm !== undefined);
  if (!found) throw new Error('it was there');
  return found;
}
