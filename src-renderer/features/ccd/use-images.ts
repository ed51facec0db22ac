import { useEffect, useMemo, useState } from 'react';
import type { ImageSource, ImageStatistics } from '#shared/domain/image.ts';
import { statisticsOf } from '#shared/fits/image-statistics.ts';
import { tracesFrom, type Traces } from '../../model/fiber-finder.ts';
import { useApp } from '../../store/context.tsx';
import { ImageLibrary, type OpenImage } from '../../store/image-library.ts';

/** How long the image before stays on screen while the next one is read, ms. */
const LINGER_MS = 400;

/** Images of this screen; closed with it. */
export function useImageLibrary(): ImageLibrary {
  const { bridge } = useApp();
  const library = useMemo(() => new ImageLibrary(bridge), [bridge]);
  useEffect(
    () => () => {
      library.close();
    },
    [library],
  );
  return library;
}

export interface Shown {
  image: OpenImage | null;
  /** What is asked for is still on its way. */
  pending: boolean;
  /** Why it cannot be had; empty otherwise. */
  error: string;
}

const NOTHING: Shown = { image: null, pending: false, error: '' };

/** The image of a source; while another is being read the one before stays for a moment. Null shows none. */
export function useOpenImage(library: ImageLibrary, source: ImageSource | null, revision: string): Shown {
  const key = source === null ? '' : JSON.stringify([source, revision]);
  const [known, setKnown] = useState<{ key: string; shown: Shown }>({ key: '', shown: NOTHING });
  useEffect(() => {
    if (key === '') return;
    const [wanted] = JSON.parse(key) as [ImageSource];
    let current = true;
    const blank = setTimeout(() => {
      setKnown({ key, shown: { ...NOTHING, pending: true } });
    }, LINGER_MS);
    void library.open(wanted, revision).then((answer) => {
      clearTimeout(blank);
      if (!current) return;
      setKnown({
        key,
        shown: answer.ok
          ? { image: answer.value, pending: false, error: '' }
          : { image: null, pending: false, error: answer.error.message },
      });
    });
    return () => {
      current = false;
      clearTimeout(blank);
    };
  }, [library, key, revision]);
  if (key === '') return NOTHING;
  return known.key === key ? known.shown : { image: known.shown.image, pending: true, error: '' };
}

export interface Numbers {
  /** Of the whole image; null until they have come. */
  statistics: ImageStatistics | null;
  /** Those, or until they have come those of the first part of the image that is here: good enough to show it. */
  forPicture: ImageStatistics | null;
  /** Why they cannot be had; empty otherwise. */
  error: string;
}

const NO_NUMBERS: Numbers = { statistics: null, forPicture: null, error: '' };

/** The statistics of an image. The picture does not wait for them: they are asked for when its first tile has come. */
export function useNumbers(image: OpenImage | null): Numbers {
  const [known, setKnown] = useState<{ image: OpenImage | null; numbers: Numbers }>({
    image: null,
    numbers: NO_NUMBERS,
  });
  useEffect(() => {
    if (!image || image.numbers.value) return;
    let stopped = false;
    const begin = (): void => {
      stop();
      const part = image.tiles.any();
      if (part) setKnown({ image, numbers: { ...NO_NUMBERS, forPicture: statisticsOf(part.values) } });
      void image.numbers.get().then((answer) => {
        if (stopped) return;
        const numbers = answer.ok
          ? { statistics: answer.value, forPicture: answer.value, error: '' }
          : { ...NO_NUMBERS, error: answer.error.message };
        setKnown({ image, numbers });
      });
    };
    // Also told of a tile that could not be had: then the engine says of the whole image what is wrong.
    const stop = image.tiles.listen(begin);
    if (image.tiles.any()) begin();
    return () => {
      stopped = true;
      stop();
    };
  }, [image]);
  if (!image) return NO_NUMBERS;
  const { value } = image.numbers;
  if (value) return { statistics: value, forPicture: value, error: '' };
  return known.image === image ? known.numbers : NO_NUMBERS;
}

export interface ShownTraces {
  traces: Traces | null;
  /** Why there are none; empty while they are asked for. */
  reason: string;
}

/** The traces of a camera in a run. */
export function useTraces(runId: number | undefined, camera: string, revision: string): ShownTraces {
  const { bridge } = useApp();
  const key = runId === undefined ? '' : `${runId} ${camera} ${revision}`;
  const [known, setKnown] = useState<{ key: string; shown: ShownTraces }>({
    key: '',
    shown: { traces: null, reason: '' },
  });
  useEffect(() => {
    if (runId === undefined) return;
    let current = true;
    void bridge.call('image.traces', { runId, camera: camera as 'b0', view: 0 }).then((answer) => {
      if (!current) return;
      const shown = answer.ok
        ? { traces: answer.value.traces && tracesFrom(answer.value.traces), reason: answer.value.reason }
        : { traces: null, reason: answer.error.message };
      setKnown({ key, shown });
    });
    return () => {
      current = false;
    };
  }, [bridge, runId, camera, key]);
  return known.key === key ? known.shown : { traces: null, reason: '' };
}
