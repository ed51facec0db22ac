import type { Alarm, AlarmKind } from '#shared/domain/alarm.ts';
import { findKey } from '#shared/qa/catalogue.ts';
import type { Evidence } from '../store/open-evidence.ts';

/** A link from an alarm to what proves it. */
export interface EvidenceLink {
  text: string;
  evidence: Evidence;
}

/** Where fibers tell more than a camera's numbers, and where their spectra do. */
const ON_FIBERS: ReadonlySet<AlarmKind> = new Set(['fibers', 'traces', 'fiber-flat', 'throughput', 'cloud']);
const ON_SPECTRA: ReadonlySet<AlarmKind> = new Set(['bright-sky', 'cloud', 'throughput']);

/** The ways to the evidence of an alarm, the most telling first; none for what belongs to no exposure. */
export function evidenceLinks(alarm: Alarm): EvidenceLink[] {
  const { camera, runId, keys, kind, family } = alarm;
  if (runId === null) return [];
  const [key] = keys;
  const at: Pick<Evidence, 'runId'> = { runId };
  if (camera === null) return [{ text: 'Exposure', evidence: { screen: 'monitor', ...at } }];
  const known = key !== undefined && findKey(key) !== undefined;
  const links: EvidenceLink[] = [
    {
      text: known
        ? `${camera} ${findKey(key)?.label.toLowerCase() ?? 'metrics'}`
        : family === 'machinery'
          ? `${camera} job and log`
          : `${camera} metrics`,
      evidence: { screen: 'camera', camera, ...at, ...(known ? { metricKey: key } : {}) },
    },
  ];
  if (ON_FIBERS.has(kind)) links.push({ text: 'Fibers', evidence: { screen: 'fibers', camera, ...at } });
  if (ON_SPECTRA.has(kind)) links.push({ text: 'Spectra', evidence: { screen: 'spectra', camera, ...at } });
  links.push({ text: 'Exposure', evidence: { screen: 'monitor', ...at } });
  return links;
}
