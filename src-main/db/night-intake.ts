import type Database from 'better-sqlite3';
import type { Job } from '#shared/domain/run.ts';
import type { NightLine } from '#shared/domain/night-file.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { nightOrder } from '../domain/night-order.ts';
import type { KnownRun, NightIntake, TakenIn } from '../domain/ports/night-exchange.ts';
import { trendElements } from './trend-elements.ts';

type Line<T extends NightLine['type']> = Extract<NightLine, { type: T }>;

const TYPES = [
  ...(['exposure', 'version', 'run', 'job', 'measurement', 'comment', 'flag', 'note'] as const),
  ...(['lost-time', 'event', 'cleaned', 'alarm'] as const),
] as const satisfies readonly NightLine['type'][];
const zeros = (): TakenIn['added'] => Object.fromEntries(TYPES.map((type) => [type, 0])) as TakenIn['added'];

/**
 * Takes a night of another database into this one. What is here stays as it is: an exposure is known by its EXPID, a run by
 * exposure and begin, a comment by author and time. Nothing that comes in is processed or alarms anybody; versions of
 * configurations and limits come for the runs that were made with them and judge nothing else.
 */
export function nightIntake(
  db: Database.Database,
  night: string,
  logOf: (expid: number, runId: number, camera: string) => string,
  now: number,
): NightIntake {
  const trends = trendElements(db);
  const runs: KnownRun[] = [];
  const result: TakenIn = { added: zeros(), known: zeros() };
  const versions = { configuration: new Map<number, number>(), limits: new Map<number, number>() };

  const exposure = db.prepare(`
    INSERT INTO exposure (expid, source, night, flavor, program, exptime, airmass, seeing, tileid, mjd_obs, date_obs, ra, dec,
      obstype, header, state, reason, cameras_expected, registered_at, effective_time, effective_requested)
    VALUES (@expid, 'external', @night, @flavor, @program, @exptime, @airmass, @seeing, @tileid, @mjdObs, @dateObs, @ra, @dec,
      @obstype, @header, @state, @reason, @cameras, @registeredAt, @effectiveTime, @effectiveRequested) ON CONFLICT (expid) DO NOTHING`);
  const nightOf = db.prepare<[number], { night: string }>('SELECT night FROM exposure WHERE expid = ?');
  const sameConfiguration = db.prepare<[string, string, number], { id: number }>(
    'SELECT id FROM configuration WHERE yaml = ? AND author = ? AND created_at = ?',
  );
  const sameLimits = db.prepare<[string, string, number], { id: number }>(
    'SELECT id FROM limits_version WHERE rules = ? AND author = ? AND created_at = ?',
  );
  const addConfiguration = db.prepare<unknown[], { id: number }>(
    'INSERT INTO configuration (yaml, author, reason, created_at, imported_at) VALUES (?, ?, ?, ?, ?) RETURNING id',
  );
  const addLimits = db.prepare<unknown[], { id: number }>(
    'INSERT INTO limits_version (rules, author, reason, created_at, imported_at) VALUES (?, ?, ?, ?, ?) RETURNING id',
  );
  const sameRun = db.prepare<[number, string, number], { id: number }>(
    'SELECT id FROM run WHERE expid = ? AND kind = ? AND started_at = ?',
  );
  const addRun = db.prepare<[object], { id: number }>(`
    INSERT INTO run (expid, night, kind, state, stage, stages, reason, configuration_id, limits_id, configuration, reopened,
      started_at, ended_at)
    VALUES (@expid, @night, @kind, @state, @stage, @stages, @reason, @configurationId, @limitsId, @configuration, 1,
      @startedAt, @endedAt) RETURNING id`);
  const judged = db.prepare<[number, number]>('INSERT OR IGNORE INTO alarm_run (run_id, ended_at) VALUES (?, ?)');
  const lastRun = db.prepare<[number, number]>(
    'UPDATE exposure SET last_run_id = ? WHERE expid = ? AND last_run_id IS NULL',
  );
  const findJob = db.prepare<[number, string], { id: number }>('SELECT id FROM job WHERE run_id = ? AND camera = ?');
  const addJob = db.prepare(`
    INSERT INTO job (run_id, expid, camera, state, steps, plan, attempt, started_at, ended_at, exit_code, signal, reason,
      log_file, posted_status, posted_label)
    VALUES (@runId, @expid, @camera, @state, @steps, @plan, @attempt, @startedAt, @endedAt, @exitCode, @signal, @reason,
      @logFile, @postedStatus, @postedLabel)`);
  const addMeasurement = db.prepare<[object], { id: number }>(`
    INSERT INTO measurement (job_id, metric, sender_name, revision, status, keys, digest, non_finite, received_at)
    VALUES (@jobId, @metric, @senderName, @revision, @status, @keys, @digest, @nonFinite, @receivedAt)
    ON CONFLICT DO NOTHING RETURNING id`);
  const addValue = db.prepare<[number, string]>('INSERT INTO measurement_value (measurement_id, value) VALUES (?, ?)');
  const sameComment = db.prepare('SELECT 1 FROM comment WHERE expid = ? AND author = ? AND created_at = ?');
  const addComment = db.prepare<[object], { id: number }>(`
    INSERT INTO comment (author, text, created_at, expid, camera, fiber, edited_at, edited_by, deleted_at, deleted_by)
    VALUES (@author, @text, @createdAt, @expid, @camera, @fiber, @editedAt, @editedBy, @deletedAt, @deletedBy) RETURNING id`);
  const addVersion = db.prepare('INSERT INTO comment_version (comment_id, text, author, until) VALUES (?, ?, ?, ?)');
  const sameFlag = db.prepare('SELECT 1 FROM quality_flag WHERE expid = ? AND author = ? AND at = ?');
  const addFlag = db.prepare('INSERT INTO quality_flag (expid, flag, author, reason, at) VALUES (?, ?, ?, ?, ?)');
  const sameNote = db.prepare('SELECT 1 FROM night_note WHERE night = ? AND author = ? AND at = ?');
  const addNote = db.prepare('INSERT INTO night_note (night, author, text, at) VALUES (?, ?, ?, ?)');
  const sameLostTime = db.prepare(
    'SELECT 1 FROM lost_time_reason WHERE night = ? AND after_expid IS ? AND author = ? AND at = ?',
  );
  const addLostTime = db.prepare(`
    INSERT INTO lost_time_reason (night, after_expid, from_at, to_at, cause, words, author, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const sameEvent = db.prepare('SELECT 1 FROM event WHERE expid = ? AND at = ? AND kind = ? AND text = ?');
  const addJournal = db.prepare('INSERT INTO event (at, kind, expid, camera, text) VALUES (?, ?, ?, ?, ?)');
  const sameCleaned = db.prepare('SELECT 1 FROM cleaned WHERE expid = ? AND run_id IS ? AND kind = ? AND at = ?');
  const addCleaned = db.prepare(`
    INSERT INTO cleaned (at, expid, run_id, kind, files, bytes, why, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const sameAlarm = db.prepare('SELECT 1 FROM alarm WHERE kind = ? AND title = ? AND raised_at = ?');
  const addAlarm = db.prepare<unknown[], { id: number }>(`
    INSERT INTO alarm (state, severity, kind, title, night, raised_at, cleared_at, record)
    VALUES ('cleared', ?, ?, ?, ?, ?, ?, '{}') RETURNING id`);
  const setRecord = db.prepare<[string, number]>('UPDATE alarm SET record = ? WHERE id = ?');
  const addEvent = db.prepare(
    'INSERT INTO alarm_event (alarm_id, at, kind, by, text, expid) VALUES (?, ?, ?, ?, ?, ?)',
  );

  const check = nightOrder(night, (expid) => nightOf.get(expid)?.night);
  const runOf = (there: number): KnownRun => {
    const known = runs.find((run) => run.there === there);
    if (!known)
      throw new QlfError('conflict', `the night's file names run ${there} before it tells of it; it is damaged`);
    return known;
  };
  const ofNight = (expid: number): void => {
    if (nightOf.get(expid)?.night !== night)
      throw new QlfError('conflict', `exposure ${expid} is not of night ${night} here; the night is not taken in`);
  };

  /** @returns whether it was added */
  const takers: { [T in NightLine['type']]: (line: Line<T>) => boolean } = {
    exposure({ exposure: about, state, reason, camerasExpected, registeredAt, effectiveTime, effectiveRequested }) {
      const over = state !== 'waiting' && state !== 'processing';
      const added = exposure.run({
        ...about,
        header: JSON.stringify(about.header),
        cameras: JSON.stringify(camerasExpected),
        // What waited there is not for this engine to process.
        state: over ? state : 'registered',
        reason: over ? reason : `imported; was ${state}`,
        registeredAt,
        effectiveTime: effectiveTime ?? null,
        effectiveRequested: effectiveRequested ?? null,
      }).changes;
      ofNight(about.expid);
      return added > 0;
    },
    version({ of, id, text, author, reason, createdAt }) {
      const [same, add] = of === 'configuration' ? [sameConfiguration, addConfiguration] : [sameLimits, addLimits];
      const found = same.get(text, author, createdAt);
      const row = found ?? add.get(text, author, reason, createdAt, now);
      if (row) versions[of].set(id, row.id);
      return !found;
    },
    run({ id: there, expid, kind, startedAt, isLast, ...run }) {
      ofNight(expid);
      const known = sameRun.get(expid, kind, startedAt);
      if (known) {
        runs.push({ expid, there, here: known.id });
        return false;
      }
      const row = addRun.get({
        ...{ expid, night, kind, startedAt },
        ...{ stage: run.stage, reason: run.reason, configuration: run.configuration, endedAt: run.endedAt },
        state: run.state === 'running' ? 'cancelled' : run.state,
        stages: JSON.stringify(run.stages),
        configurationId:
          run.configurationId === null ? null : (versions.configuration.get(run.configurationId) ?? null),
        limitsId: run.limitsId === null ? null : (versions.limits.get(run.limitsId) ?? null),
      });
      if (!row) throw new QlfError('internal', `a run of exposure ${expid} could not be stored`);
      runs.push({ expid, there, here: row.id });
      // Nobody is alarmed by what was over elsewhere.
      judged.run(row.id, run.endedAt ?? now);
      if (isLast) lastRun.run(row.id, expid);
      return true;
    },
    job({ run, camera, hasLog, ...job }) {
      const { here, expid } = runOf(run);
      if (findJob.get(here, camera)) return false;
      const over = job.state !== 'waiting' && job.state !== 'running';
      addJob.run({
        ...{ runId: here, expid, camera, attempt: job.attempt, startedAt: job.startedAt, endedAt: job.endedAt },
        ...{ exitCode: job.exitCode, signal: job.signal, reason: job.reason },
        ...{ postedStatus: job.postedStatus, postedLabel: job.postedLabel },
        state: over ? job.state : 'cancelled',
        steps: JSON.stringify(job.steps),
        plan: JSON.stringify(job.plan),
        logFile: hasLog ? logOf(expid, here, camera) : null,
      });
      return true;
    },
    measurement({ run, camera, keys, digest, value, ...about }) {
      const { here, expid } = runOf(run);
      const job = findJob.get(here, camera);
      if (!job) throw new QlfError('conflict', `the night's file has a measurement of ${camera} without its job`);
      const { metric, senderName, revision, status, nonFinite, receivedAt } = about;
      const row = addMeasurement.get({
        ...{ jobId: job.id, metric, senderName, revision, status, nonFinite, receivedAt },
        keys: JSON.stringify(keys),
        digest: Buffer.from(digest, 'hex'),
      });
      if (!row) return false;
      addValue.run(row.id, value);
      trends.keep({ id: job.id, runId: here, expid, camera } as Job, row.id, metric, keys);
      return true;
    },
    comment({ versions: before, ...comment }) {
      ofNight(comment.expid);
      if (sameComment.get(comment.expid, comment.author, comment.createdAt)) return false;
      const row = addComment.get(comment);
      for (const { text, author, until } of before) addVersion.run(row?.id, text, author, until);
      return true;
    },
    flag({ expid, flag, author, reason, at }) {
      ofNight(expid);
      if (sameFlag.get(expid, author, at)) return false;
      addFlag.run(expid, flag, author, reason, at);
      return true;
    },
    note({ author, text, at }) {
      if (sameNote.get(night, author, at)) return false;
      addNote.run(night, author, text, at);
      return true;
    },
    'lost-time'({ after, from, to, cause, words, author, at }) {
      if (sameLostTime.get(night, after, author, at)) return false;
      addLostTime.run(night, after, from, to, cause, words, author, at);
      return true;
    },
    event({ at, kind, expid, camera, text }) {
      ofNight(expid);
      if (sameEvent.get(expid, at, kind, text)) return false;
      addJournal.run(at, kind, expid, camera, text);
      return true;
    },
    cleaned({ at, expid, run, kind, files, bytes, why, by }) {
      ofNight(expid);
      const here = run === null ? null : runOf(run).here;
      if (sameCleaned.get(expid, here, kind, at)) return false;
      addCleaned.run(at, expid, here, kind, files, bytes, why, by);
      return true;
    },
    alarm({ alarm, events }) {
      if (sameAlarm.get(alarm.kind, alarm.title, alarm.raisedAt)) return false;
      const clearedAt = alarm.clearedAt ?? now;
      const row = addAlarm.get(alarm.severity, alarm.kind, alarm.title, night, alarm.raisedAt, clearedAt);
      if (!row) throw new QlfError('internal', `the alarm ${alarm.title} could not be stored`);
      const runId = runs.find(({ there }) => there === alarm.runId)?.here ?? null;
      const record = { ...alarm, id: row.id, state: 'cleared', present: false, clearedAt, night, runId };
      setRecord.run(JSON.stringify(record), row.id);
      for (const { at, kind, by, text, expid } of events) addEvent.run(row.id, at, kind, by, text, expid);
      return true;
    },
  };
  const take = db.transaction((line: NightLine) => {
    const taken = (takers[line.type] as (line: NightLine) => boolean)(line);
    (taken ? result.added : result.known)[line.type] += 1;
  });
  return { check, take: (line) => take.immediate(line), result, runs };
}
