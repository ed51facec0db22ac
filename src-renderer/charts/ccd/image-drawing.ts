import type { Reduction } from '#shared/domain/image.ts';
import type { ValueRange } from '../../model/image-scale.ts';
import {
  confined,
  fitView,
  levelFor,
  moved,
  visibleTiles,
  zoomedAt,
  type ImageShape,
  type ImageView,
  type Size,
} from '../../model/image-view.ts';
import type { TileStore } from '../../store/tile-store.ts';
import type { ColorTable } from './color-maps.ts';
import { composeImage, composeMask, type Composed } from './compose.ts';
import { drawOverlay, type Overlay, type OverlayInk } from './overlay.ts';

/** An image and where its tiles come from. */
export interface Layer {
  shape: ImageShape;
  tiles: TileStore;
}

/** Everything that is drawn but for the view, which the drawing itself keeps. */
export interface Scene extends Omit<Overlay, 'view' | 'screen' | 'shape'> {
  image: Layer | null;
  /** Drawn with the same view and range at the next blink: its tiles are fetched beforehand. */
  other: Layer | null;
  mask: Layer | null;
  maskBits: number;
  /** Packed as in ColorTable. */
  maskColor: number;
  range: ValueRange;
  table: ColorTable;
  reduction: Reduction;
  ink: OverlayInk;
}

/**
 * Draws an image and what lies over it, at most once a frame. Pan and zoom go past React: only the numbers that others show
 * are told (`onView`).
 */
export class ImageDrawing {
  readonly #canvas: HTMLCanvasElement;
  readonly #overlay: HTMLCanvasElement;
  readonly #onView: (view: ImageView, screen: Size) => void;
  #screen: Size = { width: 0, height: 0 };
  #pixels: ImageData | null = null;
  #scene: Scene | null = null;
  #view: ImageView | null = null;
  /** The whole image stays in the window when its size changes. */
  #fitted = true;
  #shape: ImageShape | null = null;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, overlay: HTMLCanvasElement, onView: (view: ImageView, screen: Size) => void) {
    this.#canvas = canvas;
    this.#overlay = overlay;
    this.#onView = onView;
  }

  get view(): ImageView | null {
    return this.#view;
  }

  get screen(): Size {
    return this.#screen;
  }

  resize(width: number, height: number): void {
    this.#screen = { width, height };
    for (const canvas of [this.#canvas, this.#overlay]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#pixels = null;
    if (this.#fitted) this.fit();
    else this.draw();
  }

  show(scene: Scene): void {
    this.#scene = scene;
    const shape = scene.image?.shape ?? null;
    const before = this.#shape;
    if (shape && (!before || !sameExtent(shape, before))) {
      this.#shape = shape;
      this.fit();
      return;
    }
    this.#shape = shape ?? before;
    this.draw();
  }

  fit(): void {
    this.#fitted = true;
    if (this.#shape && this.#screen.width > 0) this.#view = fitView(this.#shape, this.#screen);
    this.draw();
  }

  /** Shows this view, as far as there is image. */
  look(view: ImageView): void {
    if (!this.#shape) return;
    this.#fitted = false;
    this.#view = confined(view, this.#shape, this.#screen);
    this.draw();
  }

  /** Moves by screen pixels. */
  pan(dx: number, dy: number): void {
    if (this.#view) this.look(moved(this.#view, dx, dy));
  }

  /** Magnifies by a factor about a place of the screen, its middle by default. */
  zoomBy(factor: number, px = this.#screen.width / 2, py = this.#screen.height / 2): void {
    if (!this.#view || !this.#shape) return;
    const { zoom } = confined({ ...this.#view, zoom: this.#view.zoom * factor }, this.#shape, this.#screen);
    this.look(zoomedAt(this.#view, this.#screen, px, py, zoom));
  }

  /** Draws at the next frame. */
  draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#drawNow();
    });
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
  }

  #drawNow(): void {
    const scene = this.#scene;
    const view = this.#view;
    const context = this.#canvas.getContext('2d');
    const over = this.#overlay.getContext('2d');
    const { width, height } = this.#screen;
    if (!scene || !context || !over || width === 0 || height === 0) return;
    this.#pixels ??= context.createImageData(width, height);
    const out = new Uint32Array(this.#pixels.data.buffer);
    if (!view || !scene.image) {
      out.fill(scene.table.outside);
      context.putImageData(this.#pixels, 0, 0);
      over.clearRect(0, 0, width, height);
      return;
    }
    const image = this.#composed(scene.image, view, scene.reduction);
    composeImage(out, this.#screen, view, image, scene.range, scene.table);
    if (scene.mask)
      composeMask(out, this.#screen, view, this.#composed(scene.mask, view, 'or'), scene.maskBits, scene.maskColor);
    if (scene.other) this.#composed(scene.other, view, scene.reduction);
    context.putImageData(this.#pixels, 0, 0);
    drawOverlay(over, { ...scene, view, screen: this.#screen, shape: scene.image.shape }, scene.ink);
    this.#onView(view, this.#screen);
  }

  #composed({ shape, tiles }: Layer, view: ImageView, reduction: Reduction): Composed {
    const places = visibleTiles(view, shape, this.#screen, levelFor(view, shape));
    tiles.want(places, reduction);
    return { shape, places, lookup: (place) => tiles.get(place, reduction) };
  }
}

function sameExtent(a: ImageShape, b: ImageShape): boolean {
  return a.nx * a.binning === b.nx * b.binning && a.ny * a.binning === b.ny * b.binning;
}
