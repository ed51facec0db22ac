import { memo, useState } from 'react';
import type { CameraName } from '#shared/domain/camera.ts';
import type { Job } from '#shared/domain/run.ts';
import { METRIC_GROUPS, findKey } from '#shared/qa/catalogue.ts';
import { elementWord, groupWord, rowTag, type CameraModel, type GroupModel } from '../../model/camera-model.ts';
import { formatDuration, formatValue } from '../../model/format.ts';
import { currentStep, pipsOf } from '../../model/stages.ts';
import { STATUS_WORDS, type Status } from '../../model/status.ts';
import { useCommand, useRoom } from '../../store/context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';

function Pips({ job }: { job: Job | null }) {
  return (
    <div className="pips" aria-hidden="true">
      {(job ? pipsOf(job) : []).map(({ step, state }) => (
        <i key={step} className={state} />
      ))}
    </div>
  );
}

/** A value that follows sooner shows without fading, ms: a row that never rests would flicker and repaint the grid all the time. */
const CALM_MS = 1000;

/**
 * One of the rows CCD, FIB, SPEC; a value that arrives while one looks fades in once.
 * @param at when the camera's newest value came, ms since the epoch; 0: none has
 */
function GroupRow({ model, at }: { model: GroupModel; at: number }) {
  const { shown, status } = model;
  const value = shown ? formatValue(shown.element.value) : status === 'unknown' ? 'n/a' : '';
  const content = `${value} ${status}`;
  const [seen, setSeen] = useState({ content, status, at, turn: 0 });
  if (seen.content !== content) {
    const restless = status === seen.status && at > seen.at && at - seen.at < CALM_MS;
    setSeen({ content, status, at, turn: restless ? seen.turn : seen.turn + 1 });
  }
  // Two names of one fade, by turns: it begins again without the row being built anew.
  const fade = seen.turn === 0 ? '' : seen.turn % 2 === 1 ? ' fresh' : ' fresh again';
  return (
    <div className={`group ${status}${fade}`} aria-hidden="true">
      <span>{rowTag(model)}</span>
      <b>{value}</b>
      <StatusGlyph status={status} size={13} named />
    </div>
  );
}

function groupName({ group, shown, status }: GroupModel): string {
  if (!shown) return `${groupWord(group)} ${STATUS_WORDS[status]}`;
  const label = findKey(shown.key.key)?.label ?? shown.key.key;
  const element = elementWord(shown.key.key, shown.element.label);
  const words = [
    groupWord(group),
    STATUS_WORDS[status],
    label.toLowerCase(),
    element,
    formatValue(shown.element.value),
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** All that the cell says, for those who do not see it. */
function accessibleName(model: CameraModel): string {
  const step = model.job && model.job.state === 'running' ? currentStep(model.job) : undefined;
  const groups = hasRows(model) ? METRIC_GROUPS.map((group) => groupName(model.groups[group])) : [];
  const reason = model.job?.reason ?? '';
  return [model.camera, STATUS_WORDS[model.status], step ?? '', reason, ...groups]
    .filter((word) => word !== '')
    .join(', ');
}

/** Cameras without results say why instead. */
function hasRows({ job, status }: CameraModel): boolean {
  if (job === null) return status === 'waiting';
  return job.state === 'done' || job.state === 'running' || job.state === 'waiting';
}

const WHY: Partial<Record<Status, readonly [string, string]>> = {
  missing: ['Missing', 'expected, not in the file'],
  'not-expected': ['Not expected', 'not in this exposure'],
  unknown: ['Not processed', 'the run ended before it'],
};

/** 'extract, exit 1' of 'extract, exit 1: singular matrix …'; all of it stands in the list beside. */
function firstClause(reason: string): string {
  return reason.split(/[:;.] /, 1)[0] ?? reason;
}

function Why({ model }: { model: CameraModel }) {
  const { job, status } = model;
  const [title, text] =
    job?.state === 'failed'
      ? ['Failed', firstClause(job.reason)]
      : job?.state === 'cancelled'
        ? ['Cancelled', job.reason]
        : (WHY[job?.state === 'missing' ? 'missing' : job?.state === 'not-expected' ? 'not-expected' : status] ?? [
            '',
            '',
          ]);
  return (
    <p className="why" aria-hidden="true">
      <b>{title}</b>
      <span>{job?.state === 'missing' || job?.state === 'not-expected' ? job.reason || text : text}</span>
    </p>
  );
}

function Retry({ job }: { job: Job }) {
  const command = useCommand();
  return (
    <button
      type="button"
      className="button small"
      aria-label={`Retry ${job.camera}`}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        void command((bridge) => bridge.call('job.retry', { runId: job.runId, camera: job.camera }));
      }}
    >
      <Icon name="retry" size={13} />
      Retry
    </button>
  );
}

/** At the right of the name: the time it took, the step it is in, or the shape of what went wrong. */
function Corner({ model }: { model: CameraModel }) {
  const { job, status } = model;
  const state = job ? job.state : status;
  if (!job || state === 'missing' || state === 'not-expected' || state === 'failed' || state === 'cancelled') {
    return (
      <span className="corner">
        {status !== state && <StatusGlyph status={status} size={15} named />}
        {state !== 'done' && <StatusGlyph status={state} size={15} named />}
      </span>
    );
  }
  if (job.state === 'done' && job.startedAt !== null && job.endedAt !== null) {
    return <span className="corner">{formatDuration(job.endedAt - job.startedAt)}</span>;
  }
  return <span className="corner">{job.state === 'running' ? (currentStep(job) ?? 'starting') : 'waiting'}</span>;
}

/** Statuses that change the surface of a cell. */
function surface(model: CameraModel): string {
  const { job, status } = model;
  const state = job?.state;
  const machinery = state === 'failed' || state === 'cancelled' || state === 'missing' || state === 'not-expected';
  return machinery && state !== status ? `${state} ${status}` : status;
}

/** A camera in the grid; only its own measurements and job render it again. */
export const CameraCell = memo(function CameraCell({
  camera,
  column,
  focusable,
  onOpen,
  onFocus,
}: {
  camera: CameraName;
  column: number;
  focusable: boolean;
  onOpen: (camera: CameraName) => void;
  onFocus: (camera: CameraName) => void;
}) {
  const model = useRoom((state) => state.cameras[camera]);
  const { job } = model;
  const retriable = job !== null && (job.state === 'failed' || job.state === 'cancelled');
  const at = model.measurements.reduce((newest, { receivedAt }) => Math.max(newest, receivedAt), 0);
  return (
    <div
      role="gridcell"
      tabIndex={focusable ? 0 : -1}
      aria-colindex={column}
      aria-label={accessibleName(model)}
      className={`cell ${surface(model)}`}
      data-camera={camera}
      data-status={model.status}
      data-measured={model.measurements.length}
      onClick={() => {
        onOpen(camera);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        onOpen(camera);
      }}
      onFocus={() => {
        onFocus(camera);
      }}
    >
      <div className="name" aria-hidden="true">
        {camera}
        <Corner model={model} />
      </div>
      {(hasRows(model) || retriable) && <Pips job={job} />}
      {hasRows(model) ? (
        METRIC_GROUPS.map((group) => <GroupRow key={group} model={model.groups[group]} at={at} />)
      ) : (
        <Why model={model} />
      )}
      {job && retriable && <Retry job={job} />}
    </div>
  );
});
