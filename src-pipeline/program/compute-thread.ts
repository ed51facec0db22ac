import type { MessagePort } from 'node:worker_threads';
import { type BufferSource, createBufferPool } from '../buffers.ts';
import type { JobEvent } from '../job/events.ts';
import { EXIT, JobFailure, messageOf } from '../job/failure.ts';
import { loadConfiguration, type JobRequest } from '../job/load-configuration.ts';
import { runJob } from '../job/run-job.ts';

/**
 * The side that computes: takes requests, one at a time, and tells events. It has a thread to itself, so that log,
 * heartbeat and posting go on while it works.
 */
export function serveJobs(port: MessagePort): void {
  const buffers = createBufferPool();
  port.on('message', (request: JobRequest) => {
    void computeJob(request, (event) => port.postMessage(event), buffers);
  });
}

/** Runs one job to its `ended` event; never throws. */
export async function computeJob(
  request: JobRequest,
  emit: (event: JobEvent) => void,
  buffers: BufferSource,
): Promise<void> {
  try {
    const configuration = loadConfiguration(request);
    const { Run, Period, Timeout, Debuglevel } = configuration;
    emit({
      kind: 'begun',
      job: {
        runId: Run.RunId,
        expid: Run.Expid,
        camera: Run.Camera,
        outputDir: Run.OutputDir,
        period: Period,
        timeout: Timeout,
        logLevel: request.logLevel ?? Debuglevel,
      },
    });
    await runJob(configuration, { qaJson: request.qaJson }, emit, buffers);
    emit({ kind: 'ended', code: EXIT.ok, reason: '' });
  } catch (error) {
    if (error instanceof JobFailure) {
      emit({ kind: 'ended', code: error.code, reason: error.message });
      return;
    }
    const where = error instanceof Error ? (error.stack?.split('\n')[1]?.trim() ?? '') : '';
    emit({ kind: 'ended', code: EXIT.internal, reason: `internal error: ${messageOf(error)} ${where}`.trim() });
  }
}
