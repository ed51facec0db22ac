import type { JobEvent, JobIdentity } from '../job/events.ts';
import { EXIT, type ExitCode } from '../job/failure.ts';
import type { PipelineLogLevel } from '../log.ts';
import { createApiClient, type ApiAccess } from '../report/api-client.ts';
import { JOB_STATUS, type JobDocument } from '../report/job-document.ts';
import { createPoster, POSTER_DEFAULTS, type Poster } from '../report/poster.ts';
import { readSpool, spoolFile, writeSpool } from '../report/spool.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { isLogged, logLine } from './log-lines.ts';

export interface JobOutcome {
  code: ExitCode;
  /** Empty on success. */
  reason: string;
}

/** Turns the events of one job into its log, its heartbeat and its posts. */
export interface JobSupervisor {
  take(event: JobEvent): void;
  /** Resolves after the job's end, when everything is posted or spooled. */
  readonly outcome: Promise<JobOutcome>;
}

export interface SupervisorOptions {
  access: ApiAccess | null;
  /** Writes to the log (stdout). */
  write: (text: string) => void;
}

export function superviseJob({ access, write }: SupervisorOptions): JobSupervisor {
  let job: JobIdentity | undefined;
  let heartbeat: Heartbeat | undefined;
  let poster: Poster | undefined;
  let spool: string | undefined;
  let finish: (outcome: JobOutcome) => void = () => undefined;
  const outcome = new Promise<JobOutcome>((resolve) => {
    finish = resolve;
  });

  const log = (level: PipelineLogLevel, text: string, logger = 'QuickLook'): void => {
    if (isLogged(level, job?.logLevel ?? 20)) write(logLine(new Date(), logger, level, text));
  };
  const post = (status: JobDocument['status'], measurements: JobDocument['measurements']): void => {
    if (job) poster?.post({ id: job.runId, expid: job.expid, camera: job.camera, status, measurements });
  };
  const begin = (identity: JobIdentity): void => {
    job = identity;
    heartbeat = createHeartbeat(job.period, job.timeout, (text) => log('INFO', text));
    if (access === null) return;
    spool = spoolFile(job.outputDir, job.camera, job.expid);
    poster = createPoster(createApiClient(access), { ...POSTER_DEFAULTS, warn: (text) => log('WARNING', text) });
    // What an earlier try of this job could not post; the file is rewritten at the end.
    for (const document of readSpool(spool)) poster.post(document);
  };
  const settle = async (code: ExitCode, reason: string): Promise<JobOutcome> => {
    heartbeat?.stop();
    post(code === EXIT.ok ? JOB_STATUS.ok : JOB_STATUS.failed, []);
    const unsent = (await poster?.close()) ?? [];
    if (spool !== undefined) keep(spool, unsent);
    if (code === EXIT.ok && unsent.length > 0) {
      return { code: EXIT.notPosted, reason: `results could not be posted; they are kept in ${spool ?? ''}` };
    }
    return { code, reason };
  };
  const keep = (file: string, unsent: readonly JobDocument[]): void => {
    try {
      writeSpool(file, unsent);
      if (unsent.length > 0) log('ERROR', `Results that could not be posted are kept in ${file}`);
    } catch (error) {
      log('ERROR', `Results that could not be posted are lost, ${file} cannot be written: ${String(error)}`);
    }
  };
  const end = async (code: ExitCode, reason: string): Promise<void> => {
    const settled = await settle(code, reason);
    if (settled.code === EXIT.ok) log('INFO', 'QuickLook Pipeline completed');
    else log('CRITICAL', settled.reason);
    finish(settled);
  };

  return {
    take(event) {
      switch (event.kind) {
        case 'begun':
          begin(event.job);
          return;
        case 'log':
          log(event.level, event.text, event.logger);
          return;
        case 'working':
          if (heartbeat) heartbeat.start(event.text);
          return;
        case 'resting':
          heartbeat?.stop();
          return;
        case 'measurement':
          post(JOB_STATUS.running, [{ metric: event.metric, value: event.value }]);
          return;
        case 'ended':
          void end(event.code, event.reason);
          return;
      }
    },
    outcome,
  };
}
