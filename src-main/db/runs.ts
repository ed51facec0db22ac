import type Database from 'better-sqlite3';
import type { Run, RunState, Stage, StageTime } from '#shared/domain/run.ts';
import { STAGES } from '#shared/domain/run.ts';
import { QlfError } from '#shared/ipc/result.ts';
import type { IngestStore } from '../domain/ports/ingest-store.ts';
import type { Store } from '../domain/ports/store.ts';

interface RunRow {
  id: number;
  expid: number;
  night: string;
  kind: string;
  state: string;
  stage: string;
  stages: string;
  reason: string;
  configuration_id: number | null;
  limits_id: number | null;
  started_at: number;
  ended_at: number | null;
}

const COLUMNS =
  'id, expid, night, kind, state, stage, stages, reason, configuration_id, limits_id, started_at, ended_at';

const toRun = (row: RunRow): Run => ({
  id: row.id,
  expid: row.expid,
  night: row.night,
  kind: row.kind as Run['kind'],
  state: row.state as RunState,
  stage: row.stage as Stage,
  stages: JSON.parse(row.stages) as StageTime[],
  reason: row.reason,
  configurationId: row.configuration_id,
  limitsVersion: row.limits_id,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

/** The stages with those still open ended at `at`. */
const closed = (stages: readonly StageTime[], at: number): StageTime[] =>
  stages.map((time) => (time.endedAt === null ? { ...time, endedAt: notBefore(time.startedAt, at) } : time));

/** An end that a clock set back puts before its beginning took no time at all, rather than less. */
const notBefore = (startedAt: number, at: number): number => Math.max(startedAt, at);

/** The stages up to `stage`, which begins at `at`; what came after it before is forgotten. */
const entered = (stages: readonly StageTime[], stage: Stage, at: number): StageTime[] => [
  ...closed(
    stages.filter((time) => STAGES.indexOf(time.stage) < STAGES.indexOf(stage)),
    at,
  ),
  { stage, startedAt: at, endedAt: null },
];

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

type Methods =
  | 'createRun'
  | 'run'
  | 'runConfiguration'
  | 'openRuns'
  | 'lastRun'
  | 'enterStage'
  | 'endRun'
  | 'reopenRun'
  | 'setRunPassword'
  | 'typicalStageMs';

/** Runs whose password is remembered: far more than are ever under way. */
const PASSWORDS_KEPT = 100;

export interface RunRepository extends Pick<Store, Methods>, Pick<IngestStore, 'runPasswordHash' | 'listRuns'> {
  createExternalRun(run: { expid: number; night: string; startedAt: number }): Run;
  /** The newest run of an exposure of QLF's own that is still open, or of the external ones. */
  openRunOf(expid: number): Run | undefined;
  externalRunOf(expid: number): Run | undefined;
  setExternalState(runId: number, state: RunState, at: number): Run;
}

export function runRepository(
  db: Database.Database,
  exposures: { setLastRun(expid: number, runId: number): void },
): RunRepository {
  const select = (rest: string) => `SELECT ${COLUMNS} FROM run ${rest}`;
  const byId = db.prepare<[number], RunRow>(select('WHERE id = ?'));
  const insert = db.prepare<unknown[], RunRow>(`
    INSERT INTO run (expid, night, kind, state, stage, stages, reason, configuration_id, configuration, limits_id,
      password_hash, started_at)
    VALUES (?, ?, ?, 'running', ?, ?, '', ?, ?, ?, ?, ?) RETURNING ${COLUMNS}`);
  const update = db.prepare<unknown[], RunRow>(
    `UPDATE run SET state = ?, stage = ?, stages = ?, reason = ?, ended_at = ? WHERE id = ? RETURNING ${COLUMNS}`,
  );
  const markReopened = db.prepare<[number]>('UPDATE run SET reopened = 1 WHERE id = ?');
  const configuration = db.prepare<[number], { configuration: string }>('SELECT configuration FROM run WHERE id = ?');
  const password = db.prepare<[number], { password_hash: string | null }>('SELECT password_hash FROM run WHERE id = ?');
  const setPassword = db.prepare<[string, number]>('UPDATE run SET password_hash = ? WHERE id = ?');
  const open = db.prepare<[], RunRow>(select("WHERE state = 'running' AND kind = 'qlf' ORDER BY id"));
  const openOf = db.prepare<[number], RunRow>(
    select("WHERE expid = ? AND kind = 'qlf' AND state = 'running' ORDER BY id DESC LIMIT 1"),
  );
  const externalOf = db.prepare<[number], RunRow>(
    select("WHERE expid = ? AND kind = 'external' ORDER BY id DESC LIMIT 1"),
  );
  const last = db.prepare<[], RunRow>(select('ORDER BY id DESC LIMIT 1'));
  const finished = db.prepare<[number], RunRow>(
    select("WHERE kind = 'qlf' AND state = 'done' AND reopened = 0 ORDER BY id DESC LIMIT ?"),
  );
  const page = db.prepare<[number | null, number | null, number, number], RunRow>(
    select('WHERE (? IS NULL OR expid = ?) ORDER BY id DESC LIMIT ? OFFSET ?'),
  );
  const count = db.prepare<[number | null, number | null], { n: number }>(
    'SELECT count(*) AS n FROM run WHERE (? IS NULL OR expid = ?)',
  );

  // Asked for with every request; a change forgets it, whether its transaction is kept or not.
  const passwords = new Map<number, string>();
  const passwordHash = (id: number): string | undefined => {
    const before = passwords.get(id);
    if (before !== undefined) return before;
    const hash = password.get(id)?.password_hash ?? undefined;
    if (hash !== undefined && !db.inTransaction) {
      if (passwords.size >= PASSWORDS_KEPT) passwords.clear();
      passwords.set(id, hash);
    }
    return hash;
  };

  const newestLimits = db.prepare<[], { id: number | null }>(
    'SELECT max(id) AS id FROM limits_version WHERE imported_at IS NULL',
  );

  const need = (row: RunRow | undefined, id: number): Run => {
    if (!row) throw new QlfError('not-found', `there is no run ${id}`);
    return toRun(row);
  };
  const get = (id: number): Run => need(byId.get(id), id);
  const write = (run: Run): Run =>
    need(update.get(run.state, run.stage, JSON.stringify(run.stages), run.reason, run.endedAt, run.id), run.id);
  const create = (
    kind: Run['kind'],
    stage: Stage,
    run: { expid: number; night: string; startedAt: number },
    limitsVersion: number | null,
    frozen: { id: number; yaml: string; passwordHash: string } | null,
  ): Run => {
    const stages: StageTime[] = [{ stage, startedAt: run.startedAt, endedAt: null }];
    const row = insert.get(
      run.expid,
      run.night,
      kind,
      stage,
      JSON.stringify(stages),
      frozen?.id ?? null,
      frozen?.yaml ?? '',
      limitsVersion,
      frozen?.passwordHash ?? null,
      run.startedAt,
    );
    if (!row) throw new QlfError('internal', `no run could be made for exposure ${run.expid}`);
    return toRun(row);
  };

  return {
    createRun: db.transaction((run: Parameters<Store['createRun']>[0]) => {
      const created = create('qlf', 'detect', run, run.limitsVersion ?? null, {
        id: run.configurationId,
        yaml: run.configuration,
        passwordHash: run.passwordHash,
      });
      exposures.setLastRun(run.expid, created.id);
      return created;
    }),
    createExternalRun: (run) => create('external', 'process', run, newestLimits.get()?.id ?? null, null),
    run: (id) => {
      const row = byId.get(id);
      return row && toRun(row);
    },
    runConfiguration: (id) => {
      const row = configuration.get(id);
      if (!row) throw new QlfError('not-found', `there is no run ${id}`);
      return row.configuration;
    },
    runPasswordHash: passwordHash,
    setRunPassword: (id, hash) => {
      passwords.delete(id);
      setPassword.run(hash, id);
    },
    openRuns: () => open.all().map(toRun),
    openRunOf: (expid) => {
      const row = openOf.get(expid);
      return row && toRun(row);
    },
    externalRunOf: (expid) => {
      const row = externalOf.get(expid);
      return row && toRun(row);
    },
    lastRun: () => {
      const row = last.get();
      return row && toRun(row);
    },
    enterStage: db.transaction((id: number, stage: Stage, at: number) => {
      const run = get(id);
      return write({ ...run, stage, stages: entered(run.stages, stage, at) });
    }),
    endRun: db.transaction((id: number, state: RunState, reason: string, at: number) => {
      const run = get(id);
      return write({ ...run, state, reason, stages: closed(run.stages, at), endedAt: notBefore(run.startedAt, at) });
    }),
    reopenRun: db.transaction((id: number, at: number) => {
      const run = get(id);
      markReopened.run(id);
      const stages = entered(run.stages, 'process', at);
      return write({ ...run, state: 'running', stage: 'process', reason: '', stages, endedAt: null });
    }),
    setExternalState: (id, state, at) => {
      const run = get(id);
      if (state !== 'running')
        return write({ ...run, state, stage: 'verdict', stages: closed(run.stages, at), endedAt: at });
      const [first] = run.stages;
      const stages: StageTime[] = [{ stage: 'process', startedAt: first?.startedAt ?? at, endedAt: null }];
      return write({ ...run, state, stage: 'process', stages, endedAt: null });
    },
    typicalStageMs: (limit) => {
      const times = finished.all(limit).flatMap((row) => toRun(row).stages);
      const typical: Partial<Record<Stage, number>> = {};
      for (const stage of STAGES) {
        const durations = times
          .filter((time) => time.stage === stage && time.endedAt !== null)
          .map((time) => (time.endedAt ?? 0) - time.startedAt)
          .sort((a, b) => a - b);
        if (durations.length > 0) typical[stage] = median(durations);
      }
      return typical;
    },
    listRuns: ({ expid, limit, offset }) => {
      const wanted = expid ?? null;
      return { total: count.get(wanted, wanted)?.n ?? 0, runs: page.all(wanted, wanted, limit, offset).map(toRun) };
    },
  };
}
