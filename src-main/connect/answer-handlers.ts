import type { Handlers } from '#shared/ipc/contract.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';
import type { Secrets } from '../domain/ports/secrets.ts';
import type { Store } from '../domain/ports/store.ts';
import type { QuestionDesk } from './questions.ts';

export interface AnswerParts {
  desk: QuestionDesk;
  hostKeys: HostKeys;
  secrets: Secrets;
  store: Pick<Store, 'addJournal'>;
  events: Pick<EventSink, 'log'>;
  /** Told when an answer may have opened a way: what waits is tried again. */
  answered: () => void;
  now: () => number;
}

/** What a person answers: keys that were compared, secrets that were given. Who did what is in the journal and the log. */
export function answerHandlers(
  parts: AnswerParts,
): Pick<Handlers, 'secret.state' | 'secret.set' | 'secret.remove' | 'host-key.accept' | 'host-key.refuse'> {
  const { desk, hostKeys, secrets, store, events, answered, now } = parts;
  const note = (kind: string, text: string): void => {
    store.addJournal({ at: now(), kind, expid: null, camera: null, text });
    events.log('engine', 'info', text);
  };
  const words = (key: { host: string; port: number; type: string; fingerprint: string }): string =>
    `the key ${key.fingerprint} (${key.type}) of ${key.host}, port ${key.port},`;
  return {
    'secret.state': ({ names }) => ({
      ...secrets.keeping,
      known: names.filter((name) => secrets.get(name) !== null),
    }),
    'secret.set': ({ name, secret }) => {
      if (/[\n\r\0]/.test(secret))
        throw new QlfError('bad-request', 'a secret with a line break cannot be given to ssh or to a database');
      desk.settleSecret(name);
      note('secret-given', `a secret was given: ${name}`);
      secrets.set(name, secret);
      answered();
      return {};
    },
    'secret.remove': ({ name }) => {
      note('secret-removed', `a secret was removed: ${name}`);
      secrets.remove(name);
      return {};
    },
    'host-key.accept': async ({ by, ...shown }) => {
      const key = desk.keyShown(shown);
      if (key.verdict !== 'unknown')
        throw new QlfError(
          'conflict',
          `the key of ${key.host} is ${key.verdict}: it is not accepted here. Ask the host\u2019s administrator; the line of the old key is to be removed by hand first.`,
        );
      const { verdict: _verdict, ...presented } = key;
      await hostKeys.accept(presented);
      desk.answerKey(shown, true);
      note('host-key-accepted', `${words(key)} was compared and accepted by ${by}`);
      answered();
      return {};
    },
    'host-key.refuse': ({ by, ...shown }) => {
      const key = desk.keyShown(shown);
      desk.answerKey(shown, false);
      note('host-key-refused', `${words(key)} was refused by ${by}`);
      return {};
    },
  };
}
