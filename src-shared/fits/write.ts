import { Header } from './header.ts';
import { padded } from './hdu.ts';
import { bitpixFor, encodeStored, type Image, unsignedZero } from './image.ts';

/** A complete HDU: its header with all structural cards, and its data without padding. */
export interface HduBlock {
  header: Header;
  data: Uint8Array;
}

/** Structural keywords, which the builders write themselves; the caller's are passed over. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BSCALE|BZERO|TFIELDS|EXTNAME|CHECKSUM|DATASUM)$/;

/** The primary HDU, without an image or with one; `cards` follow the structural ones. */
export function primaryHdu(cards: Header = new Header(), image?: Image): HduBlock {
  const header = new Header().set('SIMPLE', true, 'conforms to FITS standard');
  addShapeCards(header, image);
  header.set('EXTEND', true, 'extensions may follow');
  addScalingCards(header, image);
  const name = cards.get('EXTNAME');
  if (name !== undefined) header.set('EXTNAME', name, cards.comment('EXTNAME'));
  return { header: addCards(header, cards), data: image ? encodeStored(image.pixels) : new Uint8Array(0) };
}

/** An image extension. Unsigned (and signed 8-bit) pixels are stored by the BZERO convention. */
export function imageHdu(name: string, image: Image, cards: Header = new Header()): HduBlock {
  const header = new Header().set('XTENSION', 'IMAGE', 'image extension');
  addShapeCards(header, image);
  header.set('PCOUNT', 0, 'number of parameters').set('GCOUNT', 1, 'number of groups');
  addScalingCards(header, image);
  header.set('EXTNAME', name, 'extension name');
  return { header: addCards(header, cards), data: encodeStored(image.pixels) };
}

function addShapeCards(header: Header, image: Image | undefined): void {
  header.set('BITPIX', image ? bitpixFor(image.pixels) : 8, 'array data type');
  header.set('NAXIS', image ? image.axes.length : 0, 'number of array dimensions');
  image?.axes.forEach((axis, i) => header.set(`NAXIS${i + 1}`, axis));
}

function addScalingCards(header: Header, image: Image | undefined): void {
  const zero = image ? unsignedZero(image.pixels) : 0;
  if (zero !== 0) header.set('BSCALE', 1).set('BZERO', zero === 2 ** 63 ? 2n ** 63n : zero);
  if (image?.blank !== undefined) header.set('BLANK', image.blank - zero, 'value of undefined pixels');
}

/** Appends the caller's cards to a header under construction, without those that describe structure. */
export function addCards(header: Header, cards: Header, structure: RegExp = STRUCTURE): Header {
  return header.appendFrom(
    cards,
    (card) => card.kind !== 'value' || !(structure.test(card.keyword) || header.has(card.keyword)),
  );
}

/** Header and data, each padded to whole 2880-byte blocks: ready to be appended to a file. */
export function encodeHdu(block: HduBlock): Uint8Array {
  const header = block.header.toBytes();
  const bytes = new Uint8Array(header.length + padded(block.data.length));
  bytes.set(header);
  bytes.set(block.data, header.length);
  return bytes;
}

/** A whole file; the first HDU must be a primary HDU. */
export function encodeFits(hdus: readonly HduBlock[]): Uint8Array {
  const parts = hdus.map(encodeHdu);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
