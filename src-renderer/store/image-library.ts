import type { ImageInfo, ImageSource, ImageStatistics } from '#shared/domain/image.ts';
import type { Result } from '#shared/ipc/result.ts';
import type { Bridge } from '../bridge.ts';
import { TileStore } from './tile-store.ts';

/** An image that can be drawn and asked. */
export interface OpenImage {
  info: ImageInfo;
  numbers: ImageNumbers;
  tiles: TileStore;
  /** For questions about single pixels. */
  view: number;
}

/** Statistics of an image, asked for once, when somebody wants them. */
export class ImageNumbers {
  readonly #ask: () => Promise<Result<ImageStatistics>>;
  #asked: Promise<Result<ImageStatistics>> | null = null;
  /** Null until they have come. */
  value: ImageStatistics | null = null;

  constructor(ask: () => Promise<Result<ImageStatistics>>) {
    this.#ask = ask;
  }

  get(): Promise<Result<ImageStatistics>> {
    this.#asked ??= this.#ask().then((answer) => {
      if (answer.ok) this.value = answer.value;
      return answer;
    });
    return this.#asked;
  }
}

/** Images kept for going back to, those on screen among them. */
const MOST_OPEN = 6;

/** Opens images, and keeps those that were looked at last with their tiles. */
export class ImageLibrary {
  readonly #bridge: Bridge;
  readonly #open = new Map<string, Promise<Result<OpenImage>>>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** @param revision another one opens the image anew: its file may have been written again */
  open(source: ImageSource, revision: string): Promise<Result<OpenImage>> {
    const key = JSON.stringify([source, revision]);
    const known = this.#open.get(key);
    if (known) {
      this.#open.delete(key);
      this.#open.set(key, known);
      return known;
    }
    const opening = this.#ask(source);
    this.#open.set(key, opening);
    void opening.then(({ ok }) => {
      // What failed is asked for again the next time.
      if (!ok) this.#open.delete(key);
    });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN) break;
      this.#forget(oldest);
    }
    return opening;
  }

  close(): void {
    for (const key of [...this.#open.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    void this.#open.get(key)?.then((image) => {
      if (image.ok) image.value.tiles.close();
    });
    this.#open.delete(key);
  }

  async #ask(source: ImageSource): Promise<Result<OpenImage>> {
    const [view = 0] = crypto.getRandomValues(new Uint32Array(1)).map((number) => number >>> 1);
    const opened = await this.#bridge.call('image.open', { source, view });
    if (!opened.ok) return opened;
    const info = opened.value;
    const numbers = new ImageNumbers(() => this.#bridge.call('image.statistics', { image: info.image, view }));
    return { ok: true, value: { info, numbers, tiles: new TileStore(this.#bridge, info.image, view), view } };
  }
}
