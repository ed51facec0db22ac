import { useEffect, useImperativeHandle, useMemo, useRef, useState, type PointerEvent, type Ref } from 'react';
import type { AmplifierArea } from '#shared/domain/image.ts';
import { colorTable, packed } from '../../charts/ccd/color-maps.ts';
import { ImageDrawing, type Layer } from '../../charts/ccd/image-drawing.ts';
import type { CcdOptions } from '../../model/ccd-options.ts';
import type { Traces } from '../../model/fiber-finder.ts';
import { draggedRange, type ValueRange } from '../../model/image-scale.ts';
import { pixelAt, toScreen, type ImageView, type Size } from '../../model/image-view.ts';
import { pixelSpan } from '../../model/pixel-words.ts';
import { useView } from '../../store/context.tsx';
import type { OpenImage } from '../../store/image-library.ts';
import { ProfileStrip } from './profile-strip.tsx';
import { themeInks } from './theme-inks.ts';
import type { Place, Probe } from './use-pixel.ts';

/** A shorter drag is a click, px. */
const CLICK = 4;
/** How much one notch of the wheel magnifies. */
const WHEEL = 1.0018;

/** What the keyboard does with the image. */
export interface ViewerHandle {
  pan(dx: number, dy: number): void;
  zoomBy(factor: number): void;
  /** One screen pixel a full-size pixel. */
  trueSize(): void;
  fit(): void;
  /** Brings a full-size pixel into the middle. */
  centre(x: number, y: number): void;
}

function layerOf(image: OpenImage | null): Layer | null {
  return image && { shape: image.info, tiles: image.tiles };
}

type Drag = { kind: 'pan' | 'stretch'; x: number; y: number; far: boolean; range: ValueRange };

const NO_AMPLIFIERS: readonly AmplifierArea[] = [];

/** An image to pan, zoom and stretch, with the row and the column through the pixel that is pointed at. */
export function ImageViewer({
  image,
  other,
  mask,
  traces,
  options,
  range,
  fiber,
  place,
  probe,
  caption,
  ref,
  onPlace,
  onZoom,
  onRange,
  onPick,
}: {
  image: OpenImage | null;
  /** The one that is blinked with: fetched beforehand. */
  other: OpenImage | null;
  mask: OpenImage | null;
  traces: Traces | null;
  options: CcdOptions;
  range: ValueRange | null;
  fiber: number | null;
  /** Stored pixel that is pointed at. */
  place: Place | null;
  probe: Probe | null;
  /** Accessible name: what the image is of. */
  caption: string;
  ref: Ref<ViewerHandle>;
  onPlace: (place: Place | null) => void;
  onZoom: (zoom: number) => void;
  onRange: (range: ValueRange) => void;
  onPick: (place: Place) => void;
}) {
  const theme = useView((view) => view.theme);
  const inks = useMemo(() => themeInks(theme), [theme]);
  const box = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<ImageDrawing | null>(null);
  const [looked, setLooked] = useState<{ view: ImageView; screen: Size } | null>(null);
  const drag = useRef<Drag | null>(null);
  const told = useRef({ onZoom });
  useEffect(() => {
    told.current = { onZoom };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // A canvas is given to the painter once and for all: each painter has its own.
    const canvas = document.createElement('canvas');
    const overlay = document.createElement('canvas');
    element.append(canvas, overlay);
    const made = new ImageDrawing(canvas, overlay, (view, screen) => {
      setLooked({ view, screen });
      told.current.onZoom(view.zoom);
    });
    const observer = new ResizeObserver(() => {
      made.resize(element.clientWidth, element.clientHeight);
    });
    observer.observe(element);
    setDrawing(made);
    return () => {
      observer.disconnect();
      made.close();
      canvas.remove();
      overlay.remove();
    };
  }, []);

  const { map, inverse, transfer, reduction, amplifiers, profiles } = options;
  const table = useMemo(
    () => colorTable(map, inverse, transfer, { red: theme === 'red', nothing: inks.nothing, outside: inks.outside }),
    [map, inverse, transfer, theme, inks],
  );
  useEffect(() => {
    drawing?.show({
      image: layerOf(image),
      other: layerOf(other),
      mask: layerOf(mask),
      maskBits: 0xffff,
      maskColor: packed(inks.mask),
      range,
      table,
      reduction,
      ink: inks.ink,
      amplifiers: image?.info.amplifiers ?? NO_AMPLIFIERS,
      showAmplifiers: amplifiers,
      traces,
      showTraces: options.traces,
      fiber,
      cross: place,
    });
  }, [drawing, image, other, mask, range, table, reduction, inks, amplifiers, traces, options.traces, fiber, place]);

  useEffect(() => {
    if (!drawing) return;
    const redraw = (): void => {
      drawing.draw();
    };
    const stops = [image, other, mask].map((one) => one?.tiles.listen(redraw));
    return () => {
      for (const stop of stops) stop?.();
    };
  }, [drawing, image, other, mask]);

  const latest = useRef({ image, place, onPlace });
  useEffect(() => {
    latest.current = { image, place, onPlace };
  });
  useImperativeHandle(ref, () => handleOf(drawing, () => latest.current), [drawing]);

  const pixelUnder = (event: { clientX: number; clientY: number }): Place | null => {
    const element = box.current;
    if (!element || !drawing?.view || !image) return null;
    const { left, top } = element.getBoundingClientRect();
    return pixelAt(drawing.view, image.info, drawing.screen, event.clientX - left, event.clientY - top);
  };
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (!range) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const stretch = event.button === 2 || event.shiftKey;
    drag.current = { kind: stretch ? 'stretch' : 'pan', x: event.clientX, y: event.clientY, far: false, range };
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current;
    if (!held || !drawing) {
      onPlace(pixelUnder(event));
      return;
    }
    const dx = event.clientX - held.x;
    const dy = event.clientY - held.y;
    if (!held.far && Math.hypot(dx, dy) < CLICK) return;
    held.far = true;
    if (held.kind === 'stretch') {
      const { width, height } = drawing.screen;
      onRange(draggedRange(held.range, dx / width, -dy / height));
      return;
    }
    drawing.pan(dx, dy);
    held.x = event.clientX;
    held.y = event.clientY;
  };
  const release = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current;
    drag.current = null;
    if (!held || held.far || held.kind === 'stretch') return;
    const under = pixelUnder(event);
    if (under) onPick(under);
  };
  useEffect(() => {
    const element = box.current;
    if (!element || !drawing) return;
    // React listens to the wheel passively, and the page must not scroll.
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      drawing.zoomBy(WHEEL ** -event.deltaY, event.clientX - left, event.clientY - top);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', wheel);
    };
  }, [drawing]);

  const binning = image?.info.binning ?? 1;
  return (
    <div className={`image-viewer${profiles ? '' : ' alone'}`}>
      {/* Whatever the pointer does here the keys of the screen do too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={box}
        className="image-box"
        role="img"
        aria-label={caption}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => {
          drag.current = null;
        }}
        onPointerLeave={() => {
          if (!drag.current) onPlace(null);
        }}
        onContextMenu={(event) => {
          event.preventDefault();
        }}
      />
      {profiles && (
        <>
          <ProfileStrip
            axis="column"
            values={probe?.column ?? null}
            at={probe?.y ?? 0}
            name={probe ? `Column ${pixelSpan(probe.x, binning)}` : 'Column'}
            looked={looked}
            binning={binning}
            range={range}
          />
          <ProfileStrip
            axis="row"
            values={probe?.row ?? null}
            at={probe?.x ?? 0}
            name={probe ? `Row ${pixelSpan(probe.y, binning)}` : 'Row'}
            looked={looked}
            binning={binning}
            range={range}
          />
        </>
      )}
    </div>
  );
}

interface Pointed {
  image: OpenImage | null;
  place: Place | null;
  onPlace: (place: Place | null) => void;
}

/** The keyboard points at the middle of the screen, and magnifies about what is pointed at. */
function handleOf(drawing: ImageDrawing | null, latest: () => Pointed): ViewerHandle {
  const pointAtMiddle = (): void => {
    const { image, onPlace } = latest();
    if (!drawing?.view || !image) return;
    const { width, height } = drawing.screen;
    onPlace(pixelAt(drawing.view, image.info, drawing.screen, width / 2, height / 2));
  };
  return {
    pan(dx, dy) {
      drawing?.pan(dx, dy);
      pointAtMiddle();
    },
    zoomBy(factor) {
      const { image, place } = latest();
      const at = place && image && drawing ? middleOf(place, image, drawing) : null;
      drawing?.zoomBy(factor, at?.[0], at?.[1]);
      if (!place) pointAtMiddle();
    },
    trueSize() {
      if (drawing?.view) drawing.zoomBy(1 / drawing.view.zoom);
    },
    fit() {
      drawing?.fit();
    },
    centre(x, y) {
      if (drawing?.view) drawing.look({ ...drawing.view, x, y });
    },
  };
}

/** Where the middle of a stored pixel is on screen, if it is there. */
function middleOf(place: Place, image: OpenImage, drawing: ImageDrawing): [number, number] | null {
  if (!drawing.view) return null;
  const { binning } = image.info;
  const [px, py] = toScreen(drawing.view, drawing.screen, (place.x + 0.5) * binning, (place.y + 0.5) * binning);
  const { width, height } = drawing.screen;
  return px >= 0 && py >= 0 && px <= width && py <= height ? [px, py] : null;
}
