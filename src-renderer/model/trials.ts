import type { CheckResult, ConnectionCheck, ConnectionPart } from '#shared/domain/connection.ts';
import type { Status } from './status.ts';

/** What each part is called, and what trying it asks. */
export const PART_WORDS: Readonly<Record<ConnectionPart, { title: string; asks: string }>> = {
  configuration: { title: 'Configuration', asks: 'Is it complete and sensible?' },
  reach: { title: 'Data host', asks: 'Does an SSH server answer?' },
  'host-key': { title: 'Host key', asks: 'Is it the host that it says it is?' },
  'log-in': { title: 'Log in', asks: 'Is this account let in?' },
  rsync: { title: 'Transfer', asks: 'rsync, or SFTP?' },
  database: { title: 'Database server', asks: 'Does anybody answer?' },
  tls: { title: 'Encryption', asks: 'Can nobody read along?' },
  'sign-in': { title: 'Sign in', asks: 'Is this user let in?' },
  role: { title: 'Read-only role', asks: 'Can QLF do no harm?' },
  columns: { title: 'Tables and columns', asks: 'Is everything there that is read?' },
  folder: { title: 'Raw folder', asks: 'Can it be read, and are there nights?' },
  'last-exposure': { title: 'Last exposure', asks: 'Can its headers be read?' },
  'data-folder': { title: 'Data folder', asks: 'Can QLF write, and is there room?' },
  ingest: { title: 'Ingest port', asks: 'Where do pipelines post to?' },
  pipeline: { title: 'Pipeline', asks: 'Does its program start?' },
};

/** What must work before a part can: of the same data host. */
const NEEDS: Readonly<Partial<Record<ConnectionPart, readonly ConnectionPart[]>>> = {
  'host-key': ['reach'],
  'log-in': ['host-key'],
  rsync: ['log-in'],
  folder: ['log-in'],
  database: ['configuration'],
  tls: ['database'],
  'sign-in': ['tls'],
  role: ['sign-in'],
  columns: ['sign-in'],
  'last-exposure': ['folder', 'columns'],
};

/** One part of a connection with what trying it has shown. */
export interface Trial {
  check: ConnectionCheck;
  state: 'waiting' | 'running' | CheckResult;
}

export const keyOf = ({ part, dataHost }: ConnectionCheck): string => `${part} ${dataHost ?? ''}`;

export const titleOf = ({ part, dataHost }: ConnectionCheck): string =>
  dataHost === null ? PART_WORDS[part].title : `${PART_WORDS[part].title}, ${dataHost}`;

/** The part that stops this one from being tried; undefined where nothing does. */
export function blockedBy(check: ConnectionCheck, trials: readonly Trial[]): ConnectionCheck | undefined {
  const needs = NEEDS[check.part] ?? [];
  return trials.find(
    ({ check: other, state }) =>
      other.dataHost === check.dataHost &&
      needs.includes(other.part) &&
      typeof state === 'object' &&
      (state.outcome === 'failed' || state.outcome === 'skipped'),
  )?.check;
}

/** A part that was not tried because of another. */
export function skipped(because: ConnectionCheck): CheckResult {
  const found = `Not tried: first \u201c${titleOf(because)}\u201d must work`;
  return { outcome: 'skipped', found, advice: '', hostKey: null, secret: null };
}

const STATUS: Readonly<Record<CheckResult['outcome'], Status>> = {
  good: 'normal',
  doubt: 'warning',
  failed: 'failed',
  skipped: 'not-expected',
};

export function statusOf({ state }: Trial): Status {
  return typeof state === 'object' ? STATUS[state.outcome] : state;
}

/** What all trials together say. */
export function trialsWords(trials: readonly Trial[]): { status: Status; text: string } {
  const results = trials.flatMap(({ state }) => (typeof state === 'object' ? [state] : []));
  const of = (outcome: CheckResult['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  const running = trials.find(({ state }) => state === 'running');
  if (running) return { status: 'running', text: `Trying: ${titleOf(running.check)}` };
  if (results.length === 0) return { status: 'waiting', text: 'Nothing was tried yet' };
  const failures = of('failed');
  const doubts = of('doubt');
  if (failures > 0)
    return { status: 'failed', text: failures === 1 ? 'One part does not work' : `${failures} parts do not work` };
  if (results.length < trials.length) return { status: 'waiting', text: `${results.length} of ${trials.length} tried` };
  if (doubts > 0)
    return { status: 'warning', text: `It works; ${doubts === 1 ? 'one thing' : `${doubts} things`} could be better` };
  return { status: 'normal', text: 'Everything works' };
}
