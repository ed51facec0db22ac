import { useState } from 'react';
import { NO_QUESTIONS, type HostKeyQuestion, type SecretQuestion } from '#shared/domain/connection.ts';
import { useApp, useRoom } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { HostKeyDialog } from './host-key-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

function keyWords({ host, verdict, refused }: HostKeyQuestion): string {
  if (verdict === 'changed') return `${host} presents another key than the one on record. QLF does not talk to it.`;
  if (verdict === 'revoked') return `${host} presents a key that was revoked. QLF does not talk to it.`;
  return refused
    ? `The key of ${host} was refused: nothing comes from there.`
    : `${host} is new: nothing comes from there until somebody has compared its key.`;
}

/** What the connections ask a person, on every screen until it is answered. */
export function QuestionsStrip() {
  const { view } = useApp();
  const { hostKeys, secrets } = useRoom((state) => state.room?.questions ?? NO_QUESTIONS);
  const [key, setKey] = useState<HostKeyQuestion | null>(null);
  const [secret, setSecret] = useState<SecretQuestion | null>(null);
  return (
    <>
      {hostKeys.map((question) => (
        <p
          className={`strip${question.verdict === 'unknown' ? '' : ' fault'}`}
          key={`${question.host} ${question.port}`}
          role={question.verdict === 'unknown' ? undefined : 'alert'}
        >
          <StatusGlyph status={question.verdict === 'unknown' ? 'warning' : 'failed'} size={14} />
          <span>{keyWords(question)}</span>
          <Button
            small
            onClick={() => {
              setKey(question);
            }}
          >
            {question.verdict === 'unknown' ? 'Compare the key' : 'What to do'}
          </Button>
        </p>
      ))}
      {secrets.map((question) => (
        <p className="strip" key={question.name}>
          <StatusGlyph status="warning" size={14} />
          <span>A connection needs {question.words}.</span>
          <Button
            small
            onClick={() => {
              setSecret(question);
            }}
          >
            Give it
          </Button>
        </p>
      ))}
      {key && (
        <HostKeyDialog
          question={key}
          onClose={(accepted) => {
            setKey(null);
            if (accepted) view.setState({ told: `The key of ${key.host} is on record; connections to it go on.` });
          }}
        />
      )}
      {secret && (
        <SecretDialog
          question={secret}
          onClose={(given) => {
            setSecret(null);
            if (given) view.setState({ told: `${secret.words} was given; the connection is tried again.` });
          }}
        />
      )}
    </>
  );
}
