import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../job/failure.ts';
import { RejectedError, type ApiClient } from './api-client.ts';
import type { JobDocument } from './job-document.ts';

/** Posts documents in their order while others compute. */
export interface Poster {
  post(document: JobDocument): void;
  /** Goes on until all is posted or the patience is over; what could not be posted, in order. */
  close(): Promise<JobDocument[]>;
}

export interface PosterOptions {
  /** ms to go on trying after close(), counted from the first failure if it fails already */
  patience: number;
  /** ms before another try, the last one for all further tries */
  delays: readonly number[];
  warn(text: string): void;
}

export const POSTER_DEFAULTS = { patience: 10_000, delays: [100, 300, 1000, 2000] } as const;

/**
 * One request at a time; documents that wait meanwhile go together in the next one. What the endpoint rejects is put
 * aside, for anything else it tries again.
 */
export function createPoster(client: ApiClient, options: PosterOptions): Poster {
  const waiting: JobDocument[] = [];
  const rejected: JobDocument[] = [];
  let deadline = Infinity;
  let working: Promise<void> | null = null;
  let failures = 0;
  let failingSince: number | null = null;
  let most = Infinity;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const sent = ofOneJob(waiting).slice(0, most);
      try {
        await client.postJob(joined(sent));
        waiting.splice(0, sent.length);
        failures = 0;
        failingSince = null;
      } catch (error) {
        if (error instanceof RejectedError && sent.length > 1) {
          // One of them is to blame: let each speak for itself.
          most = 1;
          continue;
        }
        if (error instanceof RejectedError) {
          options.warn(`Results were rejected: ${error.message}`);
          rejected.push(...waiting.splice(0, 1));
          continue;
        }
        failingSince ??= Date.now();
        if (failures === 0) options.warn(`Results could not be posted yet: ${messageOf(error)}`);
        const delay = options.delays[Math.min(failures++, options.delays.length - 1)] ?? 0;
        if (Date.now() + delay > deadline) return;
        await sleep(delay);
      }
    }
  };
  const start = (): void => {
    working ??= work().finally(() => {
      working = null;
    });
  };

  return {
    post(document) {
      waiting.push(document);
      start();
    },
    async close() {
      deadline = (failingSince ?? Date.now()) + options.patience;
      if (waiting.length > 0) start();
      await working;
      client.close();
      return [...rejected, ...waiting];
    },
  };
}

/** The first document and those of the same job that follow it. */
function ofOneJob(documents: readonly JobDocument[]): JobDocument[] {
  const [first] = documents;
  const other = documents.findIndex(
    ({ id, expid, camera }) => id !== first?.id || expid !== first.expid || camera !== first.camera,
  );
  return other < 0 ? [...documents] : documents.slice(0, other);
}

/** Several documents of one job as one: all measurements, the last status. */
function joined(documents: readonly JobDocument[]): JobDocument {
  const last = documents.at(-1);
  if (!last) throw new RangeError('nothing to post');
  return { ...last, measurements: documents.flatMap(({ measurements }) => measurements) };
}
