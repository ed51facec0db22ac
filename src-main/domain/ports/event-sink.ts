import type { CameraName } from '#shared/domain/camera.ts';
import type { LogLevel, LogLine } from '#shared/state/control-room.ts';
import type { ControlRoomEvent } from '#shared/state/events.ts';

/** Where services put what has happened, once it is durable. */
export interface EventSink {
  publish(event: ControlRoomEvent): void;
  log(
    source: LogLine['source'],
    level: LogLevel,
    text: string,
    about?: { expid?: number; camera?: CameraName; run?: number },
  ): void;
}
