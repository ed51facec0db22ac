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
import { withStandIn } from './compose.ts';
import type { Overlay, OverlayInk } from './overlay.ts';
import { tileKey, type PaintedLayer, type ToPainter } from './painter-protocol.ts';

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
  /** Null while it is not known: then nothing is painted, but tiles are fetched. */
  range: ValueRange | null;
  table: ColorTable;
  reduction: Reduction;
  ink: OverlayInk;
}

/** Tiles that the painter keeps; those before them it forgets. Several screens' worth at any level. */
const MOST_SENT = 256;

/**
 * Shows an image and what lies over it. A thread of its own paints; here is decided what: at most once a frame, past React,
 * so that pan and zoom cost the page little. Only the numbers that others show are told (`onView`).
 */
export class ImageDrawing {
  readonly #painter: Worker;
  readonly #onView: (view: ImageView, screen: Size) => void;
  /** Keys of the tiles that the painter has, those used last at the end. */
  readonly #sent = new Set<string>();
  #screen: Size = { width: 0, height: 0 };
  #scene: Scene | null = null;
  /** What the painter has of it. */
  #told: Pick<Scene, 'table' | 'traces'> | null = null;
  #view: ImageView | null = null;
  /** The whole image stays in the window when its size changes. */
  #fitted = true;
  #shape: ImageShape | null = null;
  #frame = 0;

  /** Takes both canvases over: nobody else can draw on them after this. */
  constructor(canvas: HTMLCanvasElement, overlay: HTMLCanvasElement, onView: (view: ImageView, screen: Size) => void) {
    this.#onView = onView;
    this.#painter = new Worker(new URL('./painter-worker.ts', import.meta.url));
    const start = { image: canvas.transferControlToOffscreen(), overlay: overlay.transferControlToOffscreen() };
    this.#send({ kind: 'start', ...start }, [start.image, start.overlay]);
  }

  get view(): ImageView | null {
    return this.#view;
  }

  get screen(): Size {
    return this.#screen;
  }

  resize(width: number, height: number): void {
    this.#screen = { width, height };
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
    this.#painter.terminate();
  }

  #send(message: ToPainter, transfer: Transferable[] = []): void {
    this.#painter.postMessage(message, transfer);
  }

  #drawNow(): void {
    const scene = this.#scene;
    const view = this.#view;
    const { width, height } = this.#screen;
    if (!scene || width === 0 || height === 0) return;
    const { image, other, mask, table, traces, ...rest } = scene;
    if (this.#told?.table !== table) this.#send({ kind: 'table', table });
    if (this.#told?.traces !== traces) this.#send({ kind: 'traces', traces });
    this.#told = { table, traces };
    const painted = (layer: Layer | null, reduction: Reduction): PaintedLayer | null =>
      layer && view && this.#painted(layer, view, reduction);
    // The image last: of all that is kept its tiles are the newest.
    painted(other, scene.reduction);
    const over = painted(mask, 'or');
    const main = painted(image, scene.reduction);
    this.#forget();
    this.#send({ kind: 'draw', picture: { ...rest, screen: this.#screen, view, image: main, mask: over } });
    if (view && image) this.#onView(view, this.#screen);
  }

  /** Asks for the tiles that are on screen, and hands over those that are here, or what stands in for them. */
  #painted({ shape: { nx, ny, binning }, tiles }: Layer, view: ImageView, reduction: Reduction): PaintedLayer {
    const shape = { nx, ny, binning };
    const places = visibleTiles(view, shape, this.#screen, levelFor(view, shape));
    tiles.want(places, reduction);
    for (const place of places) {
      const found = withStandIn((at) => tiles.get(at, reduction), place);
      if (!found) continue;
      const key = tileKey(tiles.id, found.place, reduction);
      if (!this.#sent.delete(key)) this.#send({ kind: 'tile', key, tile: found.tile });
      this.#sent.add(key);
    }
    return { layer: tiles.id, shape, places };
  }

  #forget(): void {
    const keys = [...this.#sent].slice(0, Math.max(0, this.#sent.size - MOST_SENT));
    if (keys.length === 0) return;
    for (const key of keys) this.#sent.delete(key);
    this.#send({ kind: 'forget', keys });
  }
}

function sameExtent(a: ImageShape, b: ImageShape): boolean {
  return a.nx * a.binning === b.nx * b.binning && a.ny * a.binning === b.ny * b.binning;
}
