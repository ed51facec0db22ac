import { expid8 } from '#shared/domain/exposure.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { IngestStore, PostOutcome, Recorded } from '../domain/ports/ingest-store.ts';

/**
 * Tells the control room what a batch of posts changed. A new external run comes on screen only where no run of QLF's own is
 * under way.
 */
export function publishOutcomes(
  store: Pick<IngestStore, 'openRuns' | 'runDetail'>,
  events: EventSink,
  outcomes: readonly PostOutcome[],
): void {
  const shown = new Set<number>();

  const publish = ({ run, job, changed, measurements }: Recorded): void => {
    if (changed.exposure) events.publish({ type: 'exposure', exposure: changed.exposure });
    if (changed.runIsNew) {
      events.log('engine', 'info', `an external pipeline posts exposure ${expid8(run.expid)}`, {
        expid: run.expid,
        run: run.id,
      });
      // The whole run as it is now: whatever else this batch holds of it is in there.
      const detail = store.openRuns().length === 0 ? store.runDetail(run.id) : undefined;
      if (detail) {
        shown.add(run.id);
        events.publish({ type: 'run-detail', detail });
      }
    }
    if (shown.has(run.id)) return;
    if (changed.run) events.publish({ type: 'run', run: changed.run });
    if (changed.job) events.publish({ type: 'job', job: changed.job });
    for (const { stored, summary } of measurements) {
      if (stored) events.publish({ type: 'measurement', measurement: summary });
    }
    const news = measurements.flatMap(({ stored, summary }) => (stored ? [summary.metric] : []));
    if (run.kind === 'qlf' && run.state !== 'running' && news.length > 0)
      events.log(
        'engine',
        'warning',
        `${job.camera} of exposure ${expid8(run.expid)}: ${news.join(', ')} came after its run had ended; kept, the verdict stays`,
        { expid: run.expid, camera: job.camera, run: run.id },
      );
  };

  for (const outcome of outcomes) if (outcome.ok) publish(outcome);
}
