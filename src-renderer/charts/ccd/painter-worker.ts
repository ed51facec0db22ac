/** Paints images away from the page's own thread, so that panning and zooming cost the page next to nothing. */
import inter from '../../assets/fonts/inter-latin-wght-normal.woff2?url';
import { ImagePainter } from './image-painter.ts';
import type { Picture, ToPainter } from './painter-protocol.ts';

let painter: ImagePainter | null = null;
let wanted: Picture | null = null;
let frame = 0;

/** At most once a frame, and only what was wanted last. */
function paintSoon(): void {
  if (frame !== 0 || !wanted) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    if (wanted) painter?.paint(wanted);
  });
}

/** The page's fonts are not a worker's. */
async function loadFont(): Promise<void> {
  const font = new FontFace('Inter', `url(${inter})`, { weight: '100 900' });
  (self as unknown as { fonts: FontFaceSet }).fonts.add(font);
  // Without it labels have the system's letters.
  await font.load().catch(() => undefined);
  paintSoon();
}

self.onmessage = ({ data }: MessageEvent<ToPainter>) => {
  switch (data.kind) {
    case 'start':
      painter = new ImagePainter(data.image, data.overlay);
      void loadFont();
      return;
    case 'table':
      if (painter) painter.table = data.table;
      return;
    case 'traces':
      if (painter) painter.traces = data.traces;
      return;
    case 'tile':
      painter?.keep(data.key, data.tile);
      return;
    case 'forget':
      painter?.forget(data.keys);
      return;
    case 'draw':
      wanted = data.picture;
      paintSoon();
  }
};
