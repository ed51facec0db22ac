import { hostname, networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import type { RemoteSettings } from '#shared/domain/remote.ts';

const ANY = ['0.0.0.0', '::'];

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}

/** Names and addresses under which browsers may ask for this computer, lower case, those for others first. */
export function hostNames({ host, names }: Pick<RemoteSettings, 'host' | 'names'>): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address }) => !address.includes('%') && !address.toLowerCase().startsWith('fe80'))
    .map(({ address }) => address);
  const loopback = ['localhost', '127.0.0.1', '::1'];
  const all = isLoopback(host)
    ? [...names, ...loopback]
    : [...names, hostname(), ...(ANY.includes(host) ? own : [host]), ...loopback];
  return [...new Set(all.map((name) => name.toLowerCase()))];
}

/** `name` as it stands in a URL or a Host header. */
export function inUrl(name: string): string {
  return isIP(name) === 6 ? `[${name}]` : name;
}

/** The name in a Host header, lower case, without brackets and port. */
export function nameInHeader(host: string): string {
  return host
    .toLowerCase()
    .replace(/:[0-9]+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
