/** The known_hosts file of OpenSSH (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): read, matched and extended. */

/** One line that says something about keys. */
export interface KnownHost {
  marker: 'none' | 'revoked' | 'cert-authority';
  /** Patterns separated by commas, or one hashed name. */
  hosts: string;
  /** e.g. ssh-ed25519 */
  type: string;
  /** The public key in base64. */
  key: string;
}

/** A public key that a host presents, or that is on record for it. */
export interface HostKey {
  /** e.g. ssh-ed25519 */
  type: string;
  /** base64 */
  key: string;
}

export interface HostAddress {
  host: string;
  port: number;
}

/** HMAC-SHA-1 of a text, keyed by a salt; salt and result in base64. Hashed host names are made by it. */
export type HmacSha1 = (salt: string, text: string) => string;

/**
 * `known`: this very key is on record · `unknown`: the host is not on record · `changed`: it is, with other keys ·
 * `revoked`: this key must not be accepted from anybody named by the line
 */
export type HostKeyVerdict = 'known' | 'unknown' | 'changed' | 'revoked';

/** All lines of a file; what is not understood is passed over, as ssh does. */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/[ \t]+/);
    const first = words[0] ?? '';
    if (first === '' || first.startsWith('#')) return [];
    const marker = MARKERS.get(first);
    if (first.startsWith('@') && marker === undefined) return [];
    const [hosts, type, key] = marker === undefined ? words : words.slice(1);
    if (hosts === undefined || type === undefined || key === undefined || !BASE64.test(key)) return [];
    return [{ marker: marker ?? 'none', hosts, type, key }];
  });
}

const MARKERS = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
] as const) as ReadonlyMap<string, 'revoked' | 'cert-authority'>;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const STANDARD_PORT = 22;

/** The name under which a host is on record: `[host]:port` where the port is not the standard one. */
export function recordedName({ host, port }: HostAddress): string {
  const name = host.toLowerCase();
  return port === STANDARD_PORT ? name : `[${name}]:${String(port)}`;
}

/** What the record says about a key that the host presents. */
export function judgeHostKey(
  record: readonly KnownHost[],
  address: HostAddress,
  presented: HostKey,
  hmac: HmacSha1,
): HostKeyVerdict {
  const lines = linesOf(record, address, hmac);
  const same = (line: KnownHost): boolean => line.type === presented.type && line.key === presented.key;
  if (lines.some((line) => line.marker === 'revoked' && same(line))) return 'revoked';
  const keys = lines.filter((line) => line.marker === 'none');
  if (keys.some(same)) return 'known';
  return keys.length > 0 ? 'changed' : 'unknown';
}

/** Types of the keys on record for a host: these are asked for first, so that it presents a key which can be compared. */
export function recordedTypes(record: readonly KnownHost[], address: HostAddress, hmac: HmacSha1): string[] {
  const keys = linesOf(record, address, hmac).filter((line) => line.marker === 'none');
  return [...new Set(keys.map((line) => line.type))];
}

/** The line that puts a key on record, without its end of line. */
export function knownHostLine(address: HostAddress, { type, key }: HostKey): string {
  return `${recordedName(address)} ${type} ${key}`;
}

/** Where a host on another port is asked for, a line without any port does not speak of it. */
function linesOf(record: readonly KnownHost[], address: HostAddress, hmac: HmacSha1): KnownHost[] {
  const name = recordedName(address);
  return record.filter(({ hosts }) => (hosts.startsWith('|') ? isHashOf(hosts, name, hmac) : matches(hosts, name)));
}

/** `|1|SALT|HASH` */
function isHashOf(hashed: string, name: string, hmac: HmacSha1): boolean {
  const [, version, salt, hash] = hashed.split('|');
  return version === '1' && salt !== undefined && BASE64.test(salt) && hash === hmac(salt, name);
}

/** Patterns with `*` and `?`; one with `!` that fits takes the whole line away. */
function matches(hosts: string, name: string): boolean {
  let found = false;
  for (const item of hosts.toLowerCase().split(',')) {
    const negated = item.startsWith('!');
    if (!fits(negated ? item.slice(1) : item, name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/** Goes through both from the left and comes back to the last `*` where it fails: linear in practice, never explosive. */
function fits(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let restart = 0;
  let p = 0;
  while (at < name.length) {
    const letter = pattern[p];
    if (letter === '*') {
      star = p++;
      restart = at;
    } else if (letter !== undefined && (letter === '?' || letter === name[at])) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      at = ++restart;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
