import type { Connection, ControlRoomState, EngineStatus, TransferProgress } from '#shared/state/control-room.ts';
import { formatAbout, formatAge, formatBytes, utcTime } from './format.ts';
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
  /** Since when it is so; null where there is no connection. */
  since: number | null;
  error: string;
  adapter: string;
}

/** How contact with the engine stands: without it nothing on the screen is of now. */
export interface EngineContact {
  state: 'ok' | 'stale' | 'lost';
  silentMs: number;
  /** The moment that everything on the screen is of: now, or the last one that the engine was heard at. */
  until: number;
}

/**
 * Contact with the engine at the moment `now`; it lets itself be heard every few seconds, whatever it does.
 * @param heardAt ms since the epoch; null: not yet, which the window itself tells
 */
export function engineContact(heardAt: number | null, now: number): EngineContact {
  const silentMs = heardAt === null ? 0 : Math.max(0, now - heardAt);
  const state = silentMs > LOST_AFTER_MS ? 'lost' : silentMs > STALE_AFTER_MS ? 'stale' : 'ok';
  return { state, silentMs, until: state === 'ok' ? now : now - silentMs };
}

/** Contact with the DOS at the moment `now`: lost when the engine says so or after 30 s of silence. */
export function dosContact(room: Pick<ControlRoomState, 'connections' | 'engine'>, now: number): DosContact {
  const dos = room.connections.find((connection) => connection.name === 'dos');
  if (!dos) return { state: 'off', silentMs: null, lastContact: null, since: null, error: '', adapter: '' };
  const { lastContact, error, adapter } = dos;
  const silentMs = lastContact === null ? null : Math.max(0, now - lastContact);
  const about = {
    silentMs: silentMs ?? (dos.state === 'lost' ? Math.max(0, now - dos.since) : null),
    lastContact,
    since: dos.since,
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

/** When a lost connection is tried again: 'in 40 s', 'now'; null where nobody knows. */
function nextTry({ state, retryAt }: Connection, now: number): string | null {
  if (state !== 'lost' || retryAt === null) return null;
  return retryAt - now < 1000 ? 'now' : `in ${formatAge(retryAt - now)}`;
}

function transferView(connection: Connection | undefined, progress: TransferProgress | null, now: number): ContactView {
  const name = 'Transfer';
  const adapter = connection?.adapter ?? 'none';
  if (connection?.state === 'lost') {
    const next = nextTry(connection, now);
    const text = next === null ? 'failing' : `again ${next}`;
    return { name, status: 'lost', text, title: `Transfer (${adapter}): ${connection.error}` };
  }
  if (!progress) return { name, status: 'normal', text: 'idle', title: `Transfer (${adapter}): idle` };
  const rate = progress.rate === null ? '' : `${formatBytes(progress.rate)}/s`;
  const text = rate === '' ? 'copying' : rate;
  const left = progress.secondsLeft === null ? '' : `, ${formatAbout(progress.secondsLeft * 1000)} left`;
  return { name, status: 'running', text, title: `Transfer (${adapter}): ${progress.file}, ${text}${left}` };
}

function engineView(engine: EngineStatus, running: number, contact: EngineContact): ContactView {
  const name = 'Engine';
  if (contact.state !== 'ok') {
    const age = formatAge(contact.silentMs);
    const title = `Engine: not heard of for ${age}`;
    return { name, status: contact.state, text: contact.state === 'lost' ? `no answer ${age}` : age, title };
  }
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

/** What the engine tells of others is as old as its own last word. */
function aged(view: ContactView, { state, silentMs }: EngineContact): ContactView {
  if (state === 'ok' || view.status === 'lost') return view;
  return {
    ...view,
    status: 'stale',
    text: formatAge(silentMs),
    title: `${view.title}, as of ${formatAge(silentMs)} ago`,
  };
}

/** A connection in full, for whoever asks: which, since when, and the last error. */
export function contactFacts(connection: Connection, now: number): readonly (readonly [string, string])[] {
  const { adapter, state, since, lastContact, error, lastLoss } = connection;
  const ago = (at: number): string => {
    const age = formatAge(now - at);
    return `${utcTime(at)} UTC${age === 'now' ? '' : `, ${age} ago`}`;
  };
  const words = { ok: 'In contact', lost: 'Lost', idle: 'Ready' } as const;
  const facts: (readonly [string, string])[] = [
    ['Adapter', adapter],
    [words[state], `since ${ago(since)}`],
    ['Last answer', lastContact === null ? 'none yet' : ago(lastContact)],
  ];
  const next = nextTry(connection, now);
  if (next !== null) facts.push(['Next try', next]);
  if (state === 'lost') facts.push(['Error', error]);
  else if (lastLoss) {
    const until = lastLoss.until === null ? '' : `, until ${utcTime(lastLoss.until)}`;
    facts.push(['Last loss', `${ago(lastLoss.at)}${until}: ${lastLoss.error}`]);
  } else facts.push(['Last loss', 'none since QLF was started']);
  return facts;
}

/** The four connections of the top bar. */
export function contactViews(room: ControlRoomState, runningJobs: number, engine: EngineContact): ContactView[] {
  const find = (name: Connection['name']) => room.connections.find((connection) => connection.name === name);
  const { until } = engine;
  return [
    aged(dosView(dosContact(room, until)), engine),
    aged(transferView(find('transfer'), room.transfer, until), engine),
    engineView(room.engine, runningJobs, engine),
    aged(ingestView(find('ingest'), room.engine.ingestUrl, until), engine),
  ];
}
