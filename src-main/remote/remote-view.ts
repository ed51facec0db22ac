import { isDeepStrictEqual } from 'node:util';
import { Value } from 'typebox/value';
import type { Json } from '#shared/domain/measurement.ts';
import {
  DEFAULT_REMOTE_SETTINGS,
  RemoteSettingsSchema,
  type RemoteAct,
  type RemoteSettings,
  type RemoteState,
} from '#shared/domain/remote.ts';
import type { EventBatch } from '#shared/state/events.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { RemoteStore } from '../domain/ports/remote-store.ts';
import type { Store } from '../domain/ports/store.ts';
import type { BuildParts } from './build-remote.ts';
import { certificateOf, type Certificate } from './certificate.ts';
import { encodePush } from './codec.ts';
import type { Connection } from './connection.ts';
import { hostNames, inUrl } from './host-names.ts';
import { Sessions } from './sessions.ts';

const SETTINGS = 'remote-view';
/** ms until a port that was taken, or a certificate that could not be read, is tried again. */
const AGAIN_MS = 30_000;
/** ms between looks at who is still there and may still be. */
const LOOK_MS = 20_000;

/** Stored settings over the defaults; what no longer fits the schema gives way to them, which are: off. */
export function remoteSettingsFrom(stored: Json | undefined): RemoteSettings {
  const merged =
    typeof stored === 'object' && stored !== null && !Array.isArray(stored)
      ? { ...DEFAULT_REMOTE_SETTINGS, ...stored }
      : DEFAULT_REMOTE_SETTINGS;
  return Value.Check(RemoteSettingsSchema, merged) ? merged : DEFAULT_REMOTE_SETTINGS;
}

export interface RemoteViewParts extends Pick<
  BuildParts,
  'handlers' | 'documents' | 'report' | 'version' | 'assets' | 'now'
> {
  store: RemoteStore & Pick<Store, 'setting' | 'saveSetting'>;
  events: Pick<EventSink, 'log'>;
  /** Folder for the certificate that QLF makes. */
  folder: string;
}

/** The interface for browsers elsewhere, while it is switched on. */
export class RemoteView {
  readonly #parts: RemoteViewParts;
  readonly #sessions: Sessions;
  readonly #connections = new Set<Connection>();
  #settings: RemoteSettings;
  #open: { close(): Promise<void>; urls: string[]; certificate: Certificate } | null = null;
  #error = '';
  #again: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;
  #closed = false;
  /** Never rejects: one change after the other. */
  #changing = Promise.resolve();

  constructor(parts: RemoteViewParts) {
    this.#parts = parts;
    this.#sessions = new Sessions(parts.store, parts.now);
    this.#settings = remoteSettingsFrom(parts.store.setting(SETTINGS));
  }

  start(): void {
    this.#look = setInterval(() => this.#lookRound(), LOOK_MS);
    this.#look.unref();
    this.#change();
  }

  /** Takes new settings, and listens as they say; whether that worked is in the state. */
  async set(settings: RemoteSettings): Promise<RemoteState> {
    this.#parts.store.saveSetting(SETTINGS, settings);
    // Who may look without a token is nothing that those who look on have to be cut off for.
    const stays = this.#open !== null && isDeepStrictEqual({ ...settings, open: this.#settings.open }, this.#settings);
    this.#settings = settings;
    if (!stays) this.#change();
    await this.#changing;
    this.check();
    return this.state();
  }

  state(): RemoteState {
    return {
      settings: this.#settings,
      urls: this.#open?.urls ?? [],
      error: this.#error,
      fingerprint: this.#open?.certificate.fingerprint ?? '',
      selfSigned: this.#open?.certificate.selfSigned ?? false,
      tokens: this.#parts.store.remoteTokens(),
      clients: [...this.#connections].map(({ client }) => client),
    };
  }

  /** Ends those whose tokens or sessions hold no more. */
  check(): void {
    for (const connection of this.#connections) connection.check();
  }

  push(batch: EventBatch): void {
    if (this.#connections.size === 0) return;
    const bytes = encodePush({ kind: 'events', batch });
    for (const connection of this.#connections) connection.send(bytes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    clearInterval(this.#look);
    await this.#changing;
    await this.#shut();
  }

  #lookRound(): void {
    this.check();
    for (const connection of this.#connections) connection.ping();
  }

  #change(): void {
    clearTimeout(this.#again);
    this.#changing = this.#changing.then(() => this.#reopen());
  }

  async #shut(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.close().catch(this.#parts.report);
  }

  async #reopen(): Promise<void> {
    await this.#shut();
    this.#error = '';
    if (this.#closed || !this.#settings.enabled) return;
    const { events } = this.#parts;
    try {
      await this.#listen();
      events.log('engine', 'info', `remote view at ${this.#open?.urls[0] ?? ''}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#error = `The remote view cannot be opened: ${reason}. QLF tries again every ${String(AGAIN_MS / 1000)} s.`;
      events.log('engine', 'error', this.#error);
      this.#again = setTimeout(() => this.#change(), AGAIN_MS);
      this.#again.unref();
    }
  }

  async #listen(): Promise<void> {
    const { store, now } = this.#parts;
    const settings = this.#settings;
    const names = hostNames(settings);
    const certificate = await certificateOf(settings.certificate, this.#parts.folder, names, now());
    // Loaded when it is switched on: a start does not wait for a server that is off.
    const { buildRemote } = await import('./build-remote.ts');
    const app = await buildRemote({
      ...this.#parts,
      settings: () => this.#settings,
      certificate,
      names,
      sessions: this.#sessions,
      record: (act: Omit<RemoteAct, 'id' | 'at'>) => store.addRemoteAct({ ...act, at: now() }),
      opened: (connection) => this.#connections.add(connection),
      closed: (connection) => this.#connections.delete(connection),
    });
    try {
      await app.listen({ host: settings.host, port: settings.port });
    } catch (error) {
      await app.close();
      throw error;
    }
    this.#open = {
      close: () => app.close(),
      urls: names.map((name) => `https://${inUrl(name)}:${String(settings.port)}/`),
      certificate,
    };
  }
}
