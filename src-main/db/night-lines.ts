import type Database from 'better-sqlite3';
import type { Alarm } from '#shared/domain/alarm.ts';
import type { NightLine } from '#shared/domain/night-file.ts';

type Line<T extends NightLine['type']> = Extract<NightLine, { type: T }>;
/** A row whose columns named here hold JSON. */
type Row<T, K extends keyof T> = Omit<T, K | 'type'> & Record<K, string>;

type ExposureRow = Row<Required<Omit<Line<'exposure'>, 'exposure'>>, 'camerasExpected'> &
  Omit<Line<'exposure'>['exposure'], 'header'> & { header: string };

const parsed = (text: string): never => JSON.parse(text) as never;

/** Everything of a night, line by line as it is written into a file; each question is small. */
export function nightLineReader(db: Database.Database): (night: string) => Generator<NightLine> {
  const exposures = db.prepare<[string], ExposureRow>(`
    SELECT expid, night, flavor, program, exptime, airmass, seeing, tileid, mjd_obs AS mjdObs, date_obs AS dateObs, ra, dec,
      obstype, header, state, reason, cameras_expected AS camerasExpected, registered_at AS registeredAt,
      effective_time AS effectiveTime, effective_requested AS effectiveRequested
    FROM exposure WHERE night = ? ORDER BY expid`);
  const runs = db.prepare<[string], Row<Line<'run'>, 'stages'> & { isLast: never }>(`
    SELECT r.id, r.expid, r.kind, r.state, r.stage, r.stages, r.reason, r.configuration_id AS configurationId,
      r.limits_id AS limitsId, r.configuration, r.started_at AS startedAt, r.ended_at AS endedAt,
      r.id = coalesce((SELECT l.id FROM run l WHERE l.id = e.last_run_id AND l.state <> 'running'),
        (SELECT max(l.id) FROM run l WHERE l.expid = e.expid AND l.state <> 'running')) AS isLast
    FROM exposure e JOIN run r ON r.expid = e.expid WHERE e.night = ? AND r.state <> 'running' ORDER BY r.id`);
  const configuration = db.prepare<[number], Omit<Line<'version'>, 'type' | 'of'>>(
    'SELECT id, yaml AS text, author, reason, created_at AS createdAt FROM configuration WHERE id = ?',
  );
  const limits = db.prepare<[number], Omit<Line<'version'>, 'type' | 'of'>>(
    'SELECT id, rules AS text, author, reason, created_at AS createdAt FROM limits_version WHERE id = ?',
  );
  const jobs = db.prepare<[number], Row<Line<'job'>, 'steps' | 'plan'> & { id: number; hasLog: never }>(`
    SELECT id, run_id AS run, camera, state, steps, plan, attempt, started_at AS startedAt, ended_at AS endedAt,
      exit_code AS exitCode, signal, reason, log_file IS NOT NULL AS hasLog,
      posted_status AS postedStatus, posted_label AS postedLabel
    FROM job WHERE run_id = ? ORDER BY camera`);
  const measurements = db.prepare<[number], Row<Line<'measurement'>, 'keys'>>(`
    SELECT j.run_id AS run, j.camera, m.metric, m.sender_name AS senderName, m.revision, m.status, m.keys,
      lower(hex(m.digest)) AS digest, m.non_finite AS nonFinite, m.received_at AS receivedAt, v.value
    FROM job j JOIN measurement m ON m.job_id = j.id JOIN measurement_value v ON v.measurement_id = m.id
    WHERE j.id = ? ORDER BY m.id`);
  const comments = db.prepare<[string], Omit<Line<'comment'>, 'type' | 'versions'> & { id: number }>(`
    SELECT c.id, c.expid, c.camera, c.fiber, c.author, c.text, c.created_at AS createdAt, c.edited_at AS editedAt,
      c.edited_by AS editedBy, c.deleted_at AS deletedAt, c.deleted_by AS deletedBy
    FROM exposure e JOIN comment c ON c.expid = e.expid WHERE e.night = ? ORDER BY c.id`);
  const versions = db.prepare<[number], Line<'comment'>['versions'][number]>(
    'SELECT text, author, until FROM comment_version WHERE comment_id = ? ORDER BY id',
  );
  const flags = db.prepare<[string], Omit<Line<'flag'>, 'type'>>(`
    SELECT q.expid, q.flag, q.author, q.reason, q.at FROM exposure e JOIN quality_flag q ON q.expid = e.expid
    WHERE e.night = ? ORDER BY q.id`);
  const notes = db.prepare<[string], Omit<Line<'note'>, 'type'>>(
    'SELECT author, text, at FROM night_note WHERE night = ? ORDER BY id',
  );
  const lostTime = db.prepare<[string], Omit<Line<'lost-time'>, 'type'>>(`
    SELECT after_expid AS after, from_at AS "from", to_at AS "to", cause, words, author, at
    FROM lost_time_reason WHERE night = ? ORDER BY id`);
  const journal = db.prepare<[string], Omit<Line<'event'>, 'type'>>(`
    SELECT v.at, v.kind, v.expid, v.camera, v.text FROM exposure e JOIN event v ON v.expid = e.expid
    WHERE e.night = ? ORDER BY v.id`);
  const cleaned = db.prepare<[string], Omit<Line<'cleaned'>, 'type'>>(`
    SELECT c.at, c.expid, c.run_id AS run, c.kind, c.files, c.bytes, c.why, c.by
    FROM exposure e JOIN cleaned c ON c.expid = e.expid
    WHERE e.night = ? AND (c.run_id IS NULL OR c.run_id IN (SELECT r.id FROM run r WHERE r.state <> 'running'))
    ORDER BY c.id`);
  const alarms = db.prepare<[string], { id: number; record: string }>(
    "SELECT id, record FROM alarm WHERE night = ? AND state <> 'pending' ORDER BY id",
  );
  const alarmEvents = db.prepare<[number], Line<'alarm'>['events'][number]>(
    'SELECT at, kind, by, text, expid FROM alarm_event WHERE alarm_id = ? ORDER BY id',
  );

  return function* nightLines(night) {
    for (const {
      header,
      camerasExpected,
      state,
      reason,
      registeredAt,
      effectiveTime,
      effectiveRequested,
      ...rest
    } of exposures.all(night))
      yield {
        type: 'exposure',
        exposure: { ...rest, header: parsed(header) },
        camerasExpected: parsed(camerasExpected),
        ...{ state, reason, registeredAt, effectiveTime, effectiveRequested },
      };
    const all = runs.all(night);
    for (const id of new Set(all.map(({ configurationId }) => configurationId))) {
      const version = id === null ? undefined : configuration.get(id);
      if (version) yield { type: 'version', of: 'configuration', ...version };
    }
    for (const id of new Set(all.map(({ limitsId }) => limitsId))) {
      const version = id === null ? undefined : limits.get(id);
      if (version) yield { type: 'version', of: 'limits', ...version };
    }
    for (const run of all) {
      yield { type: 'run', ...run, stages: parsed(run.stages), isLast: run.isLast === 1 };
      for (const { id, steps, plan, hasLog, ...job } of jobs.all(run.id)) {
        yield { type: 'job', ...job, steps: parsed(steps), plan: parsed(plan), hasLog: hasLog === 1 };
        for (const { keys, ...measurement } of measurements.all(id))
          yield { type: 'measurement', ...measurement, keys: parsed(keys) };
      }
    }
    for (const { id, ...comment } of comments.all(night))
      yield { type: 'comment', ...comment, versions: versions.all(id) };
    for (const flag of flags.all(night)) yield { type: 'flag', ...flag };
    for (const note of notes.all(night)) yield { type: 'note', ...note };
    for (const reason of lostTime.all(night)) yield { type: 'lost-time', ...reason };
    for (const entry of journal.all(night)) yield { type: 'event', ...entry };
    for (const entry of cleaned.all(night)) yield { type: 'cleaned', ...entry };
    for (const { id, record } of alarms.all(night))
      yield { type: 'alarm', alarm: { ...(JSON.parse(record) as Alarm), id }, events: alarmEvents.all(id) };
  };
}
