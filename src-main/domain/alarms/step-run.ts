import type { Alarm, AlarmSettings } from '#shared/domain/alarm.ts';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { expid8 } from '#shared/domain/exposure.ts';
import type { Run } from '#shared/domain/run.ts';
import { count } from '#shared/words.ts';
import { memberCamera, type Cause } from './cause.ts';
import { alarmOf, event, measuredWords, over, type AlarmChange } from './change.ts';
import { outlookOf, type RunFacts } from './recovery.ts';

export interface RunStep extends RunFacts {
  /** The causes that the run shows (so far). */
  causes: readonly Cause[];
  /** The run has ended; before that causes are raised, but nothing is counted or judged to be over. */
  complete: boolean;
}

/** Whether a cause is that of an alarm, seen again: the same kind or main key, in a camera or amplifier in common. */
function isOf(alarm: Alarm, cause: Cause): boolean {
  const related =
    alarm.kind === cause.kind ||
    (alarm.family === 'data' && cause.family === 'data' && alarm.keys.some((key) => key === cause.keys[0]));
  if (!related) return false;
  const exact = new Set(cause.members);
  if (alarm.members.some((member) => exact.has(member))) return true;
  // An amplifier's alarm and one of its whole camera have the camera in common; two amplifiers of it have not.
  const whole = cause.members.every((member) => !member.includes(':'));
  const wasWhole = alarm.members.every((member) => !member.includes(':'));
  if (whole === wasWhole) return false;
  const cameras = new Set(cause.members.map(memberCamera));
  return alarm.members.some((member) => cameras.has(memberCamera(member)));
}

/** The newest exposure that has said anything of an alarm, good or bad. */
const newestOf = ({ expid, goodExpid }: Alarm): number => Math.max(expid ?? 0, goodExpid ?? 0);

/** Whether an alarm that is over told of a cause in this very exposure, which a later look at it only repeats. */
function wasOf(alarm: Alarm, cause: Cause, { expid }: Run): boolean {
  const { firstExpid, expid: last, goodExpid } = alarm;
  const covered = firstExpid !== null && last !== null && firstExpid <= expid && expid <= last && goodExpid !== expid;
  return covered && isOf(alarm, cause);
}

const weight = ({ severity }: Pick<Alarm, 'severity'>): number => (severity === 'warning' ? 1 : 2);
const inOrder = (cameras: readonly CameraName[]): CameraName[] => CAMERAS.filter((camera) => cameras.includes(camera));

/** What the run shows, put on an alarm that stands already. */
function seenAgain(alarm: Alarm, cause: Cause, step: RunStep, settings: AlarmSettings, at: number): AlarmChange {
  const { run, complete } = step;
  const { expid } = run;
  const newer = expid > (alarm.expid ?? -1);
  const joined = cause.members.filter((member) => !alarm.members.includes(member));
  const graver = weight(cause) > weight(alarm);
  const back = !alarm.present;
  // While a run goes on, cameras are still to come: nothing is narrowed before it has ended.
  const widest =
    complete && (newer || run.id === alarm.runId) ? cause.members : [...new Set([...alarm.members, ...cause.members])];
  const seen: Alarm = {
    ...alarm,
    kind: cause.kind,
    family: cause.family,
    severity: graver ? cause.severity : alarm.severity,
    title: cause.title,
    value: cause.value,
    detail: cause.detail,
    members: widest,
    cameras: inOrder(widest.map((member) => memberCamera(member) as CameraName)),
    amplifiers: cause.amplifiers,
    keys: cause.keys,
    also: cause.also,
    camera: cause.camera,
    present: true,
    goods: 0,
    goodExpid: null,
    expid,
    runId: run.id,
    night: run.night,
    exposures: alarm.exposures + (newer ? 1 : 0),
  };
  if (alarm.state === 'pending') {
    if (seen.exposures < settings[seen.severity].delay)
      return { alarm: seen, events: newer ? [event('seen', measuredWords(cause), expid)] : [], announce: null };
    const raised: Alarm = { ...seen, state: 'new', raisedAt: at, changedAt: at };
    const words = `${measuredWords(cause)} in ${count(seen.exposures, 'exposure')}`;
    return { alarm: raised, events: [event('raised', words, expid)], announce: 'new' };
  }
  const alreadyInRun = alarm.runId === run.id && !complete;
  const worse = graver || (joined.length > 0 && !(alarm.runId === run.id));
  if (worse || (back && alarm.state !== 'shelved')) {
    const what = graver
      ? `now an alarm: ${measuredWords(cause)}`
      : joined.length > 0
        ? `also ${joined.join(', ')}: ${measuredWords(cause)}`
        : `back: ${measuredWords(cause)}`;
    const alarmed: Alarm = { ...seen, state: 'new', changedAt: at, shelvedUntil: null, before: alarm.value };
    return {
      alarm: alarmed,
      events: [event(worse ? 'worse' : 'back', what, expid)],
      announce: worse ? 'worse' : 'new',
    };
  }
  const events = newer && !alreadyInRun ? [event('seen', measuredWords(cause), expid)] : [];
  return { alarm: seen, events, announce: null };
}

function firstSeen(cause: Cause, { run, complete }: RunStep, settings: AlarmSettings, at: number): AlarmChange[] {
  const waits = settings[cause.severity].delay > 1;
  // What must be seen in several exposures is counted once an exposure is complete.
  if (waits && !complete) return [];
  const { expid, id: runId, night } = run;
  const alarm: Alarm = { ...alarmOf(cause, waits ? 'pending' : 'new', at), firstExpid: expid, expid, runId, night };
  const words = `${cause.severity}: ${measuredWords(cause)}`;
  return [{ alarm, events: [event(waits ? 'seen' : 'raised', words, expid)], announce: waits ? null : 'new' }];
}

/** An alarm that turned out to be part of another: forgotten if it is of this very run, else closed with a word. */
function merged(alarm: Alarm, into: Cause, { run }: RunStep, at: number): AlarmChange {
  const own = alarm.runId === run.id && alarm.exposures === 1 && alarm.by === '';
  const words = `part of: ${into.title}`;
  return {
    alarm: {
      ...alarm,
      state: 'cleared',
      present: false,
      clearedAt: at,
      changedAt: at,
      note: words,
      shelvedUntil: null,
    },
    events: [event('merged', words, run.expid)],
    announce: null,
    ...(own || alarm.state === 'pending' ? { discard: true as const } : {}),
  };
}

function goodAgain(alarm: Alarm, step: RunStep, settings: AlarmSettings, at: number): AlarmChange[] {
  const { run } = step;
  if (alarm.state === 'pending') return [{ alarm, events: [], announce: null, discard: true }];
  // A camera retried in an exposure that was good already makes it no second good one.
  if (run.expid === alarm.goodExpid) return [];
  if (alarm.goods >= settings[alarm.severity].recovery && !alarm.present) return [];
  const goods = alarm.goods + 1;
  const where = run.expid === alarm.expid ? `run ${run.id} good` : `good in ${expid8(run.expid)}`;
  const counted: Alarm = { ...alarm, goods, goodExpid: run.expid };
  const needed = settings[alarm.severity].recovery;
  if (goods >= needed) return [over(counted, goods > 1 ? `good in ${goods} exposures` : where, settings, at)];
  return [{ alarm: counted, events: [event('good', `${where}, ${goods} of ${needed}`, run.expid)], announce: null }];
}

/**
 * What one run changes in the alarms that are open. A cause that an open alarm has already goes on there: a retried job, a run
 * taken up after a restart, or the next exposure makes no second one. Runs of older exposures, caught up later, can raise what was
 * not known, but say nothing about what newer ones have shown.
 *
 * @param open all alarms that are not cleared, pending ones too
 * @param past those of the same night that are
 */
export function stepRun(
  open: readonly Alarm[],
  past: readonly Alarm[],
  step: RunStep,
  settings: AlarmSettings,
  at: number,
): AlarmChange[] {
  const { causes, run, complete } = step;
  const taken = new Set<number>();
  const changes = causes.flatMap((cause): AlarmChange[] => {
    const known = open.filter((alarm) => !taken.has(alarm.id) && isOf(alarm, cause));
    for (const { id } of known) taken.add(id);
    const [first, ...others] = known;
    if (!first) return past.some((alarm) => wasOf(alarm, cause, run)) ? [] : firstSeen(cause, step, settings, at);
    if (run.expid < newestOf(first)) return [];
    return [
      seenAgain(first, cause, step, settings, at),
      ...others.filter((alarm) => run.expid >= newestOf(alarm)).map((alarm) => merged(alarm, cause, step, at)),
    ];
  });
  if (!complete) return changes;
  const rest = open.filter((alarm) => {
    const ofRuns = alarm.family !== 'contact' && alarm.kind !== 'disk';
    return ofRuns && !taken.has(alarm.id) && run.expid >= newestOf(alarm);
  });
  return [
    ...changes,
    ...rest.flatMap((alarm) =>
      outlookOf(alarm, step, settings.margin) === 'good' ? goodAgain(alarm, step, settings, at) : [],
    ),
  ];
}
