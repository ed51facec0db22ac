import type { Reduction } from '#shared/domain/image.ts';
import type { Bridge } from '../bridge.ts';
import type { TilePlace } from '../model/image-view.ts';

/** Values of a tile, row after row from the lowest. */
export interface Tile {
  width: number;
  height: number;
  values: Float32Array | Uint16Array;
}

/** Requests under way at a time: enough to keep the engine's threads busy, few enough to change one's mind. */
const MOST_UNDER_WAY = 4;
/** Bytes of tiles that an image keeps: a full-size camera at full resolution. */
const MOST_BYTES = 96 * 2 ** 20;

const keyOf = ({ level, column, row }: TilePlace, reduction: Reduction): string =>
  `${level} ${column} ${row} ${reduction}`;

/** The tiles of one image that are here, and those that are wanted next. */
export class TileStore {
  readonly #bridge: Bridge;
  readonly #image: string;
  /** Number by which the engine calls requests off; no other store has it. */
  readonly id: number;
  readonly #listeners = new Set<(error: string) => void>();
  readonly #tiles = new Map<string, Tile>();
  readonly #failed = new Set<string>();
  readonly #underWay = new Set<string>();
  #wanted: { place: TilePlace; reduction: Reduction }[] = [];
  #bytes = 0;
  #closed = false;

  constructor(bridge: Bridge, image: string, id: number) {
    this.#bridge = bridge;
    this.#image = image;
    this.id = id;
  }

  /** Calls back when a tile has come, or (with the reason) could not be had; returns the way to stop. */
  listen(listener: (error: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get(place: TilePlace, reduction: Reduction): Tile | undefined {
    return this.#tiles.get(keyOf(place, reduction));
  }

  /** Any tile that is here. */
  any(): Tile | undefined {
    return this.#tiles.values().next().value;
  }

  /** Asks for these tiles, the first first; what was wanted before and is not among them is forgotten. */
  want(places: readonly TilePlace[], reduction: Reduction): void {
    this.#wanted = places
      .filter((place) => {
        const key = keyOf(place, reduction);
        return !this.#tiles.has(key) && !this.#failed.has(key) && !this.#underWay.has(key);
      })
      .map((place) => ({ place, reduction }));
    this.#next();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = [];
    this.#tiles.clear();
    void this.#bridge.call('image.cancel', { view: this.id });
  }

  #next(): void {
    while (!this.#closed && this.#underWay.size < MOST_UNDER_WAY) {
      const next = this.#wanted.shift();
      if (!next) return;
      void this.#fetch(next.place, next.reduction);
    }
  }

  async #fetch(place: TilePlace, reduction: Reduction): Promise<void> {
    const key = keyOf(place, reduction);
    this.#underWay.add(key);
    const answer = await this.#bridge.call('image.tile', {
      image: this.#image,
      view: this.id,
      ...place,
      reduction,
    });
    this.#underWay.delete(key);
    if (this.#closed) return;
    if (answer.ok) {
      const { width, height, type, data } = answer.value;
      this.#keep(key, {
        width,
        height,
        values: type === 'u16' ? new Uint16Array(data) : new Float32Array(data),
      });
      this.#tell('');
    } else {
      this.#failed.add(key);
      this.#tell(answer.error.message);
    }
    this.#next();
  }

  #tell(error: string): void {
    for (const listener of this.#listeners) listener(error);
  }

  #keep(key: string, tile: Tile): void {
    this.#tiles.set(key, tile);
    this.#bytes += tile.values.byteLength;
    for (const [oldest, { values }] of this.#tiles) {
      if (this.#bytes <= MOST_BYTES) return;
      this.#tiles.delete(oldest);
      this.#bytes -= values.byteLength;
    }
  }
}
