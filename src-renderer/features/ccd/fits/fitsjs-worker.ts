/**
 * Lets fitsjs read the headers of a file. It asks for the file block by block, through a FileReader of ours that fetches the
 * bytes from the page. On a truncated file it never comes to an end: the page ends this worker then.
 */
import fitsjs from 'fitsjs/lib/fits.js?url';
import type { FitsjsCard, FitsjsHdu, FromFitsjs, ToFitsjs } from './fitsjs-protocol.ts';

interface FitsjsHeader {
  cards: Record<string, { value?: unknown } | unknown[]>;
  getDataType(): string | null;
  hasDataUnit(): boolean;
}
interface Fitsjs {
  FITS: new (file: object, done: (fits: { hdus: { header: FitsjsHeader }[] }) => void) => unknown;
}
interface WorkerScope {
  astro?: Fitsjs;
  FileReader: unknown;
  importScripts(url: string): void;
  postMessage(message: FromFitsjs): void;
  onmessage: ((event: MessageEvent<ToFitsjs>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;

/** Bytes fetched at a time: a header is seldom longer. */
const CHUNK = 65_536;

/** A part of the file that has not been read. */
interface Piece {
  offset: number;
  length: number;
}

let size = 0;
let lastId = 0;
let chunk: { offset: number; bytes: Uint8Array } = { offset: -1, bytes: new Uint8Array(0) };
const waiting = new Map<number, (data: ArrayBuffer | null) => void>();

const failed = (error: unknown): void => {
  scope.postMessage({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
};

function fetchBytes(offset: number, length: number): Promise<ArrayBuffer | null> {
  const id = (lastId += 1);
  scope.postMessage({ kind: 'read', id, offset, length });
  return new Promise((resolve) => waiting.set(id, resolve));
}

async function read({ offset, length }: Piece): Promise<ArrayBuffer> {
  const end = Math.min(offset + length, size);
  if (end <= offset) {
    // Beyond the end there is nothing; the pause lets the page be heard.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return new ArrayBuffer(0);
  }
  if (offset < chunk.offset || end > chunk.offset + chunk.bytes.length) {
    const data = await fetchBytes(offset, Math.max(CHUNK, end - offset));
    if (!data) throw new Error('the file cannot be read any more');
    chunk = { offset, bytes: new Uint8Array(data) };
  }
  const from = offset - chunk.offset;
  return chunk.bytes.slice(from, from + end - offset).buffer;
}

/** Stands in for the browser's, whose files would have to be in memory. */
class PieceReader {
  onloadend: ((event: { target: { result: ArrayBuffer } }) => void) | null = null;

  readAsArrayBuffer(piece: Piece): void {
    read(piece)
      .then((result) => {
        this.onloadend?.({ target: { result } });
      })
      .catch(failed);
  }
}

function cardsOf(header: FitsjsHeader): FitsjsCard[] {
  return Object.entries(header.cards).flatMap(([keyword, card]) => {
    if (Array.isArray(card)) return [];
    const { value } = card;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return [[keyword, plain] as const];
  });
}

function open(): void {
  scope.FileReader = PieceReader;
  scope.importScripts(fitsjs);
  if (!scope.astro) throw new Error('fitsjs did not load');
  const file = {
    size,
    slice: (start: number, end: number): Piece => ({ offset: start, length: Math.max(0, end - start) }),
  };
  new scope.astro.FITS(file, ({ hdus }) => {
    const seen = hdus.map(({ header }): FitsjsHdu => ({
      type: header.hasDataUnit() ? header.getDataType() : null,
      cards: cardsOf(header),
    }));
    scope.postMessage({ kind: 'done', hdus: seen });
  });
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'open') {
    size = data.size;
    try {
      open();
    } catch (error) {
      failed(error);
    }
    return;
  }
  const resolve = waiting.get(data.id);
  waiting.delete(data.id);
  resolve?.(data.kind === 'bytes' ? data.data : null);
};
