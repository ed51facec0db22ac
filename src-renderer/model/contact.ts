import type { Connection, ControlRoomState, EngineStatus, TransferProgress } from '#shared/state/control-room.ts';
import { formatAge, formatBytes } from './format.ts';
import type { Status } from './status.ts';

/** Older than this, an answer is stale; older than LOST_AFTER_MS, contact is lost. */
export const STALE_AFTER_MS = 20_000;
export const LOST_AFTER_MS = 30_000;

/** A connection as the top bar shows it. */
export interface ContactView {
  name: string;
  status: Extract<Status, 'normal' | 'running' | 'stale' | 'lost' | 'waiting'>;
  /** Age or activity: '4 s', 'idle', 'no contact 2 min'. */
  text: string;
  /** In full, for the accessible name and the tooltip. */
  title: string;
}

/** How contact with the DOS stands: what the verdict and the clock must say. */
export interface DosContact {
  state: 'ok' | 'stale' | 'lost' | 'off';
  /** ms without an answer; null when it never answered. */
  silentMs: number | null;
  lastContact: number | null;
  error: string;
  adapter: string;
}

/** Contact with the DOS at the moment `now`: lost when the engine says so or after 30 s of silence. */
export function dosContact(room: Pick<ControlRoomState, 'connections' | 'engine'>, now: number): DosContact {
  const dos = room.connections.find((connection) => connection.name === 'dos');
  if (!dos) return { state: 'off', silentMs: null, lastContact: null, error: '', adapter: '' };
  const { lastContact, error, adapter } = dos;
  const silentMs = lastContact === null ? null : Math.max(0, now - lastContact);
  const about = {
    silentMs: silentMs ?? (dos.state === 'lost' ? Math.max(0, now - dos.since) : null),
    lastContact,
    error,
    adapter,
  };
  if (room.engine.activity === 'off' || dos.state === 'idle') return { ...about, state: 'off' };
  if (dos.state === 'lost' || (silentMs ?? 0) > LOST_AFTER_MS) return { ...about, state: 'lost' };
  return { ...about, state: (silentMs ?? 0) > STALE_AFTER_MS ? 'stale' : 'ok' };
}

function dosView(contact: DosContact): ContactView {
  const { adapter, error, silentMs } = contact;
  const age = silentMs === null ? '' : formatAge(silentMs);
  const name = 'DOS';
  switch (contact.state) {
    case 'off':
      return { name, status: 'waiting', text: 'not watched', title: `DOS (${adapter || 'none'}): not watched` };
    case 'lost':
      return {
        name,
        status: 'lost',
        text: age === '' ? 'no contact' : `no contact ${age}`,
        title: `DOS (${adapter}): no contact${age === '' ? '' : ` for ${age}`}. ${error}`.trim(),
      };
    case 'stale':
      return { name, status: 'stale', text: age, title: `DOS (${adapter}): last answer ${age} ago` };
    case 'ok':
      return {
        name,
        status: 'normal',
        text: age,
        title: `DOS (${adapter}): last answer ${age === 'now' ? age : `${age} ago`}`,
      };
  }
}

function transferView(connection: Connection | undefined, progress: TransferProgress | null): ContactView {
  const name = 'Transfer';
  const adapter = connection?.adapter ?? 'none';
  if (connection?.state === 'lost')
    return { name, status: 'lost', text: 'failing', title: `Transfer (${adapter}): ${connection.error}` };
  if (!progress) return { name, status: 'normal', text: 'idle', title: `Transfer (${adapter}): idle` };
  const rate = progress.rate === null ? '' : `${formatBytes(progress.rate)}/s`;
  const text = rate === '' ? 'copying' : rate;
  return { name, status: 'running', text, title: `Transfer (${adapter}): ${progress.file}, ${rate}` };
}

function engineView(engine: EngineStatus, running: number): ContactView {
  const name = 'Engine';
  switch (engine.activity) {
    case 'off':
      return { name, status: 'waiting', text: 'stopped', title: 'Engine: stopped' };
    case 'idle':
      return { name, status: 'normal', text: 'idle', title: 'Engine: idle, waiting for an exposure' };
    case 'running': {
      const text = running === 0 ? 'working' : running === 1 ? '1 job' : `${running} jobs`;
      return { name, status: 'running', text, title: `Engine: ${text}, at most ${engine.parallel} at once` };
    }
  }
}

function ingestView(connection: Connection | undefined, url: string, now: number): ContactView {
  const name = 'Ingest';
  if (!connection) return { name, status: 'waiting', text: 'closed', title: 'Ingest: closed' };
  if (connection.state === 'lost')
    return { name, status: 'lost', text: 'closed', title: `Ingest: ${connection.error}` };
  const last = connection.lastContact === null ? null : formatAge(now - connection.lastContact);
  const title = `Ingest at ${url}: ${last === null ? 'nothing posted yet' : `last post ${last === 'now' ? last : `${last} ago`}`}`;
  return { name, status: 'normal', text: last ?? 'ready', title };
}

/** The four connections of the top bar. */
export function contactViews(room: ControlRoomState, runningJobs: number, now: number): ContactView[] {
  const find = (name: Connection['name']) => room.connections.find((connection) => connection.name === name);
  return [
    dosView(dosContact(room, now)),
    transferView(find('transfer'), room.transfer),
    engineView(room.engine, runningJobs),
    ingestView(find('ingest'), room.engine.ingestUrl, now),
  ];
}
