import type { CameraName } from '#shared/domain/camera.ts';
import { withoutSecrets } from '#shared/domain/redact.ts';
import type { ControlRoomState, EngineStatus, LogLevel, LogLine } from '#shared/state/control-room.ts';
import type { ControlRoomEvent, EventBatch } from '#shared/state/events.ts';
import { reduce } from '#shared/state/reducer.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';

/** Longest that an event waits while others keep coming, ms. */
const FLUSH_INTERVAL = 16;

/** Longest silence of a living engine, ms. */
const PULSE_MS = 4000;

/** Lines of one camera's pipeline that are shown live a second; the log file has them all. */
const LINES_PER_SECOND = 40;

type BatchListener = (batch: EventBatch) => void;
type LineListener = (line: LogLine) => void;

/**
 * Holds the engine's copy of the control room's state, numbers every event, and hands events on in batches: at once
 * when nothing was sent for a while, then at most every 16 ms.
 */
export class ControlRoom implements EventSink {
  #state: ControlRoomState;
  #pending: ControlRoomEvent[] = [];
  #firstSeq = 1;
  #lastFlush = 0;
  #timer: NodeJS.Timeout | null = null;
  #nextLine = 1;
  readonly #listeners = new Set<BatchListener>();
  readonly #lineListeners = new Set<LineListener>();
  readonly #quota = new Map<CameraName, { second: number; lines: number }>();
  readonly #now: () => number;

  constructor(initial: Omit<ControlRoomState, 'seq'> & { seq?: number }, now: () => number) {
    this.#state = { ...initial, seq: initial.seq ?? 0 };
    this.#now = now;
  }

  snapshot(): ControlRoomState {
    return this.#state;
  }

  publish(event: ControlRoomEvent): void {
    this.#state = reduce(this.#state, event);
    if (this.#pending.length === 0) this.#firstSeq = this.#state.seq;
    this.#pending.push(event);
    if (this.#timer) return;
    const wait = this.#lastFlush + FLUSH_INTERVAL - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait).unref();
  }

  setEngine(change: Partial<EngineStatus>): void {
    this.publish({ type: 'engine', engine: { ...this.#state.engine, ...change } });
  }

  log(
    source: LogLine['source'],
    level: LogLevel,
    text: string,
    about: { expid?: number; camera?: CameraName; run?: number } = {},
  ): void {
    const at = this.#now();
    if (source === 'pipeline' && about.camera && !this.#withinQuota(about.camera, at)) return;
    const line: LogLine = {
      id: this.#nextLine++,
      at,
      source,
      level,
      expid: about.expid ?? null,
      camera: about.camera ?? null,
      ...(about.run === undefined ? {} : { run: about.run }),
      // Programs quote their own arguments and settings when they fail; whoever reads a log need not know them.
      text: withoutSecrets(text.slice(0, 2000)),
    };
    for (const listener of this.#lineListeners) listener(line);
    this.publish({ type: 'log', line });
  }

  onEvents(listener: BatchListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every line, at once; for log files and the headless engine's standard error. */
  onLine(listener: LineListener): () => void {
    this.#lineListeners.add(listener);
    return () => this.#lineListeners.delete(listener);
  }

  /** A pipeline that floods its log must not flood the screen: false for what goes beyond the quota. */
  #withinQuota(camera: CameraName, at: number): boolean {
    const second = Math.floor(at / 1000);
    const used = this.#quota.get(camera);
    if (used?.second !== second) {
      this.#quota.set(camera, { second, lines: 1 });
      return true;
    }
    used.lines += 1;
    return used.lines <= LINES_PER_SECOND;
  }

  /** An empty batch where none was sent for a while: whoever listens knows that the engine lives. */
  pulse(): void {
    if (this.#pending.length === 0 && performance.now() - this.#lastFlush >= PULSE_MS)
      this.#send([], this.#state.seq + 1);
  }

  #flush(): void {
    this.#timer = null;
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    this.#send(events, this.#firstSeq);
  }

  #send(events: ControlRoomEvent[], firstSeq: number): void {
    const batch: EventBatch = { firstSeq, events, sentAt: performance.timeOrigin + performance.now() };
    this.#lastFlush = performance.now();
    for (const listener of this.#listeners) listener(batch);
  }
}
