import {
  BLOCK_LENGTH,
  CARD_LENGTH,
  type Card,
  type CardValue,
  formatCard,
  normalizeKeyword,
  parseCard,
} from './card.ts';
import { FitsError } from './fits-error.ts';

/** A card with the card images that it came from; they are written back untouched until the card is set anew. */
interface Entry {
  card: Card;
  images: readonly string[];
}

/** The cards of one HDU in their order, without END. What is not changed is written back byte for byte. */
export class Header {
  private entries: Entry[] = [];
  private index = new Map<string, number>();

  /**
   * Reads cards up to END.
   * @throws FitsError `bad-header` when there is no END card
   */
  static parse(bytes: Uint8Array): Header {
    const images: string[] = [];
    for (let at = 0; at + CARD_LENGTH <= bytes.length; at += CARD_LENGTH) {
      const image = latin1(bytes, at, at + CARD_LENGTH);
      if (isEndCard(image)) return Header.fromImages(images);
      images.push(image);
    }
    throw new FitsError('bad-header', 'the header has no END card');
  }

  /** Cards of 80 characters each, without END. */
  static fromImages(images: readonly string[]): Header {
    const header = new Header();
    for (let i = 0; i < images.length; i++) {
      const image = images[i] ?? '';
      const card = parseCard(image);
      const used = [image];
      while (card.kind === 'value' && typeof card.value === 'string' && card.value.endsWith('&')) {
        const next = images[i + 1];
        if (!next?.startsWith('CONTINUE')) break;
        const continued = parseCard(next);
        if (continued.kind !== 'value' || typeof continued.value !== 'string') break;
        card.value = card.value.slice(0, -1) + continued.value;
        if (continued.comment !== '') card.comment = continued.comment;
        used.push(next);
        i += 1;
      }
      if (used.length > 1 && card.kind === 'value' && typeof card.value === 'string') card.value = card.value.trimEnd();
      header.append({ card, images: used });
    }
    return header;
  }

  get cards(): readonly Card[] {
    return this.entries.map((entry) => entry.card);
  }

  has(keyword: string): boolean {
    return this.index.has(normalizeKeyword(keyword));
  }

  /** Value of the first card of that name: undefined when absent, null when it is there without a value. */
  get(keyword: string): CardValue | undefined {
    const card = this.cardOf(keyword);
    return card?.kind === 'value' ? card.value : undefined;
  }

  comment(keyword: string): string | undefined {
    const card = this.cardOf(keyword);
    return card?.kind === 'value' ? card.comment : undefined;
  }

  /** A number, or undefined when the card is absent or holds none. */
  number(keyword: string): number | undefined {
    const value = this.get(keyword);
    return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : undefined;
  }

  /** Text without trailing blanks, or undefined when the card is absent or holds none. */
  text(keyword: string): string | undefined {
    const value = this.get(keyword);
    return typeof value === 'string' ? value : undefined;
  }

  boolean(keyword: string): boolean | undefined {
    const value = this.get(keyword);
    return typeof value === 'boolean' ? value : undefined;
  }

  /** @throws FitsError `bad-header` when the card is absent or holds no number */
  requireNumber(keyword: string): number {
    const value = this.number(keyword);
    if (value === undefined) throw new FitsError('bad-header', `${keyword} is missing or no number${this.where()}`);
    return value;
  }

  /** @throws FitsError `bad-header` when the card is absent or holds no text */
  requireText(keyword: string): string {
    const value = this.text(keyword);
    if (value === undefined) throw new FitsError('bad-header', `${keyword} is missing or no text${this.where()}`);
    return value;
  }

  /** Replaces the card in its place, or appends it. The comment is kept when none is given. */
  set(keyword: string, value: CardValue, comment?: string): this {
    return this.write(keyword, value, comment, false);
  }

  /** As `set`, but a whole number is written with its decimal point (1000.0), as floating-point keywords are. */
  setReal(keyword: string, value: number, comment?: string): this {
    return this.write(keyword, value, comment, true);
  }

  /** Appends a COMMENT, HISTORY or blank card; long text takes several. */
  addCommentary(keyword: 'COMMENT' | 'HISTORY' | '', text: string): this {
    for (const image of formatCard({ kind: 'commentary', keyword, text })) {
      this.append({ card: parseCard(image), images: [image] });
    }
    return this;
  }

  /** Removes all cards of that name. */
  remove(keyword: string): this {
    const name = normalizeKeyword(keyword);
    if (!this.index.has(name)) return this;
    this.replaceAll(this.entries.filter((entry) => entry.card.keyword !== name));
    return this;
  }

  /** Appends copies of the cards of another header that `take` accepts, in their order. */
  appendFrom(other: Header, take: (card: Card) => boolean = () => true): this {
    for (const entry of other.entries) {
      if (take(entry.card)) this.append({ card: { ...entry.card }, images: entry.images });
    }
    return this;
  }

  clone(): Header {
    return new Header().appendFrom(this);
  }

  /** Cards, END and blanks up to a whole number of 2880-byte blocks. */
  toBytes(): Uint8Array {
    const images = this.entries.flatMap((entry) => entry.images);
    const length = Math.ceil(((images.length + 1) * CARD_LENGTH) / BLOCK_LENGTH) * BLOCK_LENGTH;
    const bytes = new Uint8Array(length).fill(0x20);
    images.concat('END').forEach((image, line) => {
      for (let i = 0; i < image.length; i++) bytes[line * CARD_LENGTH + i] = image.charCodeAt(i);
    });
    return bytes;
  }

  private cardOf(keyword: string): Card | undefined {
    const at = this.index.get(normalizeKeyword(keyword));
    return at === undefined ? undefined : this.entries[at]?.card;
  }

  private write(keyword: string, value: CardValue, comment: string | undefined, asReal: boolean): this {
    const name = normalizeKeyword(keyword);
    const card: Card = { kind: 'value', keyword: name, value, comment: comment ?? this.comment(name) ?? '' };
    const entry = { card, images: formatCard(card, asReal) };
    const at = this.index.get(name);
    if (at === undefined) this.append(entry);
    else this.entries[at] = entry;
    return this;
  }

  private append(entry: Entry): void {
    const { keyword } = entry.card;
    if (!this.index.has(keyword)) this.index.set(keyword, this.entries.length);
    this.entries.push(entry);
  }

  private replaceAll(entries: readonly Entry[]): void {
    this.entries = [];
    this.index.clear();
    for (const entry of entries) this.append(entry);
  }

  private where(): string {
    const name = this.text('EXTNAME');
    return name === undefined ? '' : ` in HDU ${name}`;
  }
}

export function isEndCard(image: string): boolean {
  return image.startsWith('END') && image.slice(3, 8).trim() === '';
}

/** One character a byte, so that any byte survives a round trip. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, end)));
  }
  return text;
}
