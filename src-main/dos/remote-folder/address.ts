import { userInfo } from 'node:os';
import { QlfError } from '#shared/ipc/result.ts';
import type { RemoteHost } from '../../domain/ports/dos-client.ts';
import { POSIX_PATH } from '../file-names.ts';

/** An exposure folder on a data host. */
export interface RemoteFolderAddress {
  host: RemoteHost;
  /** The raw tree there. */
  path: string;
  /** The calibration tree there; null: where it usually is. */
  calibration: string | null;
  /** So many of the newest nights are looked at. */
  nights: number;
}

const STANDARD_PORT = 22;
/** Each exposure's headers are read once over the network, so not those of all years. */
const NIGHTS = 14;
const SETTINGS = ['identity', 'known-hosts', 'calibration', 'nights'] as const;
const HOST = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/;

/**
 * Reads `ssh://user@host:port/path?identity=FILE&known-hosts=FILE&calibration=PATH&nights=N`. Without a user it is who runs
 * QLF; without `identity` and `known-hosts` it is what ssh itself would take.
 * @throws QlfError `invalid-configuration` that says what is wrong
 */
export function parseRemoteAddress(text: string): RemoteFolderAddress {
  const wrong = (what: string): QlfError =>
    new QlfError(
      'invalid-configuration',
      `the address of the exposure folder ${what}; it is ssh://user@host:port/path`,
    );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('cannot be read');
  }
  if (url.protocol !== 'ssh:') throw wrong('does not begin with ssh://');
  // Its value is left out of the message on purpose.
  if (url.password !== '') throw wrong('has a password in it, which would be seen; use a key or an agent');
  if (url.hash !== '') throw wrong('has a # in it; write it as %23');
  const decoded = (part: string, what: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw wrong(`has a ${what} that cannot be read`);
    }
  };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (!HOST.test(host)) throw wrong(`has no host name: ${JSON.stringify(host)}`);
  const user = url.username === '' ? userInfo().username : decoded(url.username, 'user');
  if (!USER.test(user)) throw wrong(`has no user name: ${JSON.stringify(user)}`);
  const unknown = [...url.searchParams.keys()].find((key) => !SETTINGS.some((known) => known === key));
  if (unknown !== undefined)
    throw wrong(`has the setting ${JSON.stringify(unknown)}; there are ${SETTINGS.join(', ')}`);
  const path = (given: string, what: string): string => {
    const plain = given.length > 1 ? given.replace(/\/+$/, '') : given;
    if (!POSIX_PATH.absolute(plain)) throw wrong(`has no plain absolute ${what}: ${JSON.stringify(given)}`);
    return plain;
  };
  const setting = (name: (typeof SETTINGS)[number]): string | null => {
    const given = url.searchParams.get(name);
    return given === null ? null : path(given, name);
  };
  const nights = url.searchParams.get('nights');
  if (nights !== null && !/^[1-9]\d{0,4}$/.test(nights)) throw wrong('has no whole number of nights');
  return {
    host: {
      host,
      port: url.port === '' ? STANDARD_PORT : Number(url.port),
      user,
      identityFile: setting('identity'),
      knownHostsFile: setting('known-hosts'),
    },
    path: path(decoded(url.pathname, 'path'), 'path'),
    calibration: setting('calibration'),
    nights: nights === null ? NIGHTS : Number(nights),
  };
}
