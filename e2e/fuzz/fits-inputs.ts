import { readFileSync } from 'node:fs';
import { compressedImageHdu } from '#shared/fits/compressed-write.ts';
import type { Header } from '#shared/fits/header.ts';
import { scanHdusInMemory } from '#shared/fits/hdu.ts';
import { tableHdu } from '#shared/fits/table-write.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { joined, mutateBytes, NUMBERS } from './mutate.ts';
import { randomOf, type Random } from './random.ts';

const CARD = 80;
const BLOCK = 2880;
const RAW = new URL('../data/desispec-reference/raw/20191115/', import.meta.url);
const MOST = 60 * BLOCK;

/** Words whose cards decide how a file is read. */
const KEYWORDS = [
  ...['SIMPLE', 'XTENSION', 'BITPIX', 'NAXIS', 'NAXIS1', 'NAXIS2', 'NAXIS3', 'PCOUNT', 'GCOUNT', 'TFIELDS', 'THEAP'],
  ...['TFORM1', 'TFORM2', 'TTYPE1', 'TDIM1', 'TZERO1', 'TSCAL1', 'TNULL1', 'BSCALE', 'BZERO', 'BLANK', 'GROUPS', 'END'],
  ...['ZIMAGE', 'ZBITPIX', 'ZNAXIS', 'ZNAXIS1', 'ZNAXIS2', 'ZTILE1', 'ZTILE2', 'ZCMPTYPE', 'ZNAME1', 'ZVAL1', 'ZNAME2'],
  ...['ZVAL2', 'ZQUANTIZ', 'ZBLANK', 'ZSCALE', 'ZZERO', 'EXTNAME', 'INHERIT', 'CONTINUE', 'COMMENT', 'HIERARCH A B'],
];
const VALUES = [
  ...["'BINTABLE'", "'IMAGE   '", "'TABLE   '", "'RICE_1  '", "'GZIP_1  '", "'GZIP_2  '", "'HCOMPRESS_1'", "'PLIO_1'"],
  ...["'1PB(9)'", "'1QJ(99999)'", "'999999999J'", "'0E'", "'3A'", "'1K'", "'X'", "'-1J'", "'1P'", "'J3'", "''", "'&'"],
  ...[
    "'(3,4)'",
    "'it''s'",
    "'open",
    'T',
    'F',
    '(1,2)',
    '',
    "'BYTEPIX'",
    "'BLOCKSIZE'",
    "'NO_DITHER'",
    "'SUBTRACTIVE_DITHER_2'",
  ],
];

const card = (keyword: string, value: string): string =>
  `${keyword.slice(0, 8).padEnd(8)}= ${value}`.slice(0, CARD).padEnd(CARD);

/** The first HDUs of a raw exposure with some of their bytes, and the headers of all. */
function realFile(path: string): { pieces: Uint8Array[]; headers: Header[] } {
  const bytes = new Uint8Array(readFileSync(new URL(path, RAW)));
  const { hdus } = scanHdusInMemory(bytes);
  const few = hdus.slice(0, 3);
  return {
    headers: few.map(({ header }) => header),
    pieces: few.map(({ headerOffset, dataOffset, end }) =>
      bytes.slice(headerOffset, Math.min(end, dataOffset + 2 * BLOCK)),
    ),
  };
}

/** Pixels as a camera gives them: neighbours are alike. */
function noise<T extends Uint16Array | Int32Array | Int16Array | Uint8Array | Float32Array>(
  random: Random,
  pixels: T,
): T {
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = 100 + random.int(40);
  return pixels;
}

/** Whole small files of every kind that QLF reads, with the cards of real ones. */
export function fitsSeeds(): Uint8Array[] {
  const random = randomOf('fits seeds');
  const raw = realFile('00000103/desi-00000103.fits.fz');
  const fibermap = realFile('00000101/fibermap-00000101.fits');
  const [primary, camera] = raw.headers;
  const axes = [48, 20];
  const size = 48 * 20;
  const tiles = tableHdu('TILES', [
    { name: 'TILEID', form: 'J', values: Int32Array.from({ length: 40 }, (_, i) => i) },
    { name: 'RA', form: 'D', values: Float64Array.from({ length: 40 }, (_, i) => i * 9) },
    { name: 'DEC', form: 'D', values: Float64Array.from({ length: 40 }, (_, i) => i - 20) },
    { name: 'PROGRAM', form: '6A', values: Array.from({ length: 40 }, () => 'DARK') },
    { name: 'LIST', form: '1PJ', values: Array.from({ length: 40 }, (_, i) => Int32Array.of(i, i + 1)) },
    { name: 'IN_DESI', form: 'L', values: Array.from({ length: 40 }, () => true) },
    { name: 'TARGETID', form: 'K', values: BigInt64Array.from({ length: 40 }, (_, i) => BigInt(i)) },
  ]);
  return [
    joined(...raw.pieces),
    joined(...fibermap.pieces),
    encodeFits([
      primaryHdu(primary),
      compressedImageHdu('B0', { axes, pixels: noise(random, new Uint16Array(size)) }, camera),
    ]),
    encodeFits([primaryHdu(), compressedImageHdu('R1', { axes, pixels: noise(random, new Int32Array(size)) })]),
    encodeFits([primaryHdu(), imageHdu('FLUX', { axes, pixels: noise(random, new Float32Array(size)) }, camera)]),
    encodeFits([primaryHdu(undefined, { axes, pixels: noise(random, new Int16Array(size)) }), tiles]),
    encodeFits([primaryHdu(), tiles]),
  ];
}

/** Where the cards of a file are: places that begin a header, up to its END. */
function cardPlaces(bytes: Uint8Array): number[] {
  const places: number[] = [];
  let inside = false;
  for (let at = 0; at + CARD <= bytes.length; at += CARD) {
    const word = String.fromCharCode(...bytes.subarray(at, at + 8));
    if (at % BLOCK === 0 && (word === 'SIMPLE  ' || word === 'XTENSION')) inside = true;
    if (inside) places.push(at);
    if (word === 'END     ') inside = false;
  }
  return places;
}

const put = (bytes: Uint8Array, at: number, text: string): void => {
  for (let i = 0; i < CARD; i += 1) bytes[at + i] = text.charCodeAt(i) & 0xff;
};

/** Changes cards as a broken writer would; the bytes given are changed. */
function mutateCards(random: Random, bytes: Uint8Array): void {
  const places = cardPlaces(bytes);
  if (places.length === 0) return;
  const decisive = places.filter((at) =>
    KEYWORDS.includes(String.fromCharCode(...bytes.subarray(at, at + 8)).trimEnd()),
  );
  const times = 1 + random.int(3);
  for (let i = 0; i < times; i += 1) {
    const at = random.pick(decisive.length > 0 && random.chance(0.75) ? decisive : places);
    const keyword = String.fromCharCode(...bytes.subarray(at, at + 8));
    const value = random.chance(0.7) ? random.pick(NUMBERS).padStart(20) : random.pick(VALUES);
    switch (random.int(5)) {
      case 0:
        put(bytes, at, card(random.pick(KEYWORDS), value));
        break;
      case 1:
        put(bytes, at, ''.padEnd(CARD));
        break;
      case 2:
        bytes.copyWithin(at, random.pick(places), random.pick(places) + CARD);
        break;
      default:
        put(bytes, at, card(keyword, value));
    }
  }
}

/** A FITS file that is wrong somewhere: in its cards, its bytes or both. */
export function badFits(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const seed = random.pick(seeds);
  let bytes = seed.slice();
  if (random.chance(0.75)) mutateCards(random, bytes);
  if (random.chance(0.2))
    bytes = joined(bytes.subarray(0, BLOCK * random.int(1 + bytes.length / BLOCK)), random.pick(seeds));
  return random.chance(0.4) ? mutateBytes(random, bytes, MOST) : bytes;
}
