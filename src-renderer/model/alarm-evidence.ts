import type { Alarm, AlarmKind } from '#shared/domain/alarm.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import type { Evidence } from '../store/open-evidence.ts';

/** A link from an alarm to what proves it. */
export interface EvidenceLink {
  text: string;
  evidence: Evidence;
}

/** What tells more than a camera's numbers: its image, its fibers, their spectra. */
const ON_CCD: ReadonlySet<AlarmKind> = new Set([
  'amplifier-dead',
  'amplifier-noise',
  'amplifier-bias',
  'amplifier-saturated',
  'amplifier-light',
  'focus',
  'traces',
]);
const ON_FIBERS: ReadonlySet<AlarmKind> = new Set(['fibers', 'traces', 'fiber-flat', 'throughput', 'cloud']);
const ON_SPECTRA: ReadonlySet<AlarmKind> = new Set(['bright-sky', 'cloud', 'throughput']);

/** The ways to the evidence of an alarm, the most telling first; none for what belongs to no exposure. */
export function evidenceLinks(alarm: Alarm): EvidenceLink[] {
  const { camera, runId, keys, kind, amplifiers, family } = alarm;
  if (runId === null) return [];
  const exposure: EvidenceLink = { text: 'Exposure', evidence: { screen: 'monitor', runId } };
  if (camera === null) return [exposure];
  const at = { runId, camera };
  const [key = ''] = keys;
  const label = findKey(key)?.label.toLowerCase();
  if (family === 'machinery' || kind === 'wrong-exposure')
    return [
      { text: `${camera} job`, evidence: { screen: 'camera', ...at } },
      { text: 'Log', evidence: { screen: 'logs', ...at } },
      exposure,
    ];
  const metric = label === undefined ? {} : { metricKey: key };
  const links: EvidenceLink[] = [
    { text: `${camera} ${label ?? 'metrics'}`, evidence: { screen: 'camera', ...at, ...metric } },
  ];
  if (ON_CCD.has(kind)) {
    const text = amplifiers.length === 0 ? 'CCD' : `CCD, amplifier ${amplifiers.join(' ')}`;
    links.push({ text, evidence: { screen: 'ccd', ...at } });
  }
  if (ON_FIBERS.has(kind)) links.push({ text: 'Fibers', evidence: { screen: 'fibers', ...at } });
  if (ON_SPECTRA.has(kind)) links.push({ text: 'Spectra', evidence: { screen: 'spectra', ...at } });
  if (label !== undefined) links.push({ text: 'Trend', evidence: { screen: 'trends', ...at, ...metric } });
  return [...links, { text: 'Log', evidence: { screen: 'logs', ...at } }];
}
