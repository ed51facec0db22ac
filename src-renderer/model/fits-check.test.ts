import { describe, expect, it } from 'vitest';
import type { FitsCard, FitsHdu } from '#shared/domain/image.ts';
import { disagreements, type OtherHdu } from './fits-check.ts';

const hdu = (over: Partial<FitsHdu>): FitsHdu => ({
  index: 0,
  kind: 'image',
  name: '',
  compressed: false,
  axes: [],
  bitpix: 8,
  cards: 1,
  offset: 0,
  dataBytes: 0,
  fault: '',
  ...over,
});
const card = (keyword: string, value: string, type: FitsCard['type'] = 'number'): FitsCard => ({
  keyword,
  value,
  type,
  comment: '',
});

describe('what fitsjs reads otherwise', () => {
  it('is nothing where both read the same', () => {
    const cards = [card('SIMPLE', 'T', 'logical'), card('BITPIX', '8'), card('OBJECT', 'sky', 'text')];
    const theirs: OtherHdu[] = [
      {
        type: null,
        cards: [
          ['SIMPLE', true],
          ['BITPIX', 8],
          ['OBJECT', 'sky'],
        ],
      },
    ];
    expect(disagreements([hdu({})], [cards], theirs)).toEqual([]);
  });

  it('is told with both readings: exponents, text with a slash', () => {
    const cards = [card('EXPTIME', '900'), card('OBSERVER', 'one / two', 'text'), card('GAIN', '1.5')];
    const theirs: OtherHdu[] = [
      {
        type: null,
        cards: [
          ['EXPTIME', 9],
          ['OBSERVER', 'one'],
          ['GAIN', 1.5],
        ],
      },
    ];
    expect(disagreements([hdu({})], [cards], theirs)).toEqual([
      { hdu: 0, what: 'EXPTIME', ours: '900', theirs: '9' },
      { hdu: 0, what: 'OBSERVER', ours: 'one / two', theirs: 'one' },
    ]);
  });

  it('is the number of HDUs and their kind', () => {
    const ours = [hdu({}), hdu({ index: 1, kind: 'bintable', compressed: true, dataBytes: 100 })];
    expect(disagreements(ours, [[], []], [{ type: null, cards: [] }])).toEqual([
      { hdu: null, what: 'number of HDUs', ours: '2', theirs: '1' },
    ]);
    const asTable = [
      { type: null, cards: [] },
      { type: 'BinaryTable', cards: [] },
    ];
    expect(disagreements(ours, [[], []], asTable)).toEqual([
      { hdu: 1, what: 'kind', ours: 'compressed image', theirs: 'binary table' },
    ]);
  });

  it('says nothing of keywords that stand twice: nobody knows which is meant', () => {
    const cards = [card('A', '1'), card('A', '2'), card('', 'text', 'commentary')];
    expect(disagreements([hdu({})], [cards], [{ type: null, cards: [['A', 3]] }])).toEqual([]);
  });
});
