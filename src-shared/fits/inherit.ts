import type { Header } from './header.ts';

/** Keywords that describe one HDU's own structure, identity or checksum, and so are never inherited. */
const OWN =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|BSCALE|BZERO|BLANK|TFIELDS|THEAP|EXTNAME|EXTVER|EXTLEVEL|INHERIT|CHECKSUM|DATASUM|ZHECKSUM|ZDATASUM|LONGSTRN|CONTINUE|T(TYPE|FORM|UNIT|NULL|SCAL|ZERO|DISP|DIM|BCOL)\d+|Z(IMAGE|TENSION|BITPIX|NAXIS\d*|TILE\d+|CMPTYPE|NAME\d+|VAL\d+|SCALE|ZERO|BLANK|QUANTIZ|DITHER0|SIMPLE|EXTEND|PCOUNT|GCOUNT|MASKCMP))$/;

/**
 * The INHERIT rule: a copy of the extension's header with the global keywords that it does not have itself.
 * Nothing is overwritten; structure, checksums and commentary stay each HDU's own.
 */
export function inheritHeader(extension: Header, global: Header): Header {
  const merged = extension.clone();
  return merged.appendFrom(
    global,
    (card) => card.kind === 'value' && !OWN.test(card.keyword) && !extension.has(card.keyword),
  );
}

/**
 * The exposure's global keywords: the first HDU with EXPTIME (the primary HDU of simulated and early data,
 * the SPEC HDU since 2020). Undefined when none has it.
 */
export function findGlobalHdu<T extends { header: Header }>(hdus: readonly T[]): T | undefined {
  return hdus.find((hdu) => hdu.header.has('EXPTIME'));
}
