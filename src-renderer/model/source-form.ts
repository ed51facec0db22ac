import { sourceOf } from '#shared/domain/source.ts';

/** Ways in which exposures come, as one chooses among them. */
export const SOURCE_KINDS = ['test', 'folder', 'ssh', 'opsdb'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A source in parts, as it is filled in; empty: the default. */
export interface SourceForm {
  kind: SourceKind;
  /** Of a folder or a data host. */
  path: string;
  host: string;
  user: string;
  port: string;
  identity: string;
  knownHosts: string;
  calibration: string;
  nights: string;
  /** Configuration of an operations database. */
  file: string;
}

const EMPTY: Omit<SourceForm, 'kind'> = {
  path: '',
  host: '',
  user: '',
  port: '',
  identity: '',
  knownHosts: '',
  calibration: '',
  nights: '',
  file: '',
};

/** ssh://user@host:port/path?settings; older browsers do not take such addresses apart. */
const REMOTE = /^ssh:\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function remoteForm(address: string): SourceForm {
  const [, user = '', host = '', port = '', path = '', query = ''] = REMOTE.exec(address) ?? [];
  const settings = new URLSearchParams(query);
  const setting = (name: string): string => settings.get(name) ?? '';
  return {
    ...EMPTY,
    kind: 'ssh',
    host,
    user: decoded(user),
    port,
    path: decoded(path),
    identity: setting('identity'),
    knownHosts: setting('known-hosts'),
    calibration: setting('calibration'),
    nights: setting('nights'),
  };
}

/** The parts of a source as it is kept; null is the test environment. */
export function sourceForm(source: string | null): SourceForm {
  if (source === null) return { ...EMPTY, kind: 'test' };
  if (source.startsWith('ssh:')) return remoteForm(source);
  const known = sourceOf(source);
  return known.kind === 'opsdb'
    ? { ...EMPTY, kind: 'opsdb', file: known.file }
    : { ...EMPTY, kind: 'folder', path: source };
}

function remoteAddress(form: SourceForm): string {
  const { host, user, port, path } = form;
  const settings = [
    ['identity', form.identity],
    ['known-hosts', form.knownHosts],
    ['calibration', form.calibration],
    ['nights', form.nights],
  ].filter(([, value]) => value !== '');
  const who = user === '' ? '' : `${encodeURIComponent(user)}@`;
  const where = path.split('/').map(encodeURIComponent).join('/');
  const query = settings.map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `ssh://${who}${host}${port === '' ? '' : `:${port}`}${where}${query === '' ? '' : `?${query}`}`;
}

/** The source as it is kept, or undefined while something that it needs is missing. */
export function textOfForm(form: SourceForm): string | null | undefined {
  switch (form.kind) {
    case 'test':
      return null;
    case 'folder':
      return form.path === '' ? undefined : form.path;
    case 'ssh':
      return form.host === '' || !form.path.startsWith('/') ? undefined : remoteAddress(form);
    case 'opsdb':
      return form.file === '' ? undefined : `opsdb:${form.file}`;
  }
}
