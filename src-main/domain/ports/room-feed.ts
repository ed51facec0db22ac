import type { ControlRoomState } from '#shared/state/control-room.ts';
import type { EventBatch } from '#shared/state/events.ts';
import type { EventSink } from './event-sink.ts';

/** The control room for a service that must hear what the others tell it. */
export interface RoomFeed extends EventSink {
  snapshot(): ControlRoomState;
  /** Calls back with every batch of events until the function returned is called. */
  onEvents(listener: (batch: EventBatch) => void): () => void;
}
