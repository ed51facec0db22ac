import { MAX_DEPTH } from '#shared/http/job-post.ts';
import { QlfError } from '#shared/ipc/result.ts';
import { takeMergedQaApart } from '../domain/merged-qa.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { IngestStore, PostedMeasurement } from '../domain/ports/ingest-store.ts';
import type { MergedQaJob, MergedQaSink } from '../domain/ports/merged-qa-sink.ts';
import { normalise, UnfitValue } from './normalise.ts';
import { parseBody } from './parse-json.ts';
import { publishOutcomes } from './publish.ts';

function toMeasurements(job: MergedQaJob, text: string): PostedMeasurement[] {
  try {
    const { value: file, mark } = parseBody(text);
    return takeMergedQaApart(file, job).map(({ metric, value: taken }) => {
      const { value, nonFinite, digest } = normalise(taken, mark, MAX_DEPTH);
      return { name: metric, value, nonFinite, digest, text: JSON.stringify(value) };
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw new QlfError('bad-request', 'it is cut off or no JSON', { cause: error });
    if (error instanceof UnfitValue)
      throw new QlfError('bad-request', `${error.path.join('.')}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Takes in the merged QA files of jobs by the way of a post: same memory, same judgement, same events. */
export function mergedQaSink(parts: {
  store: Pick<IngestStore, 'recordPosts' | 'openRuns' | 'runDetail'>;
  events: EventSink;
  now: () => number;
}): MergedQaSink {
  return {
    record(job, text) {
      const outcomes = parts.store.recordPosts([
        {
          principal: { kind: 'run', runId: job.runId },
          expid: job.expid,
          camera: job.camera,
          status: 0,
          label: null,
          measurements: toMeasurements(job, text),
          receivedAt: parts.now(),
        },
      ]);
      for (const outcome of outcomes) if (!outcome.ok) throw new QlfError('conflict', outcome.message);
      publishOutcomes(parts.store, parts.events, outcomes);
    },
  };
}
