import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeHostKey, knownHostLine, parseKnownHosts, recordedTypes, type HmacSha1 } from './known-hosts.ts';

const hmac: HmacSha1 = (salt, text) => createHmac('sha1', Buffer.from(salt, 'base64')).update(text).digest('base64');
const A = { type: 'ssh-ed25519', key: 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
const B = { type: 'ssh-ed25519', key: 'AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB' };
const RSA = { type: 'ssh-rsa', key: 'AAAAB3NzaC1yc2E=' };
const line = (hosts: string, key = A): string => `${hosts} ${key.type} ${key.key} somebody@somewhere`;
const judge = (text: string, host: string, port = 22, key = A) =>
  judgeHostKey(parseKnownHosts(text), { host, port }, key, hmac);

test.each([
  ['data', 'data', 22, 'known'],
  ['DATA', 'data', 22, 'known'],
  ['data', 'Data', 22, 'known'],
  ['data', 'data', 2222, 'unknown'],
  ['[data]:2222', 'data', 2222, 'known'],
  ['[data]:2222', 'data', 22, 'unknown'],
  ['other,data,10.0.0.1', '10.0.0.1', 22, 'known'],
  ['*.kpno.noao.edu', 'data.kpno.noao.edu', 22, 'known'],
  ['*.kpno.noao.edu', 'kpno.noao.edu', 22, 'unknown'],
  ['d?ta', 'data', 22, 'known'],
  ['d?ta', 'dta', 22, 'unknown'],
  ['*,!data', 'data', 22, 'unknown'],
  ['*,!data', 'date', 22, 'known'],
  ['data.', 'data', 22, 'unknown'],
  ['da.a', 'data', 22, 'unknown'],
  ['fe80::1', 'FE80::1', 22, 'known'],
] as const)('a line for %s, and %s on port %i: %s', (hosts, host, port, verdict) => {
  expect(judge(line(hosts), host, port)).toBe(verdict);
});

test('another key of the same host is a change, of whatever type; one of another host is nothing', () => {
  expect(judge(line('data', B), 'data')).toBe('changed');
  expect(judge(line('data', RSA), 'data')).toBe('changed');
  expect(judge(`${line('data', B)}\n${line('data')}`, 'data')).toBe('known');
  expect(judge(line('other', B), 'data')).toBe('unknown');
});

test('a revoked key is refused, also where the same key is on record', () => {
  expect(judge(`${line('data')}\n@revoked ${line('*')}`, 'data')).toBe('revoked');
  expect(judge(`@revoked ${line('*', B)}`, 'data')).toBe('unknown');
});

test('an authority is no key of a host', () => {
  expect(judge(`@cert-authority ${line('data')}`, 'data')).toBe('unknown');
  expect(judge(`@something ${line('data')}`, 'data')).toBe('unknown');
});

test('what is no line of the file is passed over', () => {
  const text = `# ${line('data')}\n\n  \ndata\ndata ssh-ed25519\ndata ssh-ed25519 !!!\n|1|x\n\r\n  ${line('host')}  \r\n`;
  expect(parseKnownHosts(text)).toEqual([{ marker: 'none', hosts: 'host', ...A }]);
});

test('types of the keys on record', () => {
  const record = parseKnownHosts(
    [line('data'), line('data', B), line('data', RSA), `@revoked ${line('x')}`].join('\n'),
  );
  expect(recordedTypes(record, { host: 'data', port: 22 }, hmac)).toEqual(['ssh-ed25519', 'ssh-rsa']);
  expect(recordedTypes(record, { host: 'x', port: 22 }, hmac)).toEqual([]);
});

test('a pattern made to take long does not', () => {
  expect(judge(line(`${'*a'.repeat(200)}b`), 'a'.repeat(250))).toBe('unknown');
});

test('names that ssh-keygen has hashed are found, and what we write is found by ssh-keygen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlf-known-hosts-'));
  try {
    const file = join(folder, 'known_hosts');
    const key = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const [type = '', blob = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ');
    const real = { type, key: blob };
    const hosts = [
      { host: 'data.example', port: 22 },
      { host: 'data.example', port: 2222 },
      { host: '127.0.0.1', port: 40_022 },
    ];
    writeFileSync(file, hosts.map((address) => `${knownHostLine(address, real)}\n`).join(''));
    expect(() => execFileSync('ssh-keygen', ['-F', '[data.example]:2222', '-f', file])).not.toThrow();
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const hashed = readFileSync(file, 'utf8');
    expect(hashed).not.toContain('example');
    for (const { host, port } of hosts) expect(judge(hashed, host, port, real)).toBe('known');
    expect(judge(hashed, 'data.example', 23, real)).toBe('unknown');
    expect(judge(hashed, 'data.example', 22, A)).toBe('changed');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
