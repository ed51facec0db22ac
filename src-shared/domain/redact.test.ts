import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSecretName, WITHHELD, withoutSecrets, withoutSecretValues } from './redact.ts';

it('takes secrets out of a text, and nothing else', () => {
  const cases: [string, string][] = [
    ['postgresql://reader:hunter2@db:5432/desi is gone', `postgresql://reader:${WITHHELD}@db:5432/desi is gone`],
    ['QLF_PASSWD=hunter2 ql-pipeline', `QLF_PASSWD=${WITHHELD} ql-pipeline`],
    ['{"password": "hun \\" ter2", "user": "a"}', `{"password": "${WITHHELD}", "user": "a"}`],
    ['{"tokens": [1, 2], "token": null, "apiKey": 12}', `{"tokens": [1, 2], "token": null, "apiKey": "${WITHHELD}"}`],
    ['{\\"password\\": \\"hunter2\\"}', `{\\"password\\": ${WITHHELD}\\"}`],
    ['--api-token hunter2 --verbose', `--api-token ${WITHHELD} --verbose`],
    ['Authorization: Basic aHVudGVyMg==', `Authorization: Basic ${WITHHELD}`],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2', WITHHELD],
    ['wrong user or password from 127.0.0.1 (and 3 before)', 'wrong user or password from 127.0.0.1 (and 3 before)'],
    ['exposure 00000007: fetching desi-00000007.fits.fz', 'exposure 00000007: fetching desi-00000007.fits.fz'],
  ];
  for (const [text, shown] of cases) expect(withoutSecrets(text)).toBe(shown);
});

it('takes them out of values by the names that they have, at any depth', () => {
  expect(
    withoutSecretValues({
      host: 'a',
      password: 'x',
      tls: { passphrase: 'y', ca: null },
      argv: ['--token z'],
      token: null,
    }),
  ).toEqual({
    ...{ host: 'a', password: WITHHELD, tls: { passphrase: WITHHELD, ca: null } },
    ...{ argv: [`--token ${WITHHELD}`], token: null },
  });
  expect(['password', 'PGPASSWORD', 'QLF_PASSWD', 'keyPassphrase', 'apiKey'].every(isSecretName)).toBe(true);
  expect(['host', 'user', 'identityFile', 'bypass', 'tlsMode'].some(isSecretName)).toBe(false);
});

it('never lets an assigned word through, nor chokes on any text', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9!#%^*+/_.-]{8,40}$/);
  fc.assert(
    fc.property(word, fc.constantFrom('password=', 'token: ', '"secret":"', 'PGPASSWORD='), (secret, name) => {
      expect(withoutSecrets(`a ${name}${secret} b`)).not.toContain(secret);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof withoutSecrets(text)).toBe('string');
    }),
  );
});
