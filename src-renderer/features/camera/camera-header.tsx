import { ARMS, SPECTROGRAPHS, type CameraName } from '#shared/domain/camera.ts';
import { findMetric } from '#shared/qa/catalogue.ts';
import type { CameraModel } from '../../model/camera-model.ts';
import { formatDuration } from '../../model/format.ts';
import { problemsOfCamera } from '../../model/problems.ts';
import { postedWords } from '../../model/posted.ts';
import { currentStep } from '../../model/stages.ts';
import { STATUS_WORDS } from '../../model/status.ts';
import { useApp, useCommand, useRoom } from '../../store/context.tsx';
import { Button } from '../../ui/controls.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { NotesButton } from '../notes/notes-drawer.tsx';

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the camera's header says: the worst in a sentence, then what it means or what comes next. */
export function headerWords(model: CameraModel): { title: string; text: string } {
  const { job, status } = model;
  const problems = problemsOfCamera(model);
  const [worst] = problems;
  if (worst) {
    const facts = [worst.value, worst.severity === 'failed' || worst.severity === 'missing' ? '' : worst.detail];
    const title = [capital(worst.words), ...facts].filter((text) => text !== '').join(', ');
    const text = worst.value === '' ? worst.detail : (findMetric(worst.metric ?? '')?.description ?? '');
    const more =
      problems.length > 1
        ? ` Also: ${problems
            .slice(1, 4)
            .map(({ words }) => words)
            .join('; ')}.`
        : '';
    return { title, text: `${text}${more}`.trim() };
  }
  if (!job)
    return {
      title: capital(STATUS_WORDS[status]),
      text: status === 'waiting' ? 'The exposure has not been split yet.' : '',
    };
  switch (job.state) {
    case 'waiting':
      return { title: 'Waiting', text: 'The job begins when a place in the pool is free.' };
    case 'running':
      return {
        title: `Running ${currentStep(job) ?? ''}`.trim(),
        text: 'Every number appears as soon as it is posted.',
      };
    case 'done':
      return {
        title: 'Normal',
        text:
          job.startedAt !== null && job.endedAt !== null
            ? `Every number judged is inside its limits. It took ${formatDuration(job.endedAt - job.startedAt)}.`
            : '',
      };
    case 'not-expected':
      return { title: 'Not expected', text: job.reason || 'This camera is not part of this exposure.' };
    default:
      return { title: capital(STATUS_WORDS[status]), text: job.reason };
  }
}

/** The thirty cameras with their status, and the way to each. */
export function MiniGrid({ camera }: { camera: CameraName }) {
  const { view } = useApp();
  const cameras = useRoom((state) => state.cameras);
  return (
    <nav className="mini-grid" aria-label="Cameras">
      <span />
      {SPECTROGRAPHS.map((spectrograph) => (
        <span key={spectrograph} aria-hidden="true">
          {spectrograph}
        </span>
      ))}
      {ARMS.map((arm) => [
        <span key={arm} aria-hidden="true">
          {arm}
        </span>,
        ...SPECTROGRAPHS.map((spectrograph) => {
          const name = `${arm}${spectrograph}` as const;
          return (
            <button
              type="button"
              key={name}
              className={name === camera ? 'on' : ''}
              aria-label={`${name} ${STATUS_WORDS[cameras[name].status]}`}
              aria-current={name === camera ? 'true' : undefined}
              title={name}
              tabIndex={name === camera ? 0 : -1}
              onClick={() => {
                view.setState({ camera: name });
              }}
            >
              <StatusGlyph status={cameras[name].status} size={12} named />
            </button>
          );
        }),
      ])}
    </nav>
  );
}

/** The camera's name and verdict, with the way to every other camera. */
export function CameraHeader({ model }: { model: CameraModel }) {
  const command = useCommand();
  const { camera, status, job } = model;
  const { title, text } = headerWords(model);
  const posted = postedWords(job);
  const surface = status === 'alarm' ? ' alarm' : status === 'failed' || status === 'missing' ? ' fault' : '';
  return (
    <section className={`panel camera-header${surface}`} aria-label={`Camera ${camera}`}>
      <div className="big-name">
        <StatusGlyph status={status} size={46} />
        <b>{camera}</b>
      </div>
      <div className="camera-words" role="status">
        <h1 title={title}>{title}</h1>
        <p title={text}>
          {posted !== '' && (
            <b className="posted-note">
              <StatusGlyph status="warning" size={13} named /> {posted}{' '}
            </b>
          )}
          {text}
        </p>
      </div>
      <div className="camera-actions">
        <NotesButton />
        {job && (job.state === 'failed' || job.state === 'cancelled') && (
          <Button
            kind="primary"
            onClick={() => void command((bridge) => bridge.call('job.retry', { runId: job.runId, camera }))}
          >
            <Icon name="retry" size={14} />
            Retry {camera}
          </Button>
        )}
      </div>
      <MiniGrid camera={camera} />
    </section>
  );
}
