import { databaseSecret, keySecret, type CheckResult, type SecretQuestion } from '#shared/domain/connection.ts';
import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import { HostKeyError } from '../domain/host-key-error.ts';
import type { RemoteHost } from '../domain/ports/dos-client.ts';

const NOTHING = { advice: '', hostKey: null, secret: null } as const;

export const good = (found: string): CheckResult => ({ ...NOTHING, outcome: 'good', found });
export const doubt = (found: string, advice: string): CheckResult => ({ ...NOTHING, outcome: 'doubt', found, advice });

const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};

/** What stopped a trial, with what to do where the words do not say it themselves. */
export function failed(error: unknown, advice = ''): CheckResult {
  const found = sentence(error instanceof Error ? error.message : String(error));
  if (!(error instanceof HostKeyError)) return { ...NOTHING, outcome: 'failed', found, advice };
  const { verdict, presented } = error;
  const { host, port, type, fingerprint } = presented;
  const hostKey = { host, port, type, fingerprint, verdict, since: 0, refused: false };
  const what =
    verdict === 'unknown'
      ? 'Compare the fingerprint with the one that the host\u2019s administrator gives you, then accept it here.'
      : 'Do not go on. Ask the host\u2019s administrator, on another way than this network, whether its key was changed.';
  return { ...NOTHING, outcome: 'failed', found, advice: what, hostKey };
}

export const passwordOf = (to: OpsdbConfiguration): SecretQuestion => ({
  name: databaseSecret(to),
  words: `the password of ${to.user} at ${to.host}, port ${to.port}`,
});

export const passphraseOf = ({ identityFile }: Pick<RemoteHost, 'identityFile'>): SecretQuestion => ({
  name: keySecret(identityFile),
  words: identityFile === null ? 'the passphrase of the usual SSH key' : `the passphrase of the key ${identityFile}`,
});
