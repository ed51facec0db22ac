import { useEffect, useState } from 'react';
import type { FitsDescription, FitsCard } from '#shared/domain/image.ts';
import { MAX_BYTES } from '#shared/ipc/image-contract.ts';
import type { Bridge } from '../../../bridge.ts';
import { disagreements, type Disagreement } from '../../../model/fits-check.ts';
import { useApp } from '../../../store/context.tsx';
import type { FitsjsHdu, FromFitsjs, ToFitsjs } from './fitsjs-protocol.ts';

/** ms after which fitsjs is taken to hang, as it does on damaged files. */
const TIMEOUT_MS = 5000;
/** HDUs whose cards are compared. */
const MOST_COMPARED = 64;
const MOST_CARDS = 2000;

export type FitsjsVerdict =
  | { state: 'reading' }
  | { state: 'hung' }
  | { state: 'failed'; reason: string }
  | { state: 'done'; hdus: number; differences: Disagreement[] };

/** What fitsjs makes of a file, in a worker that is ended when it hangs. `stop` ends it before. */
function readWithFitsjs(bridge: Bridge, file: FitsDescription): { result: Promise<FitsjsHdu[]>; stop: () => void } {
  const worker = new Worker(new URL('./fitsjs-worker.ts', import.meta.url));
  let stop = (): void => undefined;
  const result = new Promise<FitsjsHdu[]>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new HungError());
      stop();
    }, TIMEOUT_MS);
    stop = () => {
      clearTimeout(timer);
      worker.terminate();
    };
    const send = (message: ToFitsjs): void => {
      worker.postMessage(message);
    };
    worker.onmessage = ({ data }: MessageEvent<FromFitsjs>) => {
      if (data.kind === 'read') {
        const { id, offset, length } = data;
        void bridge
          .call('fits.bytes', { file: file.file, offset, length: Math.min(length, MAX_BYTES) })
          .then((answer) => {
            send(answer.ok ? { kind: 'bytes', id, data: answer.value.data } : { kind: 'no-bytes', id });
          });
        return;
      }
      if (data.kind === 'done') resolve(data.hdus);
      else reject(new Error(data.reason));
      stop();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'its worker did not start'));
      stop();
    };
    send({ kind: 'open', size: file.bytes });
  });
  return {
    result,
    stop: () => {
      stop();
    },
  };
}

class HungError extends Error {}

async function cardsOf(bridge: Bridge, file: FitsDescription): Promise<FitsCard[][]> {
  const cards: FitsCard[][] = [];
  for (const { index } of file.hdus.slice(0, MOST_COMPARED)) {
    const answer = await bridge.call('fits.cards', { file: file.file, hdu: index, offset: 0, limit: MOST_CARDS });
    cards.push(answer.ok ? answer.value.cards : []);
  }
  return cards;
}

/** Reads a file with fitsjs too, and tells what it reads otherwise. */
export function useFitsjs(file: FitsDescription): FitsjsVerdict {
  const { bridge } = useApp();
  const [known, setKnown] = useState<{ file: FitsDescription; verdict: FitsjsVerdict } | null>(null);
  useEffect(() => {
    let current = true;
    const { result, stop } = readWithFitsjs(bridge, file);
    const tell = (verdict: FitsjsVerdict): void => {
      if (current) setKnown({ file, verdict });
    };
    result
      .then(async (hdus) => {
        const cards = await cardsOf(bridge, file);
        tell({ state: 'done', hdus: hdus.length, differences: disagreements(file.hdus, cards, hdus) });
      })
      .catch((error: unknown) => {
        if (error instanceof HungError) tell({ state: 'hung' });
        else tell({ state: 'failed', reason: error instanceof Error ? error.message : String(error) });
      });
    return () => {
      current = false;
      stop();
    };
  }, [bridge, file]);
  return known?.file === file ? known.verdict : { state: 'reading' };
}
