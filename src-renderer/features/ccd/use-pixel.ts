import { useEffect, useRef, useState } from 'react';
import type { Bridge } from '../../bridge.ts';
import { useApp } from '../../store/context.tsx';
import type { OpenImage } from '../../store/image-library.ts';

export interface Place {
  x: number;
  y: number;
}

/** What the engine says of the pixel that is pointed at. */
export interface Probe extends Place {
  image: string;
  /** As in the file; null where undefined. */
  value: number | string | null;
  row: Float64Array | null;
  column: Float64Array | null;
}

async function ask(bridge: Bridge, { info, view }: OpenImage, place: Place, profiles: boolean): Promise<Probe | null> {
  const request = { image: info.image, view, ...place };
  const [value, lines] = await Promise.all([
    bridge.call('image.value', request),
    profiles ? bridge.call('image.profiles', request) : null,
  ]);
  if (!value.ok) return null;
  return {
    ...place,
    image: info.image,
    value: value.value.value,
    row: lines?.ok ? new Float64Array(lines.value.row) : null,
    column: lines?.ok ? new Float64Array(lines.value.column) : null,
  };
}

/** The value at a place, and the row and column through it; one question at a time, always about the newest place. */
export function useProbe(image: OpenImage | null, place: Place | null, profiles: boolean): Probe | null {
  const { bridge } = useApp();
  const [probe, setProbe] = useState<Probe | null>(null);
  const wanted = useRef<{ image: OpenImage; place: Place; profiles: boolean } | null>(null);
  const busy = useRef(false);
  const x = place?.x ?? -1;
  const y = place?.y ?? -1;
  useEffect(() => {
    wanted.current = image && x >= 0 ? { image, place: { x, y }, profiles } : null;
    if (busy.current) return;
    const next = async (): Promise<void> => {
      busy.current = true;
      while (wanted.current) {
        const asked = wanted.current;
        const answer = await ask(bridge, asked.image, asked.place, asked.profiles);
        setProbe(answer);
        if (wanted.current === asked) wanted.current = null;
      }
      busy.current = false;
    };
    void next();
  }, [bridge, image, x, y, profiles]);
  const fits = probe !== null && image !== null && probe.image === image.info.image;
  // The value of another pixel is no value of this one; lines may lag behind by a moment.
  return fits && place ? probe : null;
}
