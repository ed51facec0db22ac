import type { Reduction } from '#shared/domain/image.ts';
import type { Traces } from '../../model/fiber-finder.ts';
import type { ColorTable } from './color-maps.ts';
import { composeImage, composeMask, type Composed, type TileValues } from './compose.ts';
import { drawOverlay } from './overlay.ts';
import { tileKey, type PaintedLayer, type Picture } from './painter-protocol.ts';

/** Paints images and what lies over them on canvases that belong to a thread of their own. */
export class ImagePainter {
  readonly #canvas: OffscreenCanvas;
  readonly #overlay: OffscreenCanvas;
  readonly #tiles = new Map<string, TileValues>();
  #table: ColorTable | null = null;
  #traces: Traces | null = null;
  #pixels: ImageData | null = null;

  constructor(canvas: OffscreenCanvas, overlay: OffscreenCanvas) {
    this.#canvas = canvas;
    this.#overlay = overlay;
  }

  set table(table: ColorTable) {
    this.#table = table;
  }

  set traces(traces: Traces | null) {
    this.#traces = traces;
  }

  keep(key: string, tile: TileValues): void {
    this.#tiles.set(key, tile);
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) this.#tiles.delete(key);
  }

  paint(picture: Picture): void {
    const { screen, view, image, mask, range, reduction } = picture;
    const { width, height } = screen;
    for (const canvas of [this.#canvas, this.#overlay]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    const context = this.#canvas.getContext('2d');
    const over = this.#overlay.getContext('2d');
    const table = this.#table;
    if (!context || !over || !table || width === 0 || height === 0) return;
    if (this.#pixels?.width !== width || this.#pixels.height !== height)
      this.#pixels = context.createImageData(width, height);
    const out = new Uint32Array(this.#pixels.data.buffer);
    if (view && image && range) {
      composeImage(out, screen, view, this.#composed(image, reduction), range, table);
      if (mask) composeMask(out, screen, view, this.#composed(mask, 'or'), picture.maskBits, picture.maskColor);
      drawOverlay(over, { ...picture, view, shape: image.shape, traces: this.#traces }, picture.ink);
    } else {
      out.fill(table.outside);
      over.clearRect(0, 0, width, height);
    }
    context.putImageData(this.#pixels, 0, 0);
  }

  #composed({ layer, shape, places }: PaintedLayer, reduction: Reduction): Composed {
    return { shape, places, lookup: (place) => this.#tiles.get(tileKey(layer, place, reduction)) };
  }
}
