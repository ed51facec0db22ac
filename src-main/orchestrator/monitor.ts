import type { CameraName } from '#shared/domain/camera.ts';
import { expid8, type ExposureState } from '#shared/domain/exposure.ts';
import type { EngineSettings } from '#shared/domain/settings.ts';
import { passDatabaseFailure } from '../domain/database-failure.ts';
import type { DosClient, DosExposure } from '../domain/ports/dos-client.ts';
import type { Store } from '../domain/ports/store.ts';
import type { Waiting } from '../domain/waiting.ts';
import type { ConnectionState } from './connections.ts';
import type { ControlRoom } from './control-room.ts';

export interface MonitorParts {
  dos: DosClient;
  store: Store;
  room: ControlRoom;
  connection: ConnectionState;
  settings: () => EngineSettings;
  /** Called after new exposures were registered. */
  registered: () => void;
  waiting: Waiting;
  now: () => number;
}

/** ms between looks for exposures with lower numbers than the highest known, where nothing tells of them. */
const LATE_PERIOD_MS = 5000;

/** Watches the DOS and registers every exposure, whatever its flavor, with all its metadata. */
export class DosMonitor {
  readonly #parts: MonitorParts;
  #pause: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #running = false;
  #known: number | null = null;
  /** By the clock that never jumps. */
  #lookedForLate = -Infinity;
  #lateTrouble = '';

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    // The first look lists everything, so that exposures taken while QLF was off are registered too.
    this.#known = null;
    this.#unsubscribe = this.#parts.dos.onHint(() => this.#look(true));
    this.#look(false);
  }

  /** Resolves when no look is under way any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#pause?.abort();
    this.#pause = null;
    await this.#looking;
  }

  #look(hinted: boolean): void {
    if (!this.#running) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    const over = (): void => {
      this.#looking = null;
      if (!this.#running) return;
      if (this.#again) {
        this.#again = false;
        this.#look(true);
      } else {
        this.#lookAgain();
      }
    };
    this.#pause?.abort();
    this.#pause = null;
    this.#looking = this.#lookOnce(hinted).catch(passDatabaseFailure).then(over).catch(passDatabaseFailure);
  }

  #lookAgain(): void {
    const pause = new AbortController();
    this.#pause = pause;
    this.#parts.waiting.pause(this.#parts.settings().dosPeriod * 1000, pause.signal).then(
      () => this.#look(false),
      () => undefined,
    );
  }

  /** Exposures with lower numbers than the highest known, as they come late or were numbered anew. */
  async #late(hinted: boolean): Promise<DosExposure[]> {
    const { dos, store, room } = this.#parts;
    if (this.#known === null) return [];
    if (!hinted && this.#parts.waiting.elapsed() - this.#lookedForLate < LATE_PERIOD_MS) return [];
    this.#lookedForLate = this.#parts.waiting.elapsed();
    try {
      const late = await dos.getLateExposures(this.#known, (expid) => store.isRegistered(expid));
      this.#lateTrouble = '';
      return late;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#lateTrouble) room.log('monitor', 'warning', `late exposures cannot be seen: ${message}`);
      this.#lateTrouble = message;
      return [];
    }
  }

  async #lookOnce(hinted: boolean): Promise<void> {
    const { dos, connection, room } = this.#parts;
    let found: DosExposure[];
    try {
      const last = await dos.getLastExposure();
      const news = last !== null && (this.#known === null || last.expid > this.#known);
      found = news ? await dos.getExposuresSince(this.#known) : [];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (room.snapshot().connections.find((c) => c.name === 'dos')?.state !== 'lost')
        room.log('monitor', 'error', `no contact with the DOS: ${message}`);
      connection.lost(message, this.#parts.now() + this.#parts.settings().dosPeriod * 1000);
      return;
    }
    connection.ok();
    for (const exposure of found) this.#register(exposure);
    const late = await this.#late(hinted);
    for (const exposure of late) this.#register(exposure);
    if (found.length + late.length > 0) this.#parts.registered();
  }

  #register(exposure: DosExposure): void {
    const { store, room, now } = this.#parts;
    const settings = this.#parts.settings();
    this.#known = Math.max(this.#known ?? 0, exposure.expid);
    if (store.isRegistered(exposure.expid)) return;
    const processed = settings.flavors.includes(exposure.flavor);
    const state: ExposureState = processed ? 'waiting' : 'registered';
    const camerasExpected: CameraName[] =
      settings.camerasExpected === 'auto' ? exposure.camerasExpected : settings.camerasExpected;
    const remarks = exposure.remarks ?? [];
    const unknown = exposure.flavor === 'unknown' && remarks.length > 0;
    const reason = processed
      ? ''
      : unknown
        ? `not processed: ${remarks.join('; ')}`
        : `${exposure.flavor} exposures are registered only`;
    const stored = store.registerExposure(exposure, { state, reason, camerasExpected, at: now() });
    room.publish({ type: 'exposure', exposure: stored });
    const about = [exposure.flavor, exposure.program, `night ${exposure.night}`].filter(Boolean).join(', ');
    room.log('monitor', 'info', `exposure ${expid8(exposure.expid)} registered: ${about}`, { expid: exposure.expid });
    for (const remark of remarks)
      room.log('monitor', 'warning', `exposure ${expid8(exposure.expid)}: ${remark}`, { expid: exposure.expid });
  }
}
