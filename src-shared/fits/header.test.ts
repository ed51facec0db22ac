import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { astropy, fitsverify } from '../../e2e/fits-tools.ts';
import { parseCard } from './card.ts';
import { FitsError } from './fits-error.ts';
import { Header } from './header.ts';
import { findGlobalHdu, inheritHeader } from './inherit.ts';
import { encodeFits, primaryHdu } from './write.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'qlf-fits-header-'));
afterAll(() => rmSync(folder, { recursive: true }));

function valueOf(image: string): unknown {
  const card = parseCard(image.padEnd(80));
  return card.kind === 'value' ? card.value : card;
}

describe('reading cards', () => {
  it.each([
    ['EXPTIME = 9.0D+02', 900],
    ['EXPTIME =               9.0D+02 / [s]', 900],
    ['X       = 1.5E-3', 0.0015],
    ['X       = 1.d2', 100],
    ['X       = .5', 0.5],
    ['X       = -7.', -7],
    ['X       = +12', 12],
    ['X       =                   -0', -0],
    ['X       = 0001', 1],
    ['X       = 9007199254740993', 9007199254740993n],
    ['X       = -9223372036854775808', -9223372036854775808n],
    ['X       =                    T / yes', true],
    ['X       = F', false],
    ['X       =                      / nothing', null],
    ['X       =', null],
    ['X       = (1.0, -2.5D1) / complex', { re: 1, im: -25 }],
    ["X       = 'a / b'            / c", 'a / b'],
    ["X       = 'it''s'", "it's"],
    ["X       = ''''", "'"],
    ["X       = ''", ''],
    ["X       = '        '", ''],
    ["X       = ' lead  '", ' lead'],
    ["X       = 'open", 'open'],
    ["X       = 'T'", 'T'],
    ['X       = NaN', 'NaN'],
    ['HIERARCH ESO DET CHIP1 = 5 / chip', 5],
    ['HIERARCH ESO NAME=two', 'two'],
  ])('%s', (image, value) => {
    expect(valueOf(image)).toEqual(value);
  });

  it('keeps the comment and does not take one out of a text', () => {
    expect(parseCard("CAMERA  = 'b0 / b1 '           / which '/' camera")).toEqual({
      kind: 'value',
      keyword: 'CAMERA',
      value: 'b0 / b1',
      comment: "which '/' camera",
    });
  });

  it.each([
    ['COMMENT = 5 is no value', 'COMMENT', ' = 5 is no value'.slice(1)],
    ['HISTORY  made by hand', 'HISTORY', '  made by hand'.slice(1)],
    ['         just text', '', ' just text'],
    ['NOVALUE   5', 'NOVALUE', '  5'],
  ])('commentary: %s', (image, keyword, text) => {
    expect(parseCard(image)).toEqual({ kind: 'commentary', keyword, text });
  });
});

describe('a header', () => {
  it('continues long strings, and tells CONTINUE from an ampersand that ends a text', () => {
    const header = Header.fromImages([
      "LONG    = 'one &'".padEnd(80),
      "CONTINUE  'two &'".padEnd(80),
      "CONTINUE  'three' / at last".padEnd(80),
      "AMP     = 'this &'".padEnd(80),
      'EXPID   = 7'.padEnd(80),
    ]);
    expect(header.get('LONG')).toBe('one two three');
    expect(header.comment('LONG')).toBe('at last');
    expect(header.get('AMP')).toBe('this &');
    expect(header.number('EXPID')).toBe(7);
  });

  it('answers with the first of several cards, absent as undefined and valueless as null', () => {
    const header = Header.fromImages(['A       = 1', 'A       = 2', 'B       =']);
    expect(header.get('a')).toBe(1);
    expect(header.get('B')).toBeNull();
    expect(header.get('C')).toBeUndefined();
    expect(header.has('C')).toBe(false);
    expect(() => header.requireNumber('B')).toThrow(FitsError);
    expect(() => header.requireText('A')).toThrow(/A is missing or no text/);
  });

  it('changes only what is set, and writes back the rest byte for byte', () => {
    const images = ['SIMPLE  =   T /odd spacing', 'X=5', 'EXPTIME = 9.0D+02', 'COMMENT é'];
    const header = Header.fromImages(images.map((image) => image.padEnd(80)));
    header.set('EXPTIME', 450.5).set('NEW', 'x').remove('X=5');
    const text = Buffer.from(header.toBytes()).toString('latin1');
    expect(
      text
        .match(/.{80}/g)
        ?.map((line) => line.trimEnd())
        .slice(0, 5),
    ).toEqual([
      'SIMPLE  =   T /odd spacing',
      'EXPTIME =                450.5',
      'COMMENT é',
      "NEW     = 'x       '",
      'END',
    ]);
    expect(header.toBytes().length).toBe(2880);
  });

  it('refuses what FITS cannot hold', () => {
    const header = new Header();
    expect(() => header.set('X', NaN)).toThrow(FitsError);
    expect(() => header.set('X', 'naïve')).toThrow(FitsError);
    expect(() => header.set('A=B', 1)).toThrow(FitsError);
    expect(() => Header.parse(new Uint8Array(2880).fill(0x20))).toThrow(/END/);
  });

  it('inherits global keywords without overwriting, and no structure', () => {
    const global = new Header().set('NAXIS', 0).set('EXPTIME', 900).set('CAMERA', 'none').set('CHECKSUM', 'x');
    global.addCommentary('COMMENT', 'global');
    const camera = new Header().set('XTENSION', 'IMAGE').set('NAXIS', 2).set('CAMERA', 'b0');
    const merged = inheritHeader(camera, global);
    expect(merged.cards.map((card) => card.keyword)).toEqual(['XTENSION', 'NAXIS', 'CAMERA', 'EXPTIME']);
    expect(merged.get('CAMERA')).toBe('b0');
    expect(camera.has('EXPTIME')).toBe(false);
    expect(findGlobalHdu([{ header: camera }, { header: global }])?.header).toBe(global);
  });
});

describe('with astropy', () => {
  const long = "It's a 'long' text / with slashes & ampersands, ".repeat(6);

  it('reads what astropy writes, and writes the same bytes back', () => {
    const file = path.join(folder, 'astropy.fits');
    astropy(
      `
h = fits.Header()
h['INT'] = (5, 'an integer'); h['BIG'] = 2**62; h['NEG'] = -3; h['REAL'] = 900.0; h['TINY'] = 1.5e-300
h['YES'] = True; h['NO'] = False; h['TEXT'] = ("it's / here", 'a text'); h['UNDEF'] = None
h['LONG'] = (args[1], 'long comment'); h['HIERARCH ESO DET X'] = (3.5, 'hierarch'); h['CPLX'] = 1+2j
h['COMMENT'] = 'c' * 100; h['HISTORY'] = 'once'; h[''] = 'blank'
fits.PrimaryHDU(header=h).writeto(args[0])`,
      file,
      long,
    );
    const bytes = new Uint8Array(readFileSync(file));
    const header = Header.parse(bytes);
    const keywords = ['INT', 'BIG', 'NEG', 'REAL', 'TINY', 'YES', 'NO', 'TEXT', 'UNDEF', 'LONG', 'ESO DET X', 'CPLX'];
    expect(keywords.map((keyword) => header.get(keyword))).toEqual([
      ...[5, 2n ** 62n, -3, 900, 1.5e-300, true, false, "it's / here", null, long.trimEnd(), 3.5, { re: 1, im: 2 }],
    ]);
    expect(header.comment('LONG')).toBe('long comment');
    expect(Buffer.compare(header.toBytes(), bytes)).toBe(0);
  });

  it('writes what astropy reads, and fitsverify accepts it', () => {
    const file = path.join(folder, 'ours.fits');
    // astropy before 5.3 misreads doubled quotes in continued text.
    const plain = long.replaceAll("'", '');
    const header = new Header()
      .set('INT', 5, 'an integer')
      .set('BIG', 2n ** 62n)
      .setReal('REAL', 900, 'seconds')
      .set('TINY', -1.2345678901234567e-100)
      .set('HUGE', 1e300)
      .set('YES', true)
      .set('TEXT', "it's / here", 'a text')
      .set('UNDEF', null)
      .set('EMPTY', '')
      .set('QUOTES', "'".repeat(30))
      .set('LONG', plain, 'long comment')
      .set('ESO DET X', 3.5)
      .set('LONGSTRN', 'OGIP 1.0')
      .addCommentary('HISTORY', 'h'.repeat(100));
    writeFileSync(file, encodeFits([primaryHdu(header)]));
    expect(fitsverify(file)).toEqual(['*** Warning: Keyword #12, UNDEF has a null value.']);
    const read = astropy(
      `
h = fits.getheader(args[0])
keys = ['INT', 'BIG', 'REAL', 'TINY', 'HUGE', 'YES', 'TEXT', 'EMPTY', 'QUOTES', 'LONG', 'ESO DET X']
print(json.dumps([[str(h[k]) for k in keys], h.comments['TEXT'], isinstance(h['REAL'], float), len(h['HISTORY']), str(h['UNDEF'])]))`,
      file,
    );
    expect(read).toEqual([
      ['5', String(2n ** 62n), '900.0', '-1.2345678901234567e-100', '1e+300', 'True', "it's / here"].concat(
        '',
        "'".repeat(30),
        plain.trimEnd(),
        '3.5',
      ),
      'a text',
      true,
      2,
      'None',
    ]);
  });
});

describe('whatever the bytes', () => {
  const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });

  it('a card is read without an error, and its image survives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 80, maxLength: 80 }), { maxLength: 40 }), (cards) => {
        const bytes = Buffer.concat([...cards, Buffer.from('END'.padEnd(80))]);
        const header = Header.parse(bytes);
        const written = Buffer.from(header.toBytes());
        const end = written.indexOf('END'.padEnd(80));
        expect(Buffer.compare(written.subarray(0, end), bytes.subarray(0, end))).toBe(0);
      }),
    );
  });

  it('any text of printable characters is read back, trailing blanks apart', () => {
    fc.assert(
      fc.property(printable, printable, (text, comment) => {
        const bytes = new Header().set('X', text, comment).set('Y', 1).toBytes();
        const header = Header.parse(bytes);
        expect(header.get('X')).toBe(text.trimEnd());
        expect(header.get('Y')).toBe(1);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom("'", '&', ' ', 'a'), { minLength: 60, maxLength: 300 }), (letters) => {
        const text = letters.join('');
        expect(Header.parse(new Header().set('X', text).toBytes()).get('X')).toBe(text.trimEnd());
      }),
    );
  });

  it('any number is read back exactly', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt(), (real, whole) => {
        const short = BigInt.asIntN(64, whole);
        const header = Header.parse(new Header().set('R', real).setReal('S', real).set('I', short).toBytes());
        expect(header.number('R')).toBe(real);
        expect(header.number('S')).toBe(real);
        expect(BigInt(header.get('I') as number | bigint)).toBe(short);
      }),
    );
  });
});
