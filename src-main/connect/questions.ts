import type { HostKeyQuestion, Questions, SecretQuestion } from '#shared/domain/connection.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { PresentedHostKey } from '../domain/host-key-error.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { HostKeys } from '../domain/ports/host-keys.ts';

/** What was judged so long before is no news of the same attempt. ms */
const SAME_ATTEMPT = 5000;
const WORST = ['revoked', 'changed', 'unknown'] as const;

interface Judged extends HostKeyQuestion {
  presented: PresentedHostKey;
  at: number;
  quiet: boolean;
}

/** The key that a person was shown. */
type ShownKey = Pick<HostKeyQuestion, 'host' | 'port' | 'fingerprint'>;

/** What connections ask a person: to compare the key of a host, to give a secret. Everybody who watches sees it. */
export interface QuestionDesk {
  /**
   * The same host keys; what they do not know becomes a question.
   * @param quiet the question is not put to everybody: who tries a connection shows it
   */
  watch: (keys: HostKeys, quiet?: boolean) => HostKeys;
  /** A connection needs this secret, and nobody has given it. */
  wantSecret: (question: SecretQuestion) => void;
  /** It is given, or no longer needed. */
  settleSecret: (name: string) => void;
  /** The question about this very key. @throws QlfError `conflict` where there is none (any more) */
  keyShown: (shown: ShownKey) => PresentedHostKey & Pick<HostKeyQuestion, 'verdict'>;
  /** As somebody has decided. */
  answerKey: (shown: ShownKey, accepted: boolean) => void;
  /** Rises when a key was accepted, so that who has failed by it tries again. */
  readonly accepted: number;
}

const addressOf = ({ host, port }: { host: string; port: number }): string => `${host} ${port}`;

export function createQuestionDesk(events: Pick<EventSink, 'publish'>, now: () => number): QuestionDesk {
  /** By address, then by fingerprint: a host may have keys of several types. */
  const keys = new Map<string, Map<string, Judged>>();
  const secrets = new Map<string, SecretQuestion>();
  let told = '';
  let accepted = 0;

  /** One question a host: the worst that is known of its keys. */
  function questions(): Questions {
    const hostKeys = [...keys.values()].flatMap((judged) => {
      const list = [...judged.values()].filter(({ quiet }) => !quiet);
      const worst = WORST.map((verdict) => list.find((key) => key.verdict === verdict)).find(Boolean);
      return worst ? [questionFrom(worst)] : [];
    });
    return { hostKeys, secrets: [...secrets.values()] };
  }

  function publish(): void {
    const next = questions();
    const text = JSON.stringify(next);
    if (text === told) return;
    told = text;
    events.publish({ type: 'questions', questions: next });
  }

  function judged(presented: PresentedHostKey, verdict: HostKeyQuestion['verdict'], tried: boolean): void {
    const at = now();
    const address = addressOf(presented);
    const { host, port, type, fingerprint } = presented;
    const before = keys.get(address) ?? new Map<string, Judged>();
    const known = before.get(fingerprint);
    const fresh = [...before].filter(([, key]) => at - key.at < SAME_ATTEMPT);
    const quiet = tried && (known?.quiet ?? true);
    const refused = known?.verdict === verdict && known.refused;
    const question = {
      host,
      port,
      type,
      fingerprint,
      verdict,
      since: known?.since ?? at,
      refused,
      presented,
      at,
      quiet,
    };
    keys.set(address, new Map(fresh).set(fingerprint, question));
    publish();
  }

  const find: QuestionDesk['keyShown'] = (shown) => {
    const found = keys.get(addressOf(shown))?.get(shown.fingerprint);
    if (!found)
      throw new QlfError('conflict', `${shown.host} does not present that key any more. Try the connection again.`);
    return { ...found.presented, verdict: found.verdict };
  };

  return {
    watch: (own, quiet = false) => ({
      ...own,
      async judge(address, key, extraFile) {
        const verdict = await own.judge(address, key, extraFile);
        if (verdict === 'known') {
          if (keys.delete(addressOf(address))) publish();
        } else judged(own.describe(address, Buffer.from(key.key, 'base64')), verdict, quiet);
        return verdict;
      },
    }),
    wantSecret(question) {
      secrets.set(question.name, question);
      publish();
    },
    settleSecret(name) {
      if (secrets.delete(name)) publish();
    },
    keyShown: find,
    answerKey(shown, yes) {
      const address = addressOf(shown);
      const found = keys.get(address)?.get(shown.fingerprint);
      if (yes) {
        keys.delete(address);
        accepted += 1;
      } else if (found) keys.get(address)?.set(shown.fingerprint, { ...found, refused: true });
      publish();
    },
    get accepted() {
      return accepted;
    },
  };
}

function questionFrom({ host, port, type, fingerprint, verdict, since, refused }: Judged): HostKeyQuestion {
  return { host, port, type, fingerprint, verdict, since, refused };
}
