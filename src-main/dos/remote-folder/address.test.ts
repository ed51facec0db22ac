import { userInfo } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { POSIX_PATH } from '../file-names.ts';
import { parseRemoteAddress } from './address.ts';

it('reads host, path and what stands behind them', () => {
  expect(
    parseRemoteAddress(
      'ssh://desi@data.kpno.example:2222/data/raw%20files/?identity=/home/o/.ssh/qlf&known-hosts=/etc/known&calibration=/data/calib&nights=3',
    ),
  ).toEqual({
    host: {
      host: 'data.kpno.example',
      port: 2222,
      user: 'desi',
      identityFile: '/home/o/.ssh/qlf',
      knownHostsFile: '/etc/known',
    },
    path: '/data/raw files',
    calibration: '/data/calib',
    nights: 3,
  });
  expect(parseRemoteAddress('ssh://[fe80::1]/raw')).toMatchObject({
    host: { host: 'fe80::1', port: 22, user: userInfo().username, identityFile: null, knownHostsFile: null },
    path: '/raw',
    calibration: null,
  });
});

it.each([
  ['ssh://desi:secret@host/raw', 'has a password in it'],
  ['ssh://-oProxyCommand=x@host/raw', 'has no user name'],
  ['ssh://desi@-oProxyCommand/raw', 'has no host name'],
  ['ssh:///raw', 'has no host name'],
  ['ssh://host/raw?identitiy=/x', 'has the setting "identitiy"'],
  ['ssh://host/raw?identity=key', 'has no plain absolute identity'],
  ['ssh://host/a%2f..%2fb', 'has no plain absolute path'],
  ['ssh://host/a%0ab', 'has no plain absolute path'],
  ['ssh://host/a%ff', 'has a path that cannot be read'],
  ['ssh://host/raw?nights=0', 'has no whole number of nights'],
  ['sftp://host/raw', 'does not begin with ssh://'],
  ['ssh://host:99999/raw', 'cannot be read'],
])('says what is wrong with %s', (text, why) => {
  expect(() => parseRemoteAddress(text)).toThrow(why);
  expect(() => parseRemoteAddress(text)).not.toThrow(/secret/);
});

it('never takes anything but plain names, whatever it is given', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('..', '-o', '%00', '%2e%2e', '$(x)', "'", '\\', '`x`'),
  );
  fc.assert(
    fc.property(part, part, part, (user, host, path) => {
      let address;
      try {
        address = parseRemoteAddress(`ssh://${user}@${host}/${path}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-configuration' });
        return;
      }
      expect(address.host.user).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._$-]*$/);
      expect(address.host.host).toMatch(/^[A-Za-z0-9_:][A-Za-z0-9._:-]*$/);
      expect(POSIX_PATH.absolute(address.path)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
