import { BLOCK_LENGTH } from './card.ts';
import { FitsError } from './fits-error.ts';
import { Header, isEndCard, latin1 } from './header.ts';

/** A file (or part of one) that is read at any place. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** Exactly `length` bytes at `offset`; the walk never asks beyond `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export type HduKind = 'image' | 'bintable' | 'table' | 'other';

/** One header and data unit, and where its bytes lie in the file. */
export interface Hdu {
  /** Place in the file; for display only, address HDUs by `name`. */
  index: number;
  /** The primary HDU is an `image`, a tile-compressed image is a `bintable` (see isCompressedImage). */
  kind: HduKind;
  /** EXTNAME in upper case; empty when there is none. */
  name: string;
  header: Header;
  headerOffset: number;
  dataOffset: number;
  /** Bytes of data with the heap, without padding, as the header promises them. */
  dataLength: number;
  /** Where the next HDU begins, as the header promises it. */
  end: number;
  /** Why this HDU cannot be used: it ends beyond the file, or its header makes no sense. */
  fault?: FitsError;
}

export interface HduWalk {
  hdus: Hdu[];
  /** Bytes after the last HDU that belong to none. */
  trailing: number;
}

/** A header longer than this is taken for damage (about 144,000 cards). */
const MAX_HEADER = 4000 * BLOCK_LENGTH;
const MAX_HDUS = 100_000;
const FIRST_READ = 8 * BLOCK_LENGTH;
const SEARCH_READ = 1024 * BLOCK_LENGTH;

interface ReadRequest {
  offset: number;
  length: number;
}

/**
 * All HDUs of a file from their headers alone; data are not read. An HDU that is damaged carries its `fault`,
 * and the walk goes on with the next extension that it finds.
 * @throws FitsError `not-fits` when the first header is none, `truncated` when it is cut off
 */
export async function scanHdus(source: ByteSource): Promise<HduWalk> {
  const steps = walk(source.size);
  let step = steps.next();
  while (!step.done) {
    step = steps.next(await source.read(step.value.offset, step.value.length));
  }
  return step.value;
}

/** As `scanHdus`, for a file in memory. */
export function scanHdusInMemory(bytes: Uint8Array): HduWalk {
  const steps = walk(bytes.length);
  let step = steps.next();
  while (!step.done) {
    const { offset, length } = step.value;
    step = steps.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}

/** Data of an HDU in a file in memory (no copy). @throws FitsError the HDU's own fault */
export function hduData(bytes: Uint8Array, hdu: Hdu): Uint8Array {
  if (hdu.fault) throw hdu.fault;
  return bytes.subarray(hdu.dataOffset, hdu.dataOffset + hdu.dataLength);
}

/** Data of an HDU of a file on disk. @throws FitsError the HDU's own fault */
export function readHduData(source: ByteSource, hdu: Hdu): Promise<Uint8Array> {
  if (hdu.fault) return Promise.reject(hdu.fault);
  return source.read(hdu.dataOffset, hdu.dataLength);
}

/** The first HDU of that EXTNAME, in any case. */
export function findHdu(hdus: readonly Hdu[], name: string): Hdu | undefined {
  const wanted = name.trim().toUpperCase();
  return hdus.find((hdu) => hdu.name === wanted);
}

/** The walk as a sequence of read requests, so that it runs over memory and over files alike. */
function* walk(size: number): Generator<ReadRequest, HduWalk, Uint8Array> {
  const hdus: Hdu[] = [];
  let offset = 0;
  while (offset < size) {
    const head = yield* readHeader(offset, size);
    const isStart = hdus.length === 0 ? head.start === 'primary' : head.start === 'extension';
    if (hdus.length === 0 && !isStart)
      throw new FitsError('not-fits', 'the file does not begin with SIMPLE: no FITS file');
    const before = hdus.at(-1);
    if (before && !isStart) {
      // No extension where one should begin: either the file's HDUs end here, or the header before is wrong about its
      // data. The first extension behind that header tells; it may lie within the data that it claims.
      const next = yield* findExtension(before.headerOffset + BLOCK_LENGTH, size);
      if (next === undefined) return { hdus, trailing: size - offset };
      before.fault ??= new FitsError('bad-header', `HDU ${nameOf(before)} has more or fewer data than its header says`);
      before.end = next;
      offset = next;
      continue;
    }
    if (hdus.length === 0 && head.fault) throw head.fault;
    if (hdus.length >= MAX_HDUS) throw new FitsError('too-large', `more than ${MAX_HDUS} HDUs`);
    const hdu = describe(hdus.length, offset, head, size);
    hdus.push(hdu);
    const damaged = hdu.fault?.code === 'bad-header';
    if (hdu.fault) {
      const next = yield* findExtension(offset + BLOCK_LENGTH, size);
      if (damaged) hdu.end = next ?? size;
      if (next === undefined) return { hdus, trailing: 0 };
      offset = next;
    } else {
      offset = hdu.end;
    }
  }
  if (hdus.length === 0) throw new FitsError('not-fits', 'the file is empty');
  return { hdus, trailing: 0 };
}

interface HeaderBytes {
  start: 'primary' | 'extension' | 'none';
  header: Header;
  length: number;
  fault?: FitsError;
}

function* readHeader(offset: number, size: number): Generator<ReadRequest, HeaderBytes, Uint8Array> {
  const images: string[] = [];
  let start: HeaderBytes['start'] = 'none';
  let at = offset;
  let wanted = FIRST_READ;
  while (at < size && at - offset < MAX_HEADER) {
    const length = Math.min(wanted, size - at);
    const chunk = yield { offset: at, length };
    if (at === offset) {
      start = startOf(chunk);
      if (start === 'none') return { start, header: new Header(), length: 0 };
    }
    for (let i = 0; i + 80 <= chunk.length; i += 80) {
      const image = latin1(chunk, i, i + 80);
      if (isEndCard(image)) {
        const end = at + i + 80 - offset;
        return { start, header: Header.fromImages(images), length: padded(end) };
      }
      // Where another extension begins, this header has lost its END.
      if (i % BLOCK_LENGTH === 0 && at + i > offset && image.startsWith('XTENSION=')) {
        return lostEnd(start, images, at + i - offset, 'bad-header', 'has no END card');
      }
      images.push(image);
    }
    at += length;
    wanted = Math.min(wanted * 4, SEARCH_READ);
  }
  return at >= size
    ? lostEnd(start, images, size - offset, 'truncated', 'is cut off: the file ends in its header')
    : lostEnd(start, images, at - offset, 'bad-header', 'has no END card');
}

function lostEnd(
  start: HeaderBytes['start'],
  images: string[],
  length: number,
  code: 'bad-header' | 'truncated',
  what: string,
): HeaderBytes {
  // Only the beginning is worth keeping, for the name of what is damaged.
  const header = Header.fromImages(images.slice(0, 1000));
  const name = header.text('EXTNAME');
  return { start, header, length, fault: new FitsError(code, `HDU ${name ?? 'without a name'} ${what}`) };
}

function startOf(chunk: Uint8Array): HeaderBytes['start'] {
  if (chunk.length < 80) return 'none';
  const image = latin1(chunk, 0, 80);
  if (image.startsWith('SIMPLE  =')) return 'primary';
  return image.startsWith('XTENSION=') ? 'extension' : 'none';
}

function* findExtension(from: number, size: number): Generator<ReadRequest, number | undefined, Uint8Array> {
  let length = FIRST_READ;
  for (let at = from; at < size; at += length, length = Math.min(length * 4, SEARCH_READ)) {
    const chunk = yield { offset: at, length: Math.min(length, size - at) };
    for (let i = 0; i + 80 <= chunk.length; i += BLOCK_LENGTH) {
      if (chunk[i] === 0x58 && startOf(chunk.subarray(i, i + 80)) === 'extension') return at + i;
    }
  }
  return undefined;
}

function describe(index: number, headerOffset: number, head: HeaderBytes, size: number): Hdu {
  const { header } = head;
  const dataOffset = headerOffset + head.length;
  const hdu: Hdu = {
    index,
    kind: kindOf(header, head.start),
    name: (header.text('EXTNAME') ?? '').toUpperCase(),
    header,
    headerOffset,
    dataOffset,
    dataLength: 0,
    end: dataOffset,
  };
  if (head.fault) return { ...hdu, fault: head.fault };
  try {
    hdu.dataLength = dataLengthOf(header);
  } catch (error) {
    if (error instanceof FitsError) return { ...hdu, fault: error };
    throw error;
  }
  hdu.end = dataOffset + padded(hdu.dataLength);
  if (hdu.end > size) {
    hdu.fault = new FitsError(
      'truncated',
      `HDU ${nameOf(hdu)} is cut off: it should end at byte ${hdu.end}, the file ends at ${size}`,
    );
  }
  return hdu;
}

function nameOf(hdu: Hdu): string {
  return hdu.name || (hdu.index === 0 ? 'primary' : `number ${hdu.index}`);
}

function kindOf(header: Header, start: HeaderBytes['start']): HduKind {
  if (start === 'primary') return 'image';
  const extension = header.text('XTENSION');
  if (extension === 'IMAGE') return 'image';
  if (extension === 'BINTABLE' || extension === 'A3DTABLE') return 'bintable';
  return extension === 'TABLE' ? 'table' : 'other';
}

/**
 * Bytes of data that a header describes, without padding: |BITPIX|/8 × GCOUNT × (PCOUNT + product of NAXISn).
 * @throws FitsError `bad-header`, `too-large`
 */
export function dataLengthOf(header: Header): number {
  const bytesPerValue = Math.abs(bitpixOf(header)) / 8;
  const axes = axesOf(header);
  const groups = header.boolean('GROUPS') === true && axes[0] === 0;
  const counted = groups ? axes.slice(1) : axes;
  const isExtension = header.has('XTENSION');
  const parameters = isExtension || groups ? countOf(header, 'PCOUNT', 0) : 0;
  const gcount = isExtension || groups ? countOf(header, 'GCOUNT', 1) : 1;
  const values = counted.length === 0 ? 0 : counted.reduce((product, axis) => product * axis, 1);
  const length = bytesPerValue * gcount * (parameters + values);
  if (!Number.isSafeInteger(length)) throw new FitsError('too-large', `the header describes ${length} bytes of data`);
  return length;
}

/** BITPIX, one of the six that FITS knows. @throws FitsError `bad-header` */
export function bitpixOf(header: Header, keyword = 'BITPIX'): 8 | 16 | 32 | 64 | -32 | -64 {
  const bitpix = header.requireNumber(keyword);
  if (bitpix === 8 || bitpix === 16 || bitpix === 32 || bitpix === 64 || bitpix === -32 || bitpix === -64)
    return bitpix;
  throw new FitsError('bad-header', `${keyword} = ${bitpix} is not a FITS data type`);
}

/** NAXIS1, NAXIS2 …: the fastest-varying axis first. @throws FitsError `bad-header` */
export function axesOf(header: Header, prefix = 'NAXIS'): number[] {
  const count = header.requireNumber(prefix);
  if (!Number.isInteger(count) || count < 0 || count > 999) throw new FitsError('bad-header', `${prefix} = ${count}`);
  return Array.from({ length: count }, (_, i) => {
    const axis = header.requireNumber(`${prefix}${i + 1}`);
    if (!Number.isSafeInteger(axis) || axis < 0) throw new FitsError('bad-header', `${prefix}${i + 1} = ${axis}`);
    return axis;
  });
}

function countOf(header: Header, keyword: string, absent: number): number {
  const value = header.has(keyword) ? header.requireNumber(keyword) : absent;
  if (!Number.isSafeInteger(value) || value < 0) throw new FitsError('bad-header', `${keyword} = ${value}`);
  return value;
}

/** Rounded up to whole blocks. */
export function padded(length: number): number {
  return Math.ceil(length / BLOCK_LENGTH) * BLOCK_LENGTH;
}
