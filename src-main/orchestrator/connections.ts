import type { Connection, ConnectionName } from '#shared/state/control-room.ts';
import type { ControlRoom } from './control-room.ts';

const NOT_LOST = { error: '', retryAt: null } as const;

/** Keeps the state of one connection and publishes it only when it says something new (or once a second, its age). */
export class ConnectionState {
  #connection: Connection;
  #published = 0;
  readonly #room: ControlRoom;
  readonly #now: () => number;

  constructor(room: ControlRoom, name: ConnectionName, adapter: string, now: () => number) {
    this.#room = room;
    this.#now = now;
    this.#connection = { name, adapter, state: 'idle', since: now(), lastContact: null, ...NOT_LOST, lastLoss: null };
    this.#publish();
  }

  ok(): void {
    this.#set('ok', NOT_LOST);
  }

  idle(): void {
    this.#set('idle', NOT_LOST);
  }

  /** @param retryAt when it is tried again; null where that is not known */
  lost(error: string, retryAt: number | null = null): void {
    this.#set('lost', { error, retryAt });
  }

  #set(state: Connection['state'], { error, retryAt }: Pick<Connection, 'error' | 'retryAt'>): void {
    const at = this.#now();
    const before = this.#connection;
    const changed = state !== before.state || error !== before.error || retryAt !== before.retryAt;
    const loss = before.lastLoss;
    this.#connection = {
      ...before,
      state,
      error,
      retryAt,
      since: state === before.state ? before.since : at,
      lastContact: state === 'lost' ? before.lastContact : at,
      lastLoss:
        state === 'lost'
          ? { error, at: loss?.until === null ? loss.at : at, until: null }
          : loss && { ...loss, until: loss.until ?? at },
    };
    // Either way: a clock that is set back must not keep the contact quiet until it has caught up.
    if (changed || Math.abs(at - this.#published) >= 1000) this.#publish();
  }

  #publish(): void {
    this.#published = this.#now();
    this.#room.publish({ type: 'connection', connection: this.#connection });
  }
}
