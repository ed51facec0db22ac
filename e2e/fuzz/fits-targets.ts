import { gunzipSync } from 'node:zlib';
import { readImage } from '#shared/fits/compressed-image.ts';
import { FitsError } from '#shared/fits/fits-error.ts';
import { Header } from '#shared/fits/header.ts';
import { hduData, scanHdus, scanHdusInMemory, type Hdu } from '#shared/fits/hdu.ts';
import { createRiceDecoder } from '#shared/fits/rice-decoder.ts';
import { riceDecode, riceEncode, riceBound, type BytesPerPixel, type RicePixels } from '#shared/fits/rice.ts';
import { BinaryTable } from '#shared/fits/table.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { readTiles } from '../../src-renderer/model/tile-list.ts';
import { badFits, fitsSeeds } from './fits-inputs.ts';
import { mutateBytes, mutateText, NUMBERS } from './mutate.ts';
import type { Random } from './random.ts';
import { codeOf, utf8, type FuzzTarget } from './target.ts';

function askHeader(header: Header): void {
  for (const { keyword } of header.cards.filter((card) => card.kind === 'value')) {
    header.get(keyword);
    header.number(keyword);
    header.text(keyword);
    header.boolean(keyword);
  }
  codeOf(() => header.requireNumber('BITPIX'), FitsError);
  // What was read can be written, and reads the same again.
  const again = Header.parse(header.clone().toBytes());
  if (again.cards.length !== header.cards.length) throw new Error('a header that was written reads otherwise');
}

export function headerTarget(): FuzzTarget {
  const seeds = fitsSeeds();
  return {
    name: 'header',
    input: (random) => badFits(random, seeds).subarray(0, 40 * 2880),
    run: (input) => codeOf(() => askHeader(Header.parse(input)), FitsError),
  };
}

function readTable(hdu: Hdu, data: Uint8Array): void {
  const table = new BinaryTable(hdu.header, data);
  for (const { name } of table.columns.slice(0, 50)) {
    for (const read of ['values', 'numbers', 'bigints', 'strings', 'arrays'] as const)
      codeOf(() => void table[read](name), FitsError);
  }
}

function readHdu(bytes: Uint8Array, hdu: Hdu): string {
  return codeOf(() => {
    const data = hduData(bytes, hdu);
    const unpack = (packed: Uint8Array, maxOutputLength: number): Uint8Array => gunzipSync(packed, { maxOutputLength });
    if (hdu.kind === 'bintable') {
      codeOf(() => readTable(hdu, data), FitsError);
      if (hdu.header.boolean('ZIMAGE') === true) readImage(hdu.header, data, unpack);
    } else if (hdu.kind === 'image') readImage(hdu.header, data, unpack);
  }, FitsError);
}

/** The walk over a file, in memory and in pieces, then every table and image that it finds. */
export function hduTarget(): FuzzTarget {
  const seeds = fitsSeeds();
  return {
    name: 'hdus',
    input: (random) => badFits(random, seeds),
    run: async (input) => {
      let hdus: readonly Hdu[];
      try {
        ({ hdus } = scanHdusInMemory(input));
      } catch (error) {
        if (error instanceof FitsError) return error.code;
        throw error;
      }
      const source = {
        size: input.length,
        read: (at: number, length: number) => Promise.resolve(input.slice(at, at + length)),
      };
      const { hdus: same } = await scanHdus(source);
      if (same.length !== hdus.length) throw new Error('a file read in pieces has other HDUs');
      const codes = hdus.slice(0, 20).map((hdu) => readHdu(input, hdu));
      return codes.find((code) => code !== 'read') ?? 'read';
    },
  };
}

const ARRAYS: Record<BytesPerPixel, (count: number) => RicePixels> = {
  1: (count) => new Uint8Array(count),
  2: (count) => new Int16Array(count),
  4: (count) => new Int32Array(count),
};

/** RICE streams: the decoder in WebAssembly gives what the one in JavaScript gives, or both refuse. */
export function riceTarget(): FuzzTarget {
  const decode = createRiceDecoder();
  const widths: readonly BytesPerPixel[] = [1, 2, 4];
  return {
    name: 'rice',
    // Width, block size and count of pixels, then the stream.
    input: (random) => {
      const width = random.pick(widths);
      const block = random.pick([16, 32, 32, 1, 7, 255]);
      const count = random.int(600);
      const pixels = ARRAYS[width](count);
      const wild = random.chance(0.2);
      for (let i = 0; i < count; i += 1) pixels[i] = wild ? random.int(0x1_0000_0000) : 100 + random.int(30);
      const packed = new Uint8Array(riceBound(count, width, 32));
      const used = riceEncode(pixels, 0, count, packed, 0, width, 32, 0);
      const stream = random.chance(0.1)
        ? Uint8Array.from({ length: random.int(300) }, () => random.int(256))
        : packed.subarray(0, used);
      const said = random.chance(0.3) ? random.int(5000) : count;
      const body = random.chance(0.95) ? mutateBytes(random, stream, 20_000) : stream;
      return Uint8Array.of(width, block, said >> 8, said & 0xff, ...body);
    },
    run: ([width = 0, block = 0, high = 0, low = 0, ...body]) => {
      const count = high * 256 + low;
      const stream = Uint8Array.from(body);
      const bytes = width as BytesPerPixel;
      const outcomes = [riceDecode, decode].map((decoder) => {
        const pixels = ARRAYS[bytes](count + 2);
        const code = codeOf(() => decoder(stream, pixels, 1, count, bytes, block, 0), FitsError);
        if (pixels[0] !== 0 || pixels[count + 1] !== 0) throw new Error('pixels beside the tile were written');
        return { code, pixels };
      });
      const [plain, compiled] = outcomes;
      if (plain?.code !== compiled?.code)
        throw new Error(`JavaScript says ${plain?.code}, WebAssembly ${compiled?.code}`);
      if (plain?.code === 'read' && plain.pixels.some((pixel, i) => pixel !== compiled?.pixels[i]))
        throw new Error('JavaScript and WebAssembly give different pixels');
      return plain?.code ?? 'read';
    },
  };
}

const TILES = [
  'TILEID,RA,DEC,PROGRAM,IN_DESI\n1,10.5,-5,DARK,1\n2,359.9,89.9,"BRIGHT",0\n',
  '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: TILEID, datatype: int64}\nTILEID RA DEC PROGRAM\n7 12.5 -3 dark\n8 13.5 4 ""\n',
  'tileid;ra;dec\r\n5;1;2\r\n6;3;4\r\n',
  'TILEID\tRA\tDEC\tPASS\n1\t2\t3\t4\n',
];

/** The list of planned tiles that an observer chooses. */
export function tilesTarget(): FuzzTarget {
  const seeds = fitsSeeds();
  const words = [...NUMBERS, 'TILEID', 'RA', 'DEC', '"', ',', ';', '\n', '#', 'SIMPLE  ='];
  return {
    name: 'tiles',
    input: (random: Random) =>
      random.chance(0.4)
        ? badFits(random, seeds.slice(-1))
        : utf8(mutateText(random, random.pick(TILES), words, random.pick(TILES), 20_000)),
    run: (input) => codeOf(() => void readTiles(input), FitsError, QlfError),
  };
}
