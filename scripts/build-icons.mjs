/**
 * npm run build:icons: draws resources/package/icon.svg in every size that desktops ask for, and writes the collections that
 * Windows (.ico) and macOS (.icns) want. The results are committed; a test draws them again and compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { inRoot } from './bootstrap.mjs';

const folder = inRoot('resources/package');

/** px, of the files icons/NxN.png: those of the icon theme's folders. */
const SIZES = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** What macOS calls a picture of so many px; some sizes are there twice, the second for screens of double density. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

/** A Windows icon of PNG pictures: a directory of 16 bytes each, then the pictures. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = head.length;
  for (const [i, size] of ICO_SIZES.entries()) {
    const at = 6 + 16 * i;
    // 256 is written as 0.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(pictures.get(size).length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += pictures.get(size).length;
  }
  return Buffer.concat([head, ...ICO_SIZES.map((size) => pictures.get(size))]);
}

/** A macOS icon: blocks of type, length with both, and a PNG picture. */
function icns(pictures) {
  const block = (type, body) => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return block('icns', Buffer.concat(ICNS_TYPES.map(([type, size]) => block(type, pictures.get(size)))));
}

/** Every icon file's bytes by its path in resources/package. */
export async function drawIcons() {
  const engine = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(readFileSync(engine));
  const svg = readFileSync(join(folder, 'icon.svg'), 'utf8');
  const draw = (size) => Buffer.from(new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng());
  const pictures = new Map(SIZES.map((size) => [size, draw(size)]));
  return new Map([
    ...SIZES.map((size) => [`icons/${size}x${size}.png`, pictures.get(size)]),
    ['icon.ico', ico(pictures)],
    ['icon.icns', icns(pictures)],
  ]);
}

/** The icon file as it is committed. */
export const committedIcon = (name) => readFileSync(join(folder, name));

if (process.argv[1] === inRoot('scripts/build-icons.mjs')) {
  for (const [name, bytes] of await drawIcons()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
}
