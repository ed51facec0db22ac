import { assertNever } from '../assert-never.ts';
import { compareAlarms, isOpen, type Alarm } from '../domain/alarm.ts';
import type { Exposure } from '../domain/exposure.ts';
import type { Job } from '../domain/run.ts';
import type { MeasurementSummary } from '../domain/measurement.ts';
import { LOG_TAIL, RECENT_EXPOSURES, type ControlRoomState, type RunDetail } from './control-room.ts';
import type { ControlRoomEvent, EventBatch } from './events.ts';

function withExposure(exposures: Exposure[], exposure: Exposure): Exposure[] {
  const others = exposures.filter((other) => other.expid !== exposure.expid);
  const at = others.findIndex((other) => other.expid < exposure.expid);
  const next = at < 0 ? [...others, exposure] : [...others.slice(0, at), exposure, ...others.slice(at)];
  return next.slice(0, RECENT_EXPOSURES);
}

function withJob(detail: RunDetail, job: Job): RunDetail {
  const at = detail.jobs.findIndex((other) => other.id === job.id);
  if (at < 0) return { ...detail, jobs: [...detail.jobs, job] };
  const jobs = detail.jobs.slice();
  jobs[at] = job;
  return { ...detail, jobs };
}

/** Keeps the newest revision of each job's metric. */
function withMeasurement(detail: RunDetail, measurement: MeasurementSummary): RunDetail {
  const at = detail.measurements.findIndex(
    (other) => other.jobId === measurement.jobId && other.metric === measurement.metric,
  );
  if (at < 0) return { ...detail, measurements: [...detail.measurements, measurement] };
  const before = detail.measurements[at];
  if (before && before.revision >= measurement.revision) return detail;
  const measurements = detail.measurements.slice();
  measurements[at] = measurement;
  return { ...detail, measurements };
}

function withAlarm(alarms: Alarm[], alarm: Alarm): Alarm[] {
  const others = alarms.filter((other) => other.id !== alarm.id);
  return isOpen(alarm) ? [...others, alarm].sort(compareAlarms) : others;
}

/** Applies one event; returns the same object where nothing on screen changes but the sequence number. */
function apply(state: ControlRoomState, event: ControlRoomEvent): ControlRoomState {
  const { current } = state;
  switch (event.type) {
    case 'engine':
      return { ...state, engine: event.engine };
    case 'connection':
      return {
        ...state,
        connections: state.connections.some((c) => c.name === event.connection.name)
          ? state.connections.map((c) => (c.name === event.connection.name ? event.connection : c))
          : [...state.connections, event.connection],
      };
    case 'questions':
      return { ...state, questions: event.questions };
    case 'exposure':
      return { ...state, exposures: withExposure(state.exposures, event.exposure) };
    case 'run':
      return current?.run.id === event.run.id ? { ...state, current: { ...current, run: event.run } } : state;
    case 'run-detail':
      return { ...state, current: event.detail };
    case 'job':
      return current?.run.id === event.job.runId ? { ...state, current: withJob(current, event.job) } : state;
    case 'measurement':
      return current?.run.id === event.measurement.runId
        ? { ...state, current: withMeasurement(current, event.measurement) }
        : state;
    case 'transfer':
      return { ...state, transfer: event.progress };
    case 'log':
      return { ...state, log: [...state.log, event.line].slice(-LOG_TAIL) };
    case 'notes':
      return { ...state, notes: state.notes + 1 };
    case 'disk':
      return { ...state, disk: event.disk };
    case 'alarm':
      return { ...state, alarms: withAlarm(state.alarms, event.alarm) };
    case 'alarm-gone':
      return { ...state, alarms: state.alarms.filter(({ id }) => id !== event.id) };
    case 'mutes':
      return { ...state, mutes: event.mutes };
    case 'announcement':
      return { ...state, announcement: event.announcement };
    case 'typical':
      return { ...state, typicalStageMs: event.typicalStageMs };
    default:
      return assertNever(event, 'event');
  }
}

/** Applies one event and counts it. Pure: the state given is never changed. */
export function reduce(state: ControlRoomState, event: ControlRoomEvent): ControlRoomState {
  return { ...apply(state, event), seq: state.seq + 1 };
}

/**
 * Applies a batch from the push channel. Events already applied are skipped (a snapshot may be newer than a batch
 * under way); undefined means that events are missing and the snapshot must be taken again.
 */
export function applyBatch(state: ControlRoomState, batch: EventBatch): ControlRoomState | undefined {
  if (batch.firstSeq > state.seq + 1) return undefined;
  return batch.events.slice(state.seq + 1 - batch.firstSeq).reduce(reduce, state);
}
