import { ARMS, type CameraName, CAMERAS, parseCamera, type Spectrograph } from '#shared/domain/camera.ts';
import type { ExposureMetadata } from '#shared/domain/exposure.ts';
import type { CardValue } from '#shared/fits/card.ts';
import { type Hdu } from '#shared/fits/hdu.ts';
import { Header } from '#shared/fits/header.ts';
import { findGlobalHdu } from '#shared/fits/inherit.ts';

/** Cards that describe the file's structure and not the exposure. */
const STRUCTURE =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|BSCALE|BZERO|TFIELDS|T(TYPE|FORM)\d+|EXTNAME|CHECKSUM|DATASUM|LONGSTRN|INHERIT|Z(IMAGE|TENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TILE\d+|CMPTYPE|NAME\d+|VAL\d+|HECKSUM|DATASUM))$/;

/**
 * An exposure's global keywords, wherever they are: in the primary HDU, or in the first HDU that has EXPTIME (SPEC, since
 * 2020). Cards of both are merged; the HDU with EXPTIME counts.
 */
export function globalHeaderOf(hdus: readonly Hdu[]): Header {
  const chosen = findGlobalHdu(hdus)?.header ?? new Header();
  const primary = hdus[0]?.header ?? new Header();
  return chosen
    .clone()
    .appendFrom(primary, (card) => card.kind === 'value' && !STRUCTURE.test(card.keyword) && !chosen.has(card.keyword));
}

/** The camera of an HDU: by its EXTNAME, or by its CAMERA card. */
export function cameraOfHdu(hdu: Hdu): CameraName | undefined {
  return parseCamera(hdu.name) ?? parseCamera(hdu.header.text('CAMERA') ?? '');
}

/** Cameras of the spectrographs in SPCGRPHS ('SP0,SP3', '0 3' …); undefined where the header does not tell. */
export function camerasAnnounced(header: Header): CameraName[] | undefined {
  const text = header.get('SPCGRPHS');
  if (typeof text !== 'string') return undefined;
  const spectrographs = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits)).filter((n) => n <= 9);
  if (spectrographs.length === 0) return undefined;
  const announced = new Set(
    spectrographs.flatMap((spectrograph) => ARMS.map((arm): CameraName => `${arm}${spectrograph as Spectrograph}`)),
  );
  return CAMERAS.filter((camera) => announced.has(camera));
}

/**
 * What the global header tells of an exposure. Number and night are those of its folder, by which its files are found; what
 * the header says of them stays in `header`, so that a difference can be seen.
 */
export function metadataOf(header: Header, expid: number, night: string): ExposureMetadata {
  return {
    expid,
    night,
    flavor: (textOf(header, 'FLAVOR') ?? textOf(header, 'OBSTYPE') ?? 'unknown').toLowerCase(),
    program: textOf(header, 'PROGRAM')?.toLowerCase() ?? null,
    exptime: numberOf(header, 'EXPTIME'),
    airmass: numberOf(header, 'AIRMASS'),
    seeing: numberOf(header, 'SEEING', 'ETCSEENG', 'PMSEEING'),
    tileid: integerOf(header, 'TILEID'),
    mjdObs: numberOf(header, 'MJD-OBS'),
    dateObs: textOf(header, 'DATE-OBS') ?? null,
    ra: numberOf(header, 'TELRA', 'SKYRA'),
    dec: numberOf(header, 'TELDEC', 'SKYDEC'),
    obstype: textOf(header, 'OBSTYPE') ?? null,
    header: otherCards(header),
  };
}

function textOf(header: Header, keyword: string): string | undefined {
  const text = header.text(keyword)?.trim();
  return text === '' ? undefined : text;
}

/** The first of the keywords that holds a finite number. */
function numberOf(header: Header, ...keywords: readonly string[]): number | null {
  for (const keyword of keywords) {
    const value = header.number(keyword);
    if (value !== undefined && Number.isFinite(value)) return value;
  }
  return null;
}

function integerOf(header: Header, keyword: string): number | null {
  const value = numberOf(header, keyword);
  return value === null ? null : Math.round(value);
}

function otherCards(header: Header): ExposureMetadata['header'] {
  const cards: ExposureMetadata['header'] = {};
  for (const card of header.cards) {
    if (card.kind !== 'value' || STRUCTURE.test(card.keyword)) continue;
    cards[card.keyword] ??= plain(card.value);
  }
  return cards;
}

function plain(value: CardValue): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  if (value !== null && typeof value === 'object') return `(${value.re}, ${value.im})`;
  return value;
}
