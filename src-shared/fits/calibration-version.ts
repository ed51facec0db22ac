import type { Header } from './header.ts';

/** A version of a calibration index: what its keys name, files among them. */
export interface NamedVersion {
  name: string;
  values: Readonly<Record<string, string | number>>;
}

/**
 * Chooses the version of a camera's calibration index that fits an exposure: exactly one must match NIGHT (or the date of
 * DATE-OBS), DETECTOR and, where the version names them, CCDCFG and CCDTMING.
 * @param versions the index's entry of that camera, as parsed from its YAML
 * @param index the file, for messages
 * @throws Error saying what does not match
 */
export function chooseVersion(versions: unknown, header: Header, index: string): NamedVersion {
  const detector = requireDetector(header);
  const entries = Object.entries(asRecord(versions) ?? {});
  const facts = {
    night: nightOf(header),
    detector,
    ccdcfg: textOf(header, 'CCDCFG'),
    timing: textOf(header, 'CCDTMING'),
  };
  const matching = entries.filter(([, version]) => fits(asRecord(version) ?? {}, facts));
  const [first, second] = matching;
  const sought = `night ${facts.night}, detector ${detector}, configuration ${facts.ccdcfg ?? 'none'}`;
  if (first === undefined) throw new Error(`no version in ${index} fits ${sought}`);
  if (second !== undefined) throw new Error(`${first[0]} and ${second[0]} in ${index} both fit ${sought}`);
  return { name: first[0], values: scalars(asRecord(first[1]) ?? {}) };
}

/** DETECTOR, by which the tree and the version are chosen. @throws Error when it is missing */
export function requireDetector(header: Header): string {
  const detector = textOf(header, 'DETECTOR');
  if (detector === undefined) throw new Error('the keyword DETECTOR is missing: the calibration cannot be chosen');
  return detector;
}

/** An object that is no array, or undefined. */
export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

interface Sought {
  night: number;
  detector: string;
  ccdcfg: string | undefined;
  timing: string | undefined;
}

function fits(version: Record<string, unknown>, sought: Sought): boolean {
  const begin = Number(version['DATE-OBS-BEGIN']);
  const endText = scalarText(version['DATE-OBS-END']) ?? 'None';
  const end = endText.toLowerCase() === 'none' ? Infinity : Number(endText);
  if (!(sought.night >= begin && sought.night <= end)) return false;
  const same = (key: string, value: string | undefined): boolean =>
    version[key] === undefined || scalarText(version[key]) === value;
  return (
    version['DETECTOR'] !== undefined &&
    same('DETECTOR', sought.detector) &&
    same('CCDCFG', sought.ccdcfg) &&
    same('CCDTMING', sought.timing)
  );
}

function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

/** YYYYMMDD of the night, or of the date of DATE-OBS. */
function nightOf(header: Header): number {
  const night = header.number('NIGHT') ?? Number(textOf(header, 'NIGHT') ?? NaN);
  if (Number.isInteger(night)) return night;
  const date = /^(\d{4})-(\d\d)-(\d\d)/.exec(textOf(header, 'DATE-OBS') ?? '');
  if (!date) throw new Error('neither NIGHT nor DATE-OBS says when it was exposed: the calibration cannot be chosen');
  return Number(date.slice(1).join(''));
}

function textOf(header: Header, keyword: string): string | undefined {
  return header.text(keyword)?.trim();
}

function scalars(version: Record<string, unknown>): Record<string, string | number> {
  const entries = Object.entries(version).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}
