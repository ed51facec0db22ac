import type { FitsCard, FitsHdu } from '#shared/domain/image.ts';

/** An HDU as fitsjs reads it. */
export interface OtherHdu {
  type: string | null;
  cards: readonly (readonly [keyword: string, value: string | number | boolean | null])[];
}

/** Something that fitsjs reads otherwise than QLF. */
export interface Disagreement {
  /** Place of the HDU; null where it is about the file. */
  hdu: number | null;
  /** Keyword, or what it is about. */
  what: string;
  ours: string;
  theirs: string;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  Image: 'image',
  CompressedImage: 'compressed image',
  BinaryTable: 'binary table',
  Table: 'text table',
};

/** What kind of HDU it is, in words. */
export function hduKind({ kind, compressed, dataBytes }: FitsHdu): string {
  if (compressed) return 'compressed image';
  if (kind === 'image') return dataBytes === 0 ? 'header only' : 'image';
  return { bintable: 'binary table', table: 'text table', other: 'of an unknown kind' }[kind];
}

function sameValue(ours: FitsCard, theirs: string | number | boolean | null): boolean {
  if (ours.type === 'number') return theirs !== null && Number(theirs) === Number(ours.value);
  if (ours.type === 'logical') return theirs === (ours.value === 'T') || theirs === ours.value;
  if (ours.type === 'text') return String(theirs).trim() === ours.value.trim();
  // Undefined values and complex numbers have no form in fitsjs.
  return true;
}

/** The cards of one HDU that fitsjs reads otherwise; of a keyword that stands twice nobody can say which is meant. */
function cardDisagreements(hdu: number, ours: readonly FitsCard[], theirs: OtherHdu['cards']): Disagreement[] {
  const other = new Map(theirs);
  const counts = new Map<string, number>();
  for (const { keyword } of ours) counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
  return ours.flatMap((card) => {
    if (card.type === 'commentary' || counts.get(card.keyword) !== 1 || !other.has(card.keyword)) return [];
    const value = other.get(card.keyword) ?? null;
    if (sameValue(card, value)) return [];
    return [{ hdu, what: card.keyword, ours: card.value, theirs: String(value) }];
  });
}

/**
 * Everything that fitsjs and our own reader disagree about. Ours is what is shown.
 * @param cards of each HDU, in its order, as far as they were compared
 */
export function disagreements(
  ours: readonly FitsHdu[],
  cards: readonly (readonly FitsCard[])[],
  theirs: readonly OtherHdu[],
): Disagreement[] {
  const found: Disagreement[] = [];
  if (ours.length !== theirs.length)
    found.push({ hdu: null, what: 'number of HDUs', ours: String(ours.length), theirs: String(theirs.length) });
  ours.forEach((hdu, i) => {
    const other = theirs[i];
    if (!other) return;
    const kind = hduKind(hdu);
    const otherKind = other.type === null ? 'header only' : (TYPE_WORDS[other.type] ?? other.type);
    if (kind !== otherKind) found.push({ hdu: i, what: 'kind', ours: kind, theirs: otherKind });
    found.push(...cardDisagreements(i, cards[i] ?? [], other.cards));
  });
  return found;
}
